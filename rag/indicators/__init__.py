"""Figures of articles as data: what each measures, of whom, of when, and the clause that says so."""

from __future__ import annotations

from rag.indicators.finding import find_records
from rag.indicators.types import Indicator, Record, Role, Subject, When

__all__ = ["Indicator", "Record", "Role", "Subject", "When", "find_records"]
