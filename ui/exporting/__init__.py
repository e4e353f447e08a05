"""Briefings as files to teach from: Word, PowerPoint, one HTML page, Markdown."""

from ui.exporting.writing import SUFFIXES, export, render

__all__ = ["SUFFIXES", "export", "render"]
