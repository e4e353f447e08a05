"""Measures: what the answers and the parts are worth, on data anyone can run them on."""
