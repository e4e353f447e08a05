"""Files of one JSON object a line, checked as they are read; errors name file and line."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import SuiteError

_Schema = TypeVar("_Schema", bound=BaseModel)


def read_lines(path: Path, schema: type[_Schema]) -> Iterator[tuple[int, _Schema]]:
    """Read a file line by line, never all at once; blank lines are passed over.

    Yields:
        The number of the line, from 1, and what stands in it.

    Raises:
        SuiteError: The file cannot be read, or a line does not fit the schema.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                content = line.removeprefix(codecs.BOM_UTF8).strip() if number == 1 else line.strip()
                if content:
                    yield number, _read(path, number, content, schema)
    except OSError as cause:
        raise SuiteError(path=path, line=0, problem=cause.strerror or str(cause)) from cause


def _read(path: Path, number: int, content: bytes, schema: type[_Schema]) -> _Schema:
    try:
        return schema.model_validate_json(content)
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = f"{where}: {first['msg']}" if where else str(first["msg"])
        raise SuiteError(path=path, line=number, problem=problem) from cause
