"""Counts as pages and tables write them: `9,039次浏览`, `1.2万`, `10万+`, `3w`, `1亿`."""

from __future__ import annotations

import re
from typing import Any

_UNITS = {"千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}

# A count's text, for the patterns of those who look for one.
COUNT = r"\d[\d,.]*\s*[千万亿kKwW]?\+?"
_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([千万亿kw])?", re.IGNORECASE)
_LARGEST = 2**53


def parse_count(value: Any) -> int | None:
    """The first count in a text; None where there is none, or none that a page can have."""
    if value is None or isinstance(value, bool):
        return None
    found = _COUNT.search(str(value))
    if not found or len(found[1]) > 20:
        return None
    count = float(found[1].replace(",", "")) * _UNITS.get((found[2] or "").lower(), 1)
    return round(count) if count < _LARGEST else None
