"""Text that would like to be markup, and what a browser would make of the page around it."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
from hypothesis import strategies as st
from lxml.html import HtmlElement

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "</bdi></p></mark></blockquote></article></li></ol></section><h1 onclick='x'>",
    "&lt;b&gt; &amp; &#x3c;i&#x3e; &quot;",
    "{{ 7 * 7 }} {% raw %} ${x} {0} %s",
    "[x](javascript:alert(1)) <a href=javascript:alert(1)>",
    "' onmouseover='alert(1)",
    "<!-- --> ]]> <![CDATA[ <?php",
    "</textarea></title></style></script><style>",
    "\u202e倒\u202c \u2066隔\u2069\u200f",
    "𠮷💊　医保“报销”《办法》",
)
# What no page can hold is left out: control characters, halves of characters, and what is no character.
_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Cn"])
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(_CHARACTERS, min_size=1, max_size=30),
    st.text("<>&\"'=/ \n医onclick;", min_size=1, max_size=30),
).filter(str.strip)


def parsed(markup: str) -> HtmlElement:
    """The markup as a tree, in an element of its own."""
    return lxml.html.fragment_fromstring(markup, create_parent="main")


def elements(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Every element; comments and the like are none, and there must be none."""
    for element in tree.iter():
        assert isinstance(element.tag, str), lxml.html.tostring(element)
        yield element


def skeleton(markup: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, in order: what a text must never change."""
    return [(element.tag, tuple(element.attrib)) for element in elements(parsed(markup))]


def addresses(markup: str) -> list[str]:
    """Everything that the markup would load, or lead to."""
    names = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "background")
    return [
        element.attrib[name]
        for element in elements(parsed(markup))
        for name in names
        if name in element.attrib
    ]


def named(markup: str, attribute: str) -> list[str]:
    """The values of an attribute, wherever it is, in order."""
    return [element.attrib[attribute] for element in elements(parsed(markup)) if attribute in element.attrib]
