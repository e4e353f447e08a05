"""Whatever happens to the files: no error but the library's own, a repair, and by name what is lost."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from answers import hostile_answer
from chance import seeded
from fakes import HashingEncoder
from many_articles import write_articles

from ingest.run import IngestOptions, ingest_paths
from rag.errors import LibraryDamagedError, LibraryError
from rag.history import Asked
from rag.library import Library

ARTICLES = 24
TURNS = 12
PAGE = 4096
ENCODER = HashingEncoder()
"""Stands for one that would take a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A sound library and what is in it, by id."""

    folder: Path
    articles: Path
    texts: dict[str, str]
    titles: dict[str, str | None]
    answers: set[str]

    def copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self.folder, to))


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Original:
    """Articles in two versions, with answers kept between the two."""
    home = tmp_path_factory.mktemp("original")
    with open_library(home / "library") as library:
        for version in (1, 2):
            write_articles(home / "articles", count=ARTICLES, version=version)
            ingest(library, home / "articles")
            for number in range(5):
                library.history.keep(hostile_answer(f"第{number}问"), Asked(via="cli", settings={}))
        articles = library.articles()
        assert library.check() == []
        return Original(
            folder=home / "library",
            articles=home / "articles",
            texts={a.article_id: library.article(a.article_id).text for a in articles},
            titles={a.article_id: a.title for a in articles},
            answers=set(library.history.ids()),
        )


def open_library(folder: Path) -> Library:
    return Library.open(
        folder, encoder_name=ENCODER.name, dimension=ENCODER.dimension, create=True, exact_up_to=0
    )


def ingest(library: Library, articles: Path) -> None:
    report = ingest_paths(
        [articles], library=library, encoder=ENCODER, options=IngestOptions(passage_tokens=64)
    )
    assert report.refused == 0


def use_everything(folder: Path) -> LibraryError | None:
    """Read all there is; whatever goes wrong must be an error of the library's own, in both languages."""
    try:
        with Library.open(folder, exact_up_to=0) as library:
            for hit in [
                *library.lexical({"床位": 1.0, "医院": 1.0}, top_k=20),
                *library.dense(ENCODER.embed_query("新增床位"), top_k=20),
            ]:
                text = library.article(hit.passage.article_id).text
                assert text[hit.passage.start : hit.passage.end] == hit.passage.text
            for summary in library.articles():
                library.article_passages(summary.article_id)
                library.versions(summary.article_id)
            library.origins()
            library.stats()
            library.history.listed()
    except LibraryError as error:
        said = error
    else:
        return None
    assert "yigai" in said.localised("en")
    assert "yigai" in said.localised("zh")
    return said


def require_repaired(original: Original, folder: Path, *, where: str) -> int:
    """Repair; all that was there is there again or named as lost, and an ingest brings the articles back.

    Returns:
        How many articles were lost.
    """
    report = Library.repair(folder, ENCODER)

    assert Library.check_at(folder) == [], where
    lost = {a.article_id: a for a in report.salvaged.lost} if report.salvaged else {}
    with open_library(folder) as library:
        texts = {a.article_id: library.article(a.article_id).text for a in library.articles()}
        for article_id, text in texts.items():
            assert text == original.texts[article_id], where
        assert set(texts) | set(lost) == set(original.texts), where
        assert all(lost[a].title in (None, original.titles[a]) for a in lost), where
        known = report.salvaged.lost_answers if report.salvaged else ()
        assert set(library.history.ids()) <= original.answers, where
        assert set(known) <= original.answers - set(library.history.ids()), where
        assert report.articles == len(texts), where
        ingest(library, original.articles)
        found = sorted(library.article(a.article_id).text for a in library.articles())
        assert found == sorted(original.texts.values()), where
        assert library.check() == [], where
    return len(lost)


def lengths(size: int, chance: random.Random) -> list[int]:
    """Lengths to cut a file to: at and beside what a database is made of, and anywhere."""
    edges = [0, 1, 99, 100, 512, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 8 * PAGE, size - PAGE, size - 1]
    return edges + [chance.randrange(size) for _ in range(6)]


def test_a_record_cut_off_at_any_length_is_said_and_saved_as_far_as_it_goes(original, tmp_path):
    chance, lost = seeded(), []
    size = (original.folder / "library.db").stat().st_size
    for length in lengths(size, chance):
        folder = original.copy(tmp_path / f"cut-{length}")
        with (folder / "library.db").open("r+b") as file:
            file.truncate(length)

        error = use_everything(folder)

        assert error is None or isinstance(error, LibraryDamagedError), length
        # A last page that is not full does not miss its last bytes.
        assert Library.check_at(folder) != [] or length > size - PAGE, length
        lost.append(require_repaired(original, folder, where=f"cut to {length}"))
        shutil.rmtree(folder)
    assert lost[0] == ARTICLES  # all of them, by id: the vectors still know them
    assert min(lost) == 0, lost


@pytest.mark.parametrize("harm", ["zeros", "noise", "another page"])
def test_overwritten_pages_of_the_record_are_said_and_what_they_held_is_named(original, tmp_path, harm):
    chance, lost = seeded(), []
    content = (original.folder / "library.db").read_bytes()
    pages = len(content) // PAGE
    for number in [0, 1, *chance.sample(range(2, pages), 6)]:
        folder = original.copy(tmp_path / f"page-{number}")
        other = chance.randrange(pages) * PAGE
        fresh = {
            "zeros": bytes(PAGE),
            "noise": chance.randbytes(PAGE),
            "another page": content[other : other + PAGE],
        }[harm]
        with (folder / "library.db").open("r+b") as file:
            file.seek(number * PAGE)
            file.write(fresh)

        use_everything(folder)
        Library.check_at(folder)

        lost.append(require_repaired(original, folder, where=f"page {number} of {pages}, {harm} ({other})"))
        shutil.rmtree(folder)
    assert min(lost) < ARTICLES, lost


@pytest.mark.parametrize(("first", "last"), [(0.0, 1.0), (0, PAGE)], ids=["anywhere", "in the schema"])
def test_bytes_that_flip_in_the_record_never_show_as_errors_of_others(original, tmp_path, first, last):
    chance = seeded()
    size = (original.folder / "library.db").stat().st_size
    first, last = (int(at * size) if isinstance(at, float) else at for at in (first, last))
    for turn in range(TURNS):
        folder = original.copy(tmp_path / f"flip-{turn}")
        places = sorted(chance.randrange(first, last) for _ in range(chance.choice([1, 4, 40])))
        with (folder / "library.db").open("r+b") as file:
            for place in places:
                file.seek(place)
                byte = file.read(1)[0]
                file.seek(place)
                file.write(bytes([byte ^ 1 << chance.randrange(8)]))

        use_everything(folder)
        Library.check_at(folder)
        Library.repair(folder, ENCODER)

        assert Library.check_at(folder) == [], places
        assert use_everything(folder) is None, places
        shutil.rmtree(folder)


@pytest.mark.parametrize("harm", ["flipped", "emptied", "removed", "cut", "folder emptied", "a file instead"])
def test_harm_to_the_vectors_is_said_and_a_repair_makes_them_again_with_nothing_lost(
    original, tmp_path, harm
):
    chance = seeded()
    names = sorted(path.relative_to(original.folder) for path in (original.folder / "chroma").rglob("*"))
    victims = [name for name in names if (original.folder / name).is_file()]
    for victim in victims if harm in ("flipped", "emptied", "removed", "cut") else victims[:1]:
        folder = original.copy(tmp_path / "harmed")
        harm_vectors(folder, victim, harm, chance)

        error = use_everything(folder)

        assert error is None or isinstance(error, LibraryDamagedError), (victim, error)
        if error is not None:
            assert Library.check_at(folder) != [], victim
        assert require_repaired(original, folder, where=f"{victim} {harm}") == 0
        shutil.rmtree(folder)


def harm_vectors(folder: Path, victim: Path, harm: str, chance: random.Random) -> None:
    content = bytearray((folder / victim).read_bytes())
    if harm == "folder emptied":
        shutil.rmtree(folder / "chroma")
        (folder / "chroma").mkdir()
    elif harm == "a file instead":
        shutil.rmtree(folder / "chroma")
        (folder / "chroma").write_bytes(b"not a folder")
    elif harm == "removed":
        (folder / victim).unlink()
    elif harm == "emptied":
        (folder / victim).write_bytes(b"")
    elif harm == "cut":
        (folder / victim).write_bytes(content[: len(content) // 2])
    else:
        for _ in range(50):
            if content:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (folder / victim).write_bytes(content)
