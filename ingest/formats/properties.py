"""What a document's own properties say; weak facts, under names of their own: the template often says it for all."""

from __future__ import annotations

from lxml import etree

from ingest.formats.package import local_name

_NAMES = {
    "title": "property_title",
    "creator": "property_author",
    "author": "property_author",
    "initial-creator": "property_author",
    "created": "property_created",
    "creation-date": "property_created",
    "publisher": "property_publisher",
}
_MAX_CHARS = 300


def property_facts(root: etree._Element | None) -> dict[str, str]:
    """Read title, author, the day it was made (which is not the day it was published) and publisher."""
    facts: dict[str, str] = {}
    for element in root.iter() if root is not None else ():
        name = _NAMES.get(local_name(element).lower())
        text = " ".join((element.text or "").split())
        if name and 0 < len(text) <= _MAX_CHARS:
            facts.setdefault(name, text)
    return facts
