"""Texts put in front of a reader or a model: one Markdown file each, with front matter, in Chinese and English."""

from __future__ import annotations

import functools
import re
import string
from dataclasses import dataclass
from importlib import resources

_FILE = re.compile(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)


class PromptError(ValueError):
    """A prompt file is missing or malformed, or was given other variables than it declares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A text with named holes. `version` is raised whenever the wording changes, and is kept with results."""

    name: str
    language: str
    purpose: str
    version: int
    variables: tuple[str, ...]
    text: str

    def format(self, **values: str) -> str:
        """Fill the holes.

        Raises:
            PromptError: Names every missing and every unknown variable.
        """
        missing = sorted(set(self.variables) - set(values))
        unknown = sorted(set(values) - set(self.variables))
        if missing or unknown:
            raise PromptError(f"prompt {self.name!r}: missing {missing}, unknown {unknown}")
        return self.text.format_map(values)


@functools.cache
def load_prompt(name: str, language: str) -> Prompt:
    """Load `prompts/<name>.<language>.md`.

    Raises:
        PromptError: There is no such file, or its declared variables are not the ones it uses.
    """
    try:
        raw = (resources.files("prompts") / f"{name}.{language}.md").read_text(encoding="utf-8")
    except FileNotFoundError as cause:
        raise PromptError(f"there is no prompt {name!r} in {language!r}") from cause
    return parse_prompt(raw, name=name, language=language)


def all_versions() -> dict[str, int]:
    """The version of every prompt by file name, in order: what an answer was worded with."""
    names = sorted(file.name for file in resources.files("prompts").iterdir() if file.name.endswith(".md"))
    split = (name.removesuffix(".md").rsplit(".", 1) for name in names)
    return {f"{name}.{language}": load_prompt(name, language).version for name, language in split}


def parse_prompt(raw: str, *, name: str, language: str) -> Prompt:
    """Read a prompt file's text; see `load_prompt`."""
    match = _FILE.match(raw)
    if match is None:
        raise PromptError(f"prompt {name!r} has no front matter between two lines of ---")
    head = dict(line.split(": ", 1) for line in match["head"].splitlines())
    if set(head) != {"purpose", "variables", "version"}:
        raise PromptError(
            f"prompt {name!r}: front matter has {sorted(head)}, needs purpose, variables, version"
        )
    text = match["body"].strip()
    declared = tuple(v for v in re.split(r"[,\s]+", head["variables"].strip("[] ")) if v)
    used = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    if used != set(declared):
        raise PromptError(f"prompt {name!r} declares {sorted(declared)} but uses {sorted(used)}")
    return Prompt(
        name=name,
        language=language,
        purpose=head["purpose"],
        version=int(head["version"]),
        variables=declared,
        text=text,
    )
