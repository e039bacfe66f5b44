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

# What a program reads and nobody else: it goes with all that it holds.
_UNSEEN_BEGIN = re.compile(r"<\s*(script|style|noscript|template)\b[^<>]{0,500}>|<!--", re.IGNORECASE)
_UNSEEN_END = {
    name: re.compile(rf"<\s*/\s*{name}\b[^<>]{{0,500}}>", re.IGNORECASE) for name in ("script", "style", "noscript", "template")
} | {"": re.compile("-->")}
_CELL_TAG = re.compile(r"<\s*+/?\s*+(?:td|th)\b[^<>]{0,500}>", re.IGNORECASE)
_BREAK_TAG = re.compile(
    r"<\s*+/?\s*+(?:br|p|div|li|tr|h[1-6]|table|thead|tbody|tfoot|caption|dl|dt|dd|pre|section|article|blockquote)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_STYLE_TAG = re.compile(
    r"<\s*+/?\s*+(?:b|i|u|em|strong|span|font|a|ul|ol|center|sub|sup|img|hr|colgroup|col|script|style|noscript|template|iframe)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
# 10<sup>9</sup> is not 109, however the tag is dressed and whatever tags stand inside it (<sup class="x"><b>9</b></sup>).
_INNER_TAGS = r"(?:<(?!\s*+/?\s*+sup\b)[^<>]{1,500}+>\s*+){0,4}+"
_RAISED_TAG = re.compile(
    rf"<\s*+sup(?![\w-])[^<>]{{0,500}}+>\s*+{_INNER_TAGS}([-+−]?\d{{1,4}}[-+−]?|[-+−])\s*+{_INNER_TAGS}<\s*+/\s*+sup\s*+>",
    re.IGNORECASE,
)
SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
# Of both kinds of writing, and in names (see _simplified).
_AMBIGUOUS = re.compile("[乾徵昇龑]")
_AMBIGUOUS_WORD = re.compile(
    "乾(?=[燥淨净癬癣咳嘔呕涸枯澀涩果糧粮貝贝旱洗眼裂癟瘪濕湿冷草屍尸脆杯薑姜酪薯的了掉透])|(?<=[口餅饼眼皮鼻擦曬晒烘風风陰阴晾咽喉肝唇嘴膚肤很太發发变變烤肉菜豆笋筍])乾(?![隆坤])"
    "|(?<=[象特表性體体病指應应])徵|徵(?=[狀状候象兆求詢询召收兵集])|昇(?=[高華华壓压降溫温級级至到糖])|(?<=[上提攀回躍跃急])昇"
)
_RUN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]+")
_LONGEST_NAME = 4
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BLANKS = re.compile(r"[^\S\n]+")
_MAX_PASSES = 5
# Characters outside of those that nearly all text is made of, which are stored as they are: line feed, printable ASCII, Chinese
# punctuation, and the ideographs of Unicode 1.1, which NFKC leaves alone. Only the others are looked at one by one.
_UNUSUAL = re.compile(f"[^\n -~\u4e00-\u9fa5{_KEEP}]")
# A letter with more marks than this is no letter (Unicode's stream-safe format draws the same line), and putting a run of
# marks in order costs the square of its length. The characters are those outside of blocks that hold no mark.
_MARKS_ON_A_LETTER = 30
_MARKS = re.compile("[^\x00-\u02ff\u2000-\u20cf\u2100-\u2cee\u2e00-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ufb1d\ufe30-\uffff]{31,}")
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
        text = _STYLE_TAG.sub("", _BREAK_TAG.sub("\n", _CELL_TAG.sub(" ", _without_unseen_parts(text))))
    text = _UNUSUAL.sub(lambda found: _fold_character(found[0]), text.replace("\r\n", "\n"))
    text = unicodedata.normalize("NFC", _simplified(_MARKS.sub(_with_few_marks, text)))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _with_few_marks(run: re.Match[str]) -> str:
    """A run of foreign letters and marks with no more than `_MARKS_ON_A_LETTER` marks in a row."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_ON_A_LETTER:
            kept.append(character)
    return "".join(kept)


def _without_unseen_parts(text: str) -> str:
    kept: list[str] = []
    at = 0
    endless: set[str] = set()  # kinds without an end in the rest; each is looked for once, whatever a hostile text holds
    for begin in _UNSEEN_BEGIN.finditer(text):
        kind = (begin[1] or "").lower()
        if begin.start() < at or kind in endless:
            continue
        end = _UNSEEN_END[kind].search(text, begin.end())
        if end is None:
            endless.add(kind)
            continue
        kept.append(text[at : begin.start()])
        at = end.end()
    return "".join([*kept, text[at:]])


def _simplified(text: str) -> str:
    """The text in simplified characters, without the words and names that are written with a character of both.

    乾, 徵, 昇 and 龑 are traditional forms and simplified ones too: 乾燥 is 干燥, but 刘乾 and 乾隆 are no 干. They are
    converted in words that are known for it, and 乾 and 徵 also in a sentence that is traditional otherwise.
    """
    simplified = _to_simplified().convert(text)
    if not _AMBIGUOUS.search(text) or len(simplified) != len(text):
        return simplified
    converted: set[int] = set()
    for found in _AMBIGUOUS_WORD.finditer(text):
        converted.update(range(*found.span()))
    characters = list(simplified)
    for run in _RUN.finditer(text):
        others = [at for at in range(*run.span()) if text[at] != simplified[at] and not _AMBIGUOUS.match(text[at])]
        is_traditional = bool(others) and run.end() - run.start() > _LONGEST_NAME
        for at in range(*run.span()):
            if _AMBIGUOUS.match(text[at]) and at not in converted and not (is_traditional and text[at] in "乾徵"):
                characters[at] = text[at]
    return "".join(characters)


def clean_line(text: str) -> str:
    """`clean_text` on a single line."""
    return clean_text(text).replace("\n", " ")


def search_key(text: str) -> str:
    """What a text is searched by: cleaned, NFKC, lower case. Superscripts after a digit keep their mark (10⁹ → 10^9)."""
    return folded(clean_text(text))


def folded(text: str) -> str:
    """The search key of a text that is clean already, as a record's is: far cheaper than `search_key`."""
    return unicodedata.normalize("NFKC", _SUPERSCRIPT.sub(lambda found: "^" + found[1], text)).lower()


def identity_key(text: str) -> str:
    """What tells whether two texts are the same: the search key without white space and without a final question mark or stop."""
    return re.sub(r"\s+", "", search_key(text)).rstrip("?。.!")


def printable(text: str) -> str:
    """Text for a terminal or a log: what would steer it (escape sequences, bidi marks) or is no text is spelled out."""
    return "".join(
        character if character == "\n" or unicodedata.category(character) not in _DROP_CATEGORIES else ascii(character)[1:-1]
        for character in text
    )
