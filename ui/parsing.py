"""Typer with our own words: help from the manual, and bad usage as one line in the reader's language."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from rag.errors import SettingsError, YigaiError
from rag.settings import Settings, load_settings
from rag.types import Language
from ui.manual import pages
from ui.strings import tell, terminal_language


class UsageProblem(YigaiError):
    """The command line cannot be understood; `problem` says why in the reader's language, `see` is the command that helps."""

    templates: ClassVar = {
        "en": "{problem} See: {see}",
        "zh": "{problem}见：{see}",
    }


def speak(settings: Settings | None = None) -> Language:
    """Return the language for messages; wrong settings, which are reported elsewhere, count as none."""
    try:
        return terminal_language((settings or load_settings()).language)
    except SettingsError:
        return terminal_language()


class ManualCommand(TyperCommand):
    """A command whose help is its page of the manual."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # the type is private to Typer
        """Return the page in the reader's language."""
        return pages(speak())[ctx.command_path]


class ManualGroup(TyperGroup):
    """A group whose help is its page of the manual."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # the type is private to Typer
        """Return the page in the reader's language."""
        return pages(speak())[ctx.command_path]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  # the type is private to Typer
        """Find the command, or say which could have been meant."""
        name, language = args[0], speak()
        if name in self.commands or name.startswith("-"):
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(name, self.commands, n=2)
        problem = tell("unknown_command", language, name=name)
        if near:
            problem += tell("did_you_mean", language, names=tell("comma", language).join(near))
        raise UsageProblem(problem=problem, see=f"{ctx.command_path} --help")


def require_known(option: str, value: str | None, known: Sequence[str]) -> None:
    """Turn away a value that an option does not know; one that was not given is none.

    Raises:
        SettingsError: It is none of those known.
    """
    if value is not None and value not in known:
        raise SettingsError(name=f"--{option}", value=value, expected=f"this version has {', '.join(known)}")


def explain(error: typer.TyperException, language: Language) -> str:
    """Put Typer's complaint in one line of ours; where the help was asked for by saying nothing, it is the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return error.format_message()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "yigai"
    return UsageProblem(problem=_problem(error, language), see=f"{command} --help").localised(language)


def _problem(error: typer.TyperException, language: Language) -> str:
    option = getattr(error, "option_name", None)
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            near = getattr(error, "possibilities", None)
            hint = tell("did_you_mean", language, names=tell("comma", language).join(near)) if near else ""
            return tell("unknown_option", language, name=option) + hint
        case "BadOptionUsage":
            return tell("option_value", language, name=option)
        case "MissingParameter":
            return tell(f"missing_{param.name}", language) if param is not None else error.format_message()
        case "BadParameter" if param is not None and getattr(param, "min", None) is not None:
            return tell("out_of_range", language, name=param.opts[-1], least=param.min, most=param.max)
        case "UsageError":
            return tell("too_many_arguments", language)
        case _:
            return error.format_message() + tell("full_stop", language)
