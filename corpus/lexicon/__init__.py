"""The words we know, as data files beside this module. Every file begins with `#` lines that say what it is."""

from __future__ import annotations

import functools
from pathlib import Path

FOLDER = Path(__file__).parent
MEDICAL_TERMS = FOLDER / "medical.txt"
STOPWORDS = FOLDER / "stopwords.txt"
SYNONYMS = FOLDER / "synonyms.tsv"
SEPARABLE = FOLDER / "separable.txt"
MISSPELLINGS = FOLDER / "misspellings.tsv"
LOOKALIKES = FOLDER / "lookalikes.txt"
EVERYDAY = FOLDER / "everyday.txt"
ENGLISH = FOLDER / "english.txt"
PATIENT = FOLDER / "patient.toml"
VALUES = FOLDER / "values.toml"


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


@functools.cache
def load_misspellings(path: Path = MISSPELLINGS) -> dict[str, str]:
    """Mistyped form -> the word that is meant."""
    groups = (line.split("\t") for line in read_lines(path))
    return {wrong: right for right, *wrongs in groups for wrong in wrongs}


@functools.cache
def load_separable_words(path: Path = SEPARABLE) -> frozenset[tuple[str, str]]:
    """(verb, object) of words that people take apart: 发 and 烧 in 发了烧."""
    lines = (line.split() for line in read_lines(path))
    return frozenset((verb, thing) for verb, *things in lines for thing in things)


@functools.cache
def load_lookalikes(path: Path = LOOKALIKES) -> dict[str, str]:
    """Character -> the characters that are taken for it."""
    alike: dict[str, str] = {}
    for group in read_lines(path):
        for character in group:
            alike[character] = alike.get(character, "") + group.replace(character, "")
    return alike


@functools.cache
def load_everyday_words(path: Path = EVERYDAY) -> tuple[str, ...]:
    """Words that are no medical terms and stand beside them in questions, in the file's order."""
    return tuple(dict.fromkeys(word for line in read_lines(path) for word in line.split()))


@functools.cache
def load_english_words(path: Path = ENGLISH) -> frozenset[str]:
    """English words that could be taken for pinyin, lower case."""
    return frozenset(word for line in read_lines(path) for word in line.split())
