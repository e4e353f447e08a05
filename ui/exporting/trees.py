"""XML of Office's templates, in which what is looked for is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element


def find(element: _Element, path: str) -> _Element:
    """Return the first element at a path.

    Raises:
        ValueError: There is none: the library's template is not the one that this was written for.
    """
    found = element.find(path)
    if found is None:
        raise ValueError(f"There is no {path!r} in {element.tag!r}.")
    return found
