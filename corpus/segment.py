"""From text to the pieces that are searched: sentences, passages, words, lexical tokens.

Words come from jieba with our medical lexicon added, so that 腓肠肌痉挛 is a term and 心梗 is not 心 and 梗.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jieba

from corpus.clean import folded, search_key
from corpus.jieba_cut import Tokenizer
from corpus.lexicon import MEDICAL_TERMS, SEPARABLE, STOPWORDS, load_medical_terms, load_separable_words, load_stopwords
from corpus.paths import CACHE_FOLDER, private_folder
from corpus.record import DoctorAnswer
from corpus.synonyms import synonym_groups

PASSAGE_TARGET = 200
PASSAGE_LIMIT = 320

# A final mark, the closing quotes and brackets after it, and the blanks after those; or a line break.
_SENTENCE_END = re.compile(r"(?:[。！？!?…]+|(?<!\d)\.(?=\s|$)|[;；])[”’\"')）」』】]*\s*|\n+")
_CLAUSE_END = re.compile(r"[,，、:：\s]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_TOKEN = re.compile(r"\w")
_LONGEST_RUN = 500
_LONG_RUN = re.compile(rf"\w{{{_LONGEST_RUN}}}")
_NUMERAL = r"[一二两三四五六七八九十几半好多\d]"
#: How often or how much, between a verb and its object: 抽过(一次)风, 发了(三天)烧, 吐了(一大口)血.
_HOW_MUCH = rf"{_NUMERAL}{{1,6}}大?(?:天|次|回|场|口|点儿?|些|颗|个|年|月|周|星期|夜|宿|晚上?|身|针|阵|小时|把)多?|点儿?|些|次|回|场|好多|很多|许多|不少"
_DAYS = rf"(?:{_NUMERAL}{{1,6}}(?:多|来)?个?(?:天|日|周|星期|礼拜|宿|月)|好久)"
_STOOL = "(?:大便|屎|粑粑|臭臭|便便|粪)"
#: 三天没拉屎 and 没大便四天了 tell of constipation; without a time they need not.
_NO_STOOL = (
    rf"(?:没有?|未|不|冇)(?:怎么)?(?:[拉解排屙](?:过|出)?{_STOOL}|{_STOOL}|[排通解]大?便|解(?:过)?大?手|上(?:过)?大号"
    r"|[拉屙]过?(?!肚|稀|血|水|黑|脓|伸|撒|手|链|面|开|黄|绿|白|过|出))"
)
_NO_STOOL_FOR_DAYS = re.compile(
    rf"(?P<after>{_DAYS})(?:了|都|也|还|就|已经|一直)*{_NO_STOOL}|{_NO_STOOL}(?:了|有|已经|都|快)*(?P<before>{_DAYS})"
)
# Which side of the part that another is named by only tells where it is: 下腹部 is 腹部, 脚脖子 no 脖子.
_NARROWED = re.compile("[上下左右前后内外大小双]+")
# What jieba cuts by itself, as it finds it before it looks for words.
_JIEBA_BLOCK = jieba.re_han_default


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `text == whole[start:end]`, in characters."""

    start: int
    end: int
    text: str


@functools.cache
def _tokenizer() -> Tokenizer:
    """Our own jieba, so that nobody else's words leak in; its cache lies in a folder of this user's own.

    jieba's default cache is a marshal file under a fixed name in the shared temporary folder, where another user
    could have put one of his own.
    """
    jieba.setLogLevel(logging.WARNING)
    tokenizer = Tokenizer()
    with contextlib.suppress(OSError):  # a read-only place only costs half a second at each start
        tokenizer.tmp_dir = str(private_folder(CACHE_FOLDER / "jieba"))
    tokenizer.initialize()
    for term in load_medical_terms(MEDICAL_TERMS):
        tokenizer.add_word(search_key(term))
    return tokenizer


def dictionary_frequency(word: str) -> int:
    """How often jieba's dictionary has seen a word; 0 for none. Names of people in it are seldom over 10."""
    return int(_tokenizer().FREQ.get(word) or 0)


def warm_up() -> None:
    """Load the dictionary now (about a second) and not at the first question."""
    _tokenizer()


def word_counts() -> tuple[Mapping[str, int], int]:
    """How often each word of the dictionary stands in jieba's corpus (0: only the beginning of a word), and all words together."""
    tokenizer = _tokenizer()
    return tokenizer.FREQ, tokenizer.total


def sentences(text: str) -> list[Span]:
    """Whole sentences in order. Joined they are the text, but for white space at their edges."""
    spans: list[Span] = []
    start = 0
    for end in [*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]:
        span = _trimmed(text, start, end)
        if span:
            spans.append(span)
        start = max(start, end)
    return spans


def passages(text: str, *, target: int = PASSAGE_TARGET, limit: int = PASSAGE_LIMIT) -> list[Span]:
    """Consecutive whole sentences, near `target` characters each; only a sentence longer than `limit` is split.

    A short rest joins the passage before it, where that stays within `limit`.
    """
    packed: list[tuple[int, int]] = []
    for piece in _short_sentences(text, limit):
        start, end = packed[-1] if packed else (0, 0)
        # A passage of under half the target takes one more sentence even if that makes it long.
        if packed and (piece.end - start <= target or (end - start < target // 2 and piece.end - start <= limit)):
            packed[-1] = (start, piece.end)
        else:
            packed.append((piece.start, piece.end))
    if len(packed) > 1 and packed[-1][1] - packed[-1][0] < target // 4 and packed[-1][1] - packed[-2][0] <= limit:
        packed[-2:] = [(packed[-2][0], packed[-1][1])]
    return [Span(start, end, text[start:end]) for start, end in packed]


def words(text: str) -> list[str]:
    """Jieba words of the search key of a text, in order, without punctuation."""
    return [word for piece in _pieces(search_key(text)) for word in _tokenizer().cut(piece) if _TOKEN.search(word)]


def word_spans(text: str) -> Iterator[Span]:
    """Jieba's search-mode words with their place in the text as it is, for marking what matched; they overlap.

    The text must be clean (`clean.clean_text`), so that its lower-cased form has the same length.
    """
    searched = _same_length_lower(text)
    hidden = _hidden(searched)
    yield from (span for span in _every_span(searched) if (span.start, span.end) not in hidden and _TOKEN.search(span.text))


def find_words(text: str, wanted: Collection[str]) -> list[Span]:
    """Those of `word_spans` that are wanted words, in order."""
    return list(_wanted_spans(text, wanted))


def words_among(text: str, wanted: Collection[str]) -> set[str]:
    """Which of the wanted words stand in the text (the texts of `find_words`); no part of it is cut for a word that was found before."""
    searched = _same_length_lower(text)
    missing = {word for word in wanted if word in searched}
    found: set[str] = set()
    for span in _wanted_spans(text, missing) if missing else ():
        found.add(span.text)
        missing.discard(span.text)
        if not missing:
            break
    return found


def _wanted_spans(text: str, wanted: Collection[str]) -> Iterator[Span]:
    """Those of `word_spans` that are wanted words, in order; what is wanted may become less meanwhile.

    Only the parts of the text where a wanted word stands are cut into words: jieba cuts what lies between two marks without regard to
    the rest, so this is the same at a fraction of the cost.
    """
    searched = _same_length_lower(text)
    if _LONG_RUN.search(searched) or not all(_JIEBA_BLOCK.fullmatch(word) for word in wanted):
        yield from (span for span in word_spans(text) if span.text in wanted)
        return
    for block in _JIEBA_BLOCK.finditer(searched):
        if any(word in block[0] for word in wanted):
            at = block.start()
            yield from (Span(at + span.start, at + span.end, span.text) for span in word_spans(block[0]) if span.text in wanted)


def _same_length_lower(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def lexical_tokens(text: str) -> list[str]:
    """Tokens of the lexical arm: jieba's search-mode words and the character bigrams of every run of Han.

    On 7,244 real answers words alone gave nDCG@10 .238, bigrams alone .261, both .271. A bigram that is also a
    word counts twice, once for each reason. Stop words go, negations (不 没 无) stay, since they turn the meaning.
    """
    return _tokens_of_key(search_key(text))


def record_tokens(record: DoctorAnswer) -> list[str]:
    """`lexical_tokens` of a record's question and answer, which are clean already."""
    return _tokens_of_key(folded(f"{record.question}\n{record.answer}"))


def _tokens_of_key(key: str) -> list[str]:
    key = together(key)
    hidden = _hidden(key)
    tokens = [word for word in _search_words(key, hidden) if _is_token(word)]
    for run in _HAN.finditer(key):
        pairs = ((at, at + 2) for at in range(run.start(), run.end() - 1))
        tokens += [key[start:end] for start, end in pairs if (start, end) not in hidden]
    return tokens


@functools.lru_cache(maxsize=1 << 16)
def _is_token(word: str) -> bool:
    return _TOKEN.search(word) is not None and word not in load_stopwords()


@functools.lru_cache(maxsize=256)
def content_words(text: str) -> tuple[str, ...]:
    """Jieba's search-mode words that carry meaning: no stop words, no single Chinese characters. One question is asked for its several times."""
    stop = load_stopwords()
    key = together(search_key(text))
    found = (word for word in _search_words(key, _hidden(key)) if _TOKEN.search(word))
    return tuple(word for word in found if word not in stop and (len(word) > 1 or not _HAN.fullmatch(word)))


def lexicon_files() -> list[Path]:
    """The data files that segmentation depends on; an index remembers their hashes."""
    return [MEDICAL_TERMS, STOPWORDS, SEPARABLE]


def together(key: str) -> str:
    """A search key with that put together which is one word: 发了烧 is 发烧, 抽过一次风 抽风一次, 三天没拉屎 三天便秘."""
    key = _NO_STOOL_FOR_DAYS.sub(lambda found: f"{found['after']}便秘" if found["after"] else f"便秘{found['before']}", key)
    return _taken_apart().sub(_put_together, key)


@functools.cache
def _taken_apart() -> re.Pattern[str]:
    pairs = load_separable_words()
    verbs, things = {verb for verb, _ in pairs}, {thing for _, thing in pairs}
    objects = "|".join(map(re.escape, sorted(things, key=lambda thing: (-len(thing), thing))))
    return re.compile(rf"(?P<verb>[{''.join(sorted(verbs))}])(?:[过了着起完]个?|个)(?P<much>{_HOW_MUCH})?的?(?P<object>{objects})")


def _put_together(found: re.Match[str]) -> str:
    verb, thing = found["verb"], found["object"]
    rest = found.string[found.start("object") : found.end() + 2]
    # 出了血管 and 上了火车 hold other words.
    goes_on = any(dictionary_frequency(rest[:size]) for size in range(len(thing) + 1, len(rest) + 1))
    if goes_on or (verb, thing) not in load_separable_words():
        return found[0]
    counted = re.match(_NUMERAL, found["much"] or "")
    return f"{verb}{thing}{found['much'] if counted else ''}"  # 出了点血 is no 出血点


def _every_span(text: str) -> Iterator[Span]:
    offset = 0
    for piece in _pieces(text):
        for word, start, end in _tokenizer().tokenize(piece, mode="search"):
            yield Span(offset + start, offset + end, word)
        offset += len(piece)


def _search_words(key: str, hidden: set[tuple[int, int]]) -> Iterator[str]:
    """Jieba's search-mode words of a search key, without those at `hidden` places."""
    if hidden:
        yield from (span.text for span in _every_span(key) if (span.start, span.end) not in hidden)
        return
    for piece in _pieces(key):
        yield from _tokenizer().cut_for_search(piece)


def _hidden(text: str) -> set[tuple[int, int]]:
    """Where the name of one part of the body stands only inside that of another, 脖子 in 脚脖子, or across its end: 眼疼 in 屁股眼疼."""
    pattern, inner = _parts_in_others()
    wholes = list(pattern.finditer(text))
    across = {(whole.end() - 1, whole.end() + 1) for whole in wholes}
    return across | {
        (whole.start() + at, whole.start() + at + len(part))
        for whole in wholes
        for part in inner[whole[0]]
        for at in range(len(whole[0]))
        if whole[0].startswith(part, at)
    }


@functools.cache
def _parts_in_others() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Names of parts of the body that hold the name of another part, and those names; which names mean one part the synonyms tell."""
    classes = load_medical_terms(MEDICAL_TERMS)
    groups = [group for group in synonym_groups() if any(classes.get(word) == "body" for word in group)]
    group_of = {word: number for number, group in enumerate(groups) for word in group if len(word) > 1}
    inner = {
        whole: tuple(part for part in group_of if part in whole and group_of[part] != group_of[whole] and not _is_narrower(whole, part))
        for whole in group_of
    }
    inner = {whole: parts for whole, parts in inner.items() if parts}
    return re.compile("|".join(map(re.escape, sorted(inner, key=len, reverse=True)))), inner


def _is_narrower(whole: str, part: str) -> bool:
    return whole.endswith(part) and _NARROWED.fullmatch(whole.removesuffix(part)) is not None


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that jieba can take: no run of it without a blank or a mark is longer than `_LONGEST_RUN`.

    Where jieba knows no words it guesses them by a method that costs the square of the run's length.
    """
    start = 0
    for run in _LONG_RUN.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    if start < len(text):
        yield text[start:]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    return Span(start + left, start + left + len(stripped), stripped) if stripped else None


def _short_sentences(text: str, limit: int) -> Iterator[Span]:
    for sentence in sentences(text):
        start = sentence.start
        while sentence.end - start > limit:
            window = text[start : start + limit]
            cuts = [found.end() for found in _CLAUSE_END.finditer(window)]
            end = start + (cuts[-1] if cuts and cuts[-1] >= limit // 3 else limit)
            span = _trimmed(text, start, end)
            if span:
                yield span
            start = end
        span = _trimmed(text, start, sentence.end)
        if span:
            yield span
