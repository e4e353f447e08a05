from __future__ import annotations

import re
import shlex

import pytest
import typer

from ui.cli import app
from ui.manual import pages
from ui.render import display_width

LANGUAGES = ("zh", "en")


def commands(command, path="yigai"):
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, f"{path} {name}")


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_page_for_every_command_and_no_other(language):
    assert set(pages(language)) == set(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS)
def test_a_page_names_every_option_of_its_command_and_no_other(path, language):
    options = {o for p in COMMANDS[path].params if p.param_type_name == "option" for o in p.opts}
    elsewhere = {"--help", "-h"} | ({"--debug", "--library"} if path == "yigai" else set())

    page = pages(language)[path].split("Examples:")[0].split("示例：")[0]

    assert set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", page)) - elsewhere == options - elsewhere


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS)
def test_a_page_fits_a_terminal_of_80_columns(path, language):
    assert max(map(display_width, pages(language)[path].splitlines())) <= 80


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COMMANDS)
def test_the_columns_of_a_page_line_up(path, language):
    blocks = re.split(r"\n(?=\S)", pages(language)[path])
    for block in blocks[2:]:
        rows = [re.match(r"(  (?:\S+ )*\S+ {2,}| {8,})\S", line) for line in block.splitlines()[1:]]
        assert len({display_width(row[1]) for row in rows if row and not row[0].strip().isdigit()}) <= 1


def examples(language):
    for page in pages(language).values():
        for line in re.findall(r"^  (yigai .+)$", page, re.MULTILINE):
            yield shlex.split(re.split(r"  | > ", line)[0])[1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_a_command_line_that_can_be_parsed(language):
    found = list(examples(language))
    for words in found:
        command, depth = typer.main.get_command(app), 0
        while depth < len(words) and words[depth] in getattr(command, "commands", {}):
            command, depth = command.commands[words[depth]], depth + 1
        command.make_context("x", words[depth:])
    assert len(found) > 15


@pytest.mark.parametrize(
    "words", [w for language in LANGUAGES for w in examples(language) if w[0] == "ask"], ids=" ".join
)
def test_every_example_of_asking_is_answered_by_the_sample_library(cli, sample_library, words):
    assert cli(*words, "--library", sample_library).code == 0


@pytest.mark.parametrize(("locale", "told"), [("zh_CN.UTF-8", "开始使用"), ("en_US.UTF-8", "Start:")])
def test_help_is_in_the_language_of_the_terminal(shell, locale, told):
    ran = shell("--help", env={"LANG": locale})

    assert ran.returncode == 0
    assert told in ran.stdout


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_prints_its_page(cli, flag):
    for path in COMMANDS:
        ran = cli(*path.split()[1:], flag)

        assert (ran.code, ran.out) == (0, pages("en")[path] + "\n")


def test_without_a_command_the_help_is_an_error(cli):
    ran = cli()

    assert (ran.code, ran.out, ran.err) == (2, "", pages("en")["yigai"] + "\n")


def test_the_version_is_printed(cli):
    ran = cli("--version")

    assert ran.code == 0
    assert re.fullmatch(r"yigai \d+\.\d+\.\d+\n", ran.out)
