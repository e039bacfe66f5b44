"""Cleaning: what a record's text looks like once it is ours, and what two texts are compared by.

Two strengths, because health texts are shown as well as searched. `clean_text` keeps what a reader sees (Chinese
punctuation, 10⁹, ½, ①), since Unicode's NFKC would turn 10⁹ into 109; `search_key` folds those too.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata

import opencc

# NFKC is right for full-width letters, compatibility ideographs (U+F900..), Kangxi radicals and ligatures, and wrong
# for these: Chinese punctuation would become ASCII, superscripts, fractions, circled and Roman numbers would change a value or its look.
_KEEP = "，。！？；：（）、“”‘’《》〈〉【】「」『』〔〕…—～·•℃℉％‰⁺⁻⁼ⁿ₊₋₌″‴"
_KEEP_CATEGORIES = {"No", "Nl"}

# Cc control, Cf format (zero width, bidi overrides, BOM), Co private use (icon fonts), Cs lone surrogates, Cn unassigned.
_DROP_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn"}

_BREAK_TAG = re.compile(r"<\s*/?\s*(?:br|p|div|li|tr|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_STYLE_TAG = re.compile(r"<\s*/?\s*(?:b|i|u|em|strong|span|font|a|ul|ol|center|sub|sup|img|hr)\b[^<>]{0,500}>", re.IGNORECASE)
# 10<sup>9</sup> is not 109.
_RAISED_TAG = re.compile(r"<\s*sup\s*>\s*([-+−]?\d{1,4}[-+−]?|[-+−])\s*<\s*/\s*sup\s*>", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BLANKS = re.compile(r"[^\S\n]+")
_MAX_PASSES = 5
_SUPERSCRIPT = re.compile(r"(?<=\d)([⁻⁺]?[⁰¹²³⁴-⁹]+)")


@functools.cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=1 << 16)
def _fold_character(character: str) -> str:
    """One character as it is stored: itself, its NFKC form, a space, or nothing."""
    if character == "\n" or character in _KEEP:
        return character
    if character in "\t\r\v\f\x85\u2028\u2029":
        return "\n" if character != "\t" else " "
    category = unicodedata.category(character)
    if category in _DROP_CATEGORIES:
        return ""
    if category in _KEEP_CATEGORIES:
        return character
    folded = unicodedata.normalize("NFKC", character)
    return " " if folded.isspace() else folded


def clean_text(text: str) -> str:
    """Text fit to be stored and shown: simplified Chinese, no invisible characters, no tags, tidy white space.

    Line breaks are kept, one at a time. Idempotent: what one pass uncovers (an entity inside an entity, a tag
    spelled in full-width letters) the next removes, within a bound that keeps hostile text from costing more.
    """
    for _ in range(_MAX_PASSES):
        cleaned = _clean_once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _clean_once(text: str) -> str:
    if _ENTITY.search(text):
        text = html.unescape(text)
    if "<" in text:
        text = _RAISED_TAG.sub(lambda found: found[1].translate(SUPERSCRIPTS), text)
        text = _STYLE_TAG.sub("", _BREAK_TAG.sub("\n", text))
    text = "".join(map(_fold_character, text.replace("\r\n", "\n")))
    text = unicodedata.normalize("NFC", _to_simplified().convert(text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_line(text: str) -> str:
    """`clean_text` on a single line."""
    return clean_text(text).replace("\n", " ")


def search_key(text: str) -> str:
    """What a text is searched by: cleaned, NFKC, lower case. Superscripts after a digit keep their mark (10⁹ → 10^9)."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + found[1], clean_text(text))
    return unicodedata.normalize("NFKC", text).lower()


def identity_key(text: str) -> str:
    """What tells whether two texts are the same: the search key without white space and without a final question mark or stop."""
    return re.sub(r"\s+", "", search_key(text)).rstrip("?。.!")
