"""Why a record was found: the words of the question that stand in it."""

from __future__ import annotations

from corpus.record import DoctorAnswer
from corpus.segment import content_words, word_spans


def matched_words(question: str, record: DoctorAnswer) -> tuple[str, ...]:
    """The question's content words that the record has as words too, in the question's order."""
    there = {span.text for text in (record.question, record.answer) for span in word_spans(text)}
    return tuple(dict.fromkeys(word for word in content_words(question) if word in there))


def mark(text: str, wanted: tuple[str, ...]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is one of the wanted words. Joined they are the text.

    Only whole words are marked, as the search sees them: 头 in 头孢 is none.
    """
    pieces: list[tuple[str, bool]] = []
    at = 0
    for span in word_spans(text):
        if span.text not in wanted:
            continue
        if span.start > at:
            pieces.append((text[at : span.start], False))
        pieces.append((text[span.start : span.end], True))
        at = span.end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces
