"""Labelled questions in two halves: one that weights are fitted on, and one that reports.

By hash of the question, so that a question stays on its side when others come or go.
"""

from __future__ import annotations

import hashlib

FITS, REPORTS = 0, 1


def half_of(question: str) -> int:
    """`FITS` or `REPORTS`: whether the SHA-256 of a question's text is even or odd."""
    return hashlib.sha256(question.encode()).digest()[-1] % 2
