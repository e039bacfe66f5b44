"""The words we know, as data files beside this module. Every file begins with `#` lines that say what it is."""

from __future__ import annotations

import functools
from pathlib import Path

FOLDER = Path(__file__).parent
MEDICAL_TERMS = FOLDER / "medical.txt"
STOPWORDS = FOLDER / "stopwords.txt"
SYNONYMS = FOLDER / "synonyms.tsv"


def read_lines(path: Path) -> list[str]:
    """The lines of a data file that are neither comments nor blank."""
    with path.open(encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]


@functools.cache
def load_medical_terms(path: Path = MEDICAL_TERMS) -> dict[str, str]:
    """Term -> class (disease, symptom, body, drug, test, treatment, department, nutrient, person)."""
    return dict(line.split("\t") for line in read_lines(path))


@functools.cache
def load_stopwords(path: Path = STOPWORDS) -> frozenset[str]:
    """Words that say nothing of what is asked; negations are not among them."""
    return frozenset(read_lines(path))
