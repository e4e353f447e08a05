"""Figures of articles as data: what each measures, of whom, of when, and the clause that says so."""
