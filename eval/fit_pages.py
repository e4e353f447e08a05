"""Fit the weights by which a page's pieces are chosen, on pages whose article a person has cut out.

`python -m eval.fit_pages PAGES.jsonl [PAGES.jsonl ...]` prints the weights for `ingest/page/weights.json`, then, per set,
the F1 that weights fitted on the other sets reach on it: what to expect on pages of another kind. Nothing but weights
of general features is learned, no word of any page.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from eval.bench_pages import PageCase, grams, read_cases, text_f1
from ingest.clean import clean_blocks
from ingest.decode import decode
from ingest.page.article import select
from ingest.page.surroundings import FEATURES, Setting, measure
from ingest.page.tree import Piece, parse, pieces_of
from rag.errors import YigaiError

_RIDGE = 5.0
_PAGE_WEIGHT = 50.0
_ROUNDS = 30
_IN_TEXT = 0.6
_TABLE_IN_TEXT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPage:
    """A page's pieces, what was measured of them, and which of them the person kept."""

    pieces: tuple[Piece, ...]
    setting: Setting
    rows: NDArray[np.float64]
    labels: NDArray[np.float64]
    gold: str


def label_page(case: PageCase, content: bytes) -> LabelledPage | None:
    """Measure a page, and label each piece by whether its words are in the person's cut."""
    root = parse(decode(content).text)
    pieces = tuple(pieces_of(root)) if root is not None else ()
    if not pieces:
        return None
    setting, rows = measure(pieces)
    labels = np.array(_labels(pieces, case.gold_text), dtype=np.float64)
    return LabelledPage(
        pieces=pieces, setting=setting, rows=np.array(rows), labels=labels, gold=case.gold_text
    )


def fit(pages: Sequence[LabelledPage]) -> NDArray[np.float64]:
    """Fit a ridge logistic regression by Newton's method; every page weighs the same, longer pieces weigh more."""
    rows = np.vstack([page.rows for page in pages])
    labels = np.concatenate([page.labels for page in pages])
    weights = np.concatenate([_piece_weights(page) for page in pages])
    beta = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ beta, -30, 30)))
        slope = rows.T @ (weights * (chance - labels)) + _RIDGE * beta
        curve = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + _RIDGE * np.eye(len(beta))
        beta -= np.linalg.solve(curve, slope)
    return beta


def score(pages: Sequence[LabelledPage], beta: NDArray[np.float64]) -> float:
    """The mean F1 of what these weights choose, after cleaning."""
    return fmean(_page_f1(page, beta) for page in pages)


def _page_f1(page: LabelledPage, beta: NDArray[np.float64]) -> float:
    chosen = select(page.pieces, (page.rows @ beta).tolist(), page.setting)
    cleaned = clean_blocks([page.pieces[place].block for place in chosen])
    return text_f1("\n".join(block.text for block in cleaned.blocks), page.gold)


def _piece_weights(page: LabelledPage) -> NDArray[np.float64]:
    sizes = np.array([len(piece.block.text) for piece in page.pieces], dtype=np.float64) ** 0.5 + 2
    shares: NDArray[np.float64] = sizes / sizes.sum() * _PAGE_WEIGHT
    return shares


def _labels(pieces: Sequence[Piece], gold: str) -> list[float]:
    """Whether each piece is in the cut; the shortest ones as their neighbours, rows as their whole table."""
    squeezed, wanted = "".join(gold.split()), grams(gold)
    shares: list[float | None] = []
    for piece in pieces:
        own = grams(piece.block.text)
        short = "".join(piece.block.text.split())
        shares.append((own & wanted).total() / own.total() if own else (None if short in squeezed else 0.0))
    known = [share or 0.0 for share in shares]
    for place, share in enumerate(shares):
        if share is None:
            near = (*known[max(0, place - 3) : place], *known[place + 1 : place + 4])
            known[place] = float(sum(other > _IN_TEXT for other in near) >= 3)
    in_table = {piece.home: grams("") for piece in pieces if piece.is_table}
    for piece in pieces:
        if piece.is_table:
            in_table[piece.home] |= grams(piece.block.text)
    kept = {
        home: len(own.keys() & wanted.keys()) > _TABLE_IN_TEXT * len(own) for home, own in in_table.items()
    }
    return [
        float(kept[piece.home] if piece.is_table else share > _IN_TEXT)
        for piece, share in zip(pieces, known, strict=True)
    ]


def main() -> int:
    """Fit and write the weights to standard output, the cross-set figures to standard error."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_pages", description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path, nargs="+", help="as for eval.bench_pages")
    given = parser.parse_args()
    try:
        sets = {
            path: [p for case, content in read_cases(path) if (p := label_page(case, content)) is not None]
            for path in given.pages
        }
    except (YigaiError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    beta = fit([page for pages in sets.values() for page in pages])
    named = {name: round(float(value), 3) for name, value in zip(FEATURES, beta, strict=True)}
    sys.stdout.write(json.dumps({"weights": named}, indent=2) + "\n")
    for path, pages in sets.items():
        others = [page for other, held in sets.items() if other != path for page in held]
        alone = f", fitted on the others {score(pages, fit(others)):.4f}" if others else ""
        sys.stderr.write(f"{path}: {len(pages)} pages, F1 fitted on all {score(pages, beta):.4f}{alone}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
