"""The command `yigai`: one thin function per command — arguments, settings, one call, print, exit code.

Exit codes: 0 done or answered, 1 failure, 2 bad usage or bad input, 3 refused to answer, 130 interrupted.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import ArticleNotFoundError, IngestError, LibraryMissingError, SettingsError, YigaiError
from rag.settings import Settings, load_settings
from rag.types import Filter, Language
from ui.render import printable, render_answer
from ui.strings import tell, terminal_language

if TYPE_CHECKING:
    from rag.library import Library

FAILURE, BAD_INPUT, REFUSED, INTERRUPTED = 1, 2, 3, 130
_BAD_INPUT_ERRORS = (ArticleNotFoundError, IngestError, LibraryMissingError, SettingsError)

app = typer.Typer(
    name="yigai",
    help="医改问答：回答关于医改文章的问题，每句话都注明出处。离线可用，不需要语言模型。\n\n"
    "Answers questions about health-reform articles; every sentence is cited. Works offline, needs no language model.",
    epilog="退出码 Exit codes: 0 已回答 answered · 1 失败 failure · 2 用法或输入有误 bad usage or input · 3 未能回答 refused",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
library_app = typer.Typer(
    help="查看和管理文库。 Look into the library and manage it.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(library_app, name="library")

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library", metavar="DIR", help="文库文件夹（也可用 YIGAI_LIBRARY 指定）。 Folder of the library."
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="只输出一个 JSON 文档。 Print one JSON document, nothing else.")
]
ArticleArgument = Annotated[
    str,
    typer.Argument(
        metavar="ARTICLE", help="文章编号、其开头或标题。 An article's id, the start of it, or its title."
    ),
]


def main() -> None:
    """Run the command line; every error becomes one line, with a traceback only where `--debug` was given."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s"
    )
    try:
        code = app(args=[a for a in arguments if a != "--debug"], standalone_mode=True)
    except YigaiError as error:
        if debug:
            raise
        _complain(error.localised(_language()))
        code = BAD_INPUT if isinstance(error, _BAD_INPUT_ERRORS) else FAILURE
    except KeyboardInterrupt:
        _complain(tell("interrupted", _language()))
        code = INTERRUPTED
    except Exception as error:  # the outermost edge: a person gets a line, not a traceback
        if debug:
            raise
        _complain(tell("unexpected", _language(), kind=type(error).__name__, detail=str(error)[:300]))
        code = FAILURE
    sys.exit(code)


@app.command()
def ingest(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="文件或文件夹（.txt .md .html）。 Files or folders."),
    ],
    library: LibraryOption = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="移除文件已不在的文章。 Remove articles whose files are gone.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """导入文章；可反复运行，没有变化的文件不会重做。 Read articles into the library; safe to repeat.

    例 Example:  yigai ingest ~/articles --library ./library
    """
    from ui.ingesting import run_ingest

    settings = load_settings(library=library)
    report, lines = run_ingest(paths, settings, prune=prune, language=_language(settings), quiet=as_json)
    if as_json:
        _print_json(report)
    else:
        _print("\n".join(lines))
    raise typer.Exit(BAD_INPUT if report["totals"]["refused"] else 0)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="问题，中文或英文。 The question, in Chinese or English.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    history: Annotated[
        list[str] | None,
        typer.Option(
            "--history",
            metavar="QUESTION",
            help="之前问过的问题，从早到晚，可多次。 Earlier questions, oldest first.",
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region", metavar="R", help="只看这些地区，如 芜湖、Anhui，可多次。 Only these places."
        ),
    ] = None,
    since: Annotated[
        int | None,
        typer.Option(
            min=1900, max=2999, metavar="Y", help="只看这一年及以后的文章。 Articles of this year or later."
        ),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option(
            min=1900, max=2999, metavar="Y", help="只看这一年及以前的文章。 Articles of this year or earlier."
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", min=1, max=50, metavar="N", help="读取多少段。 How many passages to read."),
    ] = None,
) -> None:
    """提问；回答的每句话都注明出处，答不了的会说明缺什么。 Ask; every sentence of the answer is cited.

    例 Examples:  yigai ask "芜湖是怎么化债的?"    yigai ask "反应时间呢?" --history "丽水的急救半径缩小了多少?"
    """
    from rag.build import build_encoder, build_pipeline, open_library
    from rag.followup import resolve_followup
    from rag.schema import answer_document

    settings = load_settings(library=library, top_k=top_k)
    language = _language(settings)
    within = _filter(region or [], since, until, language)
    encoder = build_encoder(settings, on_prepare=_note)
    with open_library(settings.library, encoder) as opened:
        answer = build_pipeline(opened, encoder, settings).ask(question, history=history or [], within=within)
    if as_json:
        _print_json(answer_document(answer))
    else:
        understood = resolve_followup(question, history) if history else question
        _print(render_answer(answer, asked_as=understood if understood != question else None))
    raise typer.Exit(0 if answer.answered else REFUSED)


@app.command()
def doctor(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """检查安装：装了什么、用哪个编码器和文库、哪里有问题。 What is installed, and what is wrong."""
    from ui.doctor import diagnose, render_diagnosis

    settings = load_settings(library=library)
    diagnosis = diagnose(settings)
    if as_json:
        _print_json(diagnosis.document())
    else:
        _print(render_diagnosis(diagnosis, _language(settings)))
    raise typer.Exit(FAILURE if diagnosis.problems else 0)


@library_app.command("list")
def list_articles(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """列出文章：编号、标题、日期、地区、段数。 List the articles."""
    from ui.shelf import article_rows, articles_document

    settings = load_settings(library=library)
    with _read_only(settings) as opened:
        articles = opened.articles()
    if as_json:
        _print_json(articles_document(articles))
    else:
        _print("\n".join(article_rows(articles, _language(settings))))


@library_app.command()
def show(article: ArticleArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """显示一篇文章：正文原样输出到标准输出，引用的位置就是它的字符位置。 Print an article's text, exactly."""
    from ui.shelf import article_document, article_head

    settings = load_settings(library=library)
    with _read_only(settings) as opened:
        found = opened.find_article(article)
    if as_json:
        _print_json(article_document(found))
    else:
        _note(printable("\n".join(article_head(found, _language(settings)))))
        _print(found.text)


@library_app.command()
def remove(
    article: ArticleArgument,
    library: LibraryOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再确认。 Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """从文库移除一篇文章（不动原文件）。 Remove an article from the library; its file stays."""
    settings = load_settings(library=library)
    language = _language(settings)
    with _read_only(settings) as opened:
        found = opened.find_article(article)
        name = printable(found.title or found.article_id)
        if (
            sys.stdin.isatty()
            and not (yes or as_json)
            and not typer.confirm(tell("confirm_remove", language, name=name))
        ):
            _note(tell("cancelled", language))
            raise typer.Exit(0)
        opened.remove_article(found.article_id)
    if as_json:
        _print_json({"schema": 1, "removed": found.article_id})
    else:
        _print(tell("removed_article", language, name=name))


@library_app.command()
def stats(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """文库有多大、涵盖哪些地区和年份。 How large the library is, and what it covers."""
    from ui.shelf import stats_document, stats_rows

    settings = load_settings(library=library)
    with _read_only(settings) as opened:
        document = stats_document(settings.library, opened.stats())
    if as_json:
        _print_json(document)
    else:
        _print("\n".join(stats_rows(document, _language(settings))))


@library_app.command()
def check(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """检查文库是否完好。 Check that everything in the library fits together; exit code 1 if not."""
    from rag.library import Library

    settings = load_settings(library=library)
    problems = Library.check_at(settings.library)
    if as_json:
        _print_json(
            {"schema": 1, "sound": not problems, "problems": [dataclasses.asdict(p) for p in problems]}
        )
    elif problems:
        _print(printable("\n".join(f"✗ {p.article_id or ''} {p.code}: {p.detail}" for p in problems)))
        _print(tell("unsound", _language(settings)))
    else:
        _print(tell("sound", _language(settings)))
    raise typer.Exit(FAILURE if problems else 0)


@library_app.command()
def repair(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """由 library.db 重建向量和索引（换编码器之后也用它）。 Rebuild vectors and index from the record."""
    from ui.ingesting import run_repair

    settings = load_settings(library=library)
    passages = run_repair(settings, quiet=as_json)
    if as_json:
        _print_json({"schema": 1, "passages": passages})
    else:
        _print(tell("repaired", _language(settings), passages=passages))


def _read_only(settings: Settings) -> Library:
    """Open the library with whatever encoder it was made with: these commands encode nothing."""
    from rag.library import Library

    return Library.open(settings.library)


def _filter(regions: list[str], since: int | None, until: int | None, language: Language) -> Filter:
    from rag.regions import resolve, suggest

    if since and until and since > until:
        raise typer.BadParameter(tell("bad_years", language))
    codes = []
    for name in regions:
        found = resolve(name)
        if found is None:
            near = "、".join(r.name for r in suggest(name))
            hint = tell("did_you_mean", language, names=near) if near else ""
            raise typer.BadParameter(f"{tell('unknown_region', language, name=name)} {hint}".strip())
        codes.append(found.code)
    return Filter(regions=tuple(codes), since_year=since, until_year=until)


def _language(settings: Settings | None = None) -> Language:
    return terminal_language(settings.language if settings else "")


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


def _print_json(document: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
    _print(json.dumps(document, ensure_ascii=False, indent=2))


def _note(text: str) -> None:
    """Say something to the person that is no part of the output."""
    sys.stderr.write(text + "\n")


def _complain(text: str) -> None:
    _note(printable(text))


if __name__ == "__main__":
    main()
