"""How much of a file is taken in at once: what keeps a hostile file from filling the memory. An operator can set each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from corpus.record import MAX_TEXT

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in megabytes, but for `text`.

    Attributes:
        line: a line of a text file; a longer one is left out.
        page: a file that must be read whole (a page, a JSON array, a workbook as it lies on the disk); a larger one is refused.
        unpacked: a workbook's parts together, unpacked.
        strings: those parts of a workbook that are held in memory (its shared texts and styles).
        text: characters of a question or an answer; a record with a longer one is left out.
    """

    line: int = 64
    page: int = 64
    unpacked: int = 1024
    strings: int = 256
    text: int = MAX_TEXT

    @property
    def line_bytes(self) -> int:
        """`line` in bytes."""
        return self.line * _MEGABYTE

    @property
    def page_bytes(self) -> int:
        """`page` in bytes."""
        return self.page * _MEGABYTE


LIMIT_NAMES = tuple(field.name for field in dataclasses.fields(Limits))
