"""Briefings to teach from: a topic is turned into questions, which the pipeline answers; the rest is arranging."""
