"""The question sets of `tests/data`, one object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def read_set(name: str) -> list[dict[str, Any]]:
    """The lines of a set, by its file's name without `.jsonl`."""
    return read_lines(DATA / f"{name}.jsonl")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
