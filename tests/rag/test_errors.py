from __future__ import annotations

import inspect
import pickle
import string

import pytest

from rag import errors
from rag.errors import LibraryMismatchError, LibraryMissingError, UnreadableFileError, YigaiError

KINDS = [k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, YigaiError)]
TEMPLATED = [k for k in KINDS if k is not UnreadableFileError]  # its two sentences come from the reader


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", TEMPLATED, ids=lambda k: k.__name__)
def test_every_error_speaks_both_languages_about_the_same_values(kind):
    languages = [
        {name.removesuffix(f"_{tail}") for name in fields(kind.templates[tail])} for tail in ("zh", "en")
    ]

    assert languages[0] == languages[1]


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_the_tree_in_the_docstring_names_every_class(kind):
    assert kind.__name__ in (errors.__doc__ or "")


def test_an_error_says_what_was_found_what_was_expected_and_what_to_do():
    error = LibraryMismatchError(path="lib", what="encoder", found="a", expected="b")

    assert "'a'" in str(error)
    assert "'b'" in str(error)
    assert "yigai library repair --library lib" in error.localised("zh")


def test_control_characters_in_a_path_become_visible():
    error = LibraryMissingError(path="a\x1b[31m\nb")

    assert str(error).isprintable()
    assert "\\x1b" in str(error)


def test_an_error_survives_pickling():
    error = UnreadableFileError(code="empty", detail_en="e", detail_zh="空")

    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), copy.code, copy.localised("zh")) == (UnreadableFileError, "empty", "空")
