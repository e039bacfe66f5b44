"""Why a record was found: the words of the question that stand in it."""

from __future__ import annotations

from corpus.record import DoctorAnswer
from corpus.segment import content_words, word_spans


def matched_words(question: str, record: DoctorAnswer) -> tuple[str, ...]:
    """The question's content words that the record has as words too, in the question's order.

    A part of a longer word that matched as well (抽筋 of 小腿抽筋) is left out.
    """
    there = {span.text for text in (record.question, record.answer) for span in word_spans(text)}
    found = list(dict.fromkeys(word for word in content_words(question) if word in there))
    return tuple(word for word in found if not any(word != other and word in other for other in found))


def mark(text: str, wanted: tuple[str, ...]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the wanted words. Joined they are the text.

    Only whole words are marked, as the search sees them: 头 in 头孢 is none.
    """
    hits = sorted((span.start, span.end) for span in word_spans(text) if span.text in wanted)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in hits:
        if end <= at:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[max(start, at) : end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces
