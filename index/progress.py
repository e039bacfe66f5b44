"""How whoever waits for a build is told of it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of the work: `start` names a stage (total None when unknown), `advance` counts."""

    def start(self, stage: str, total: int | None) -> None:
        """A stage begins."""

    def advance(self, count: int) -> None:
        """That many more are done."""


class NoProgress:
    """For tests and for other people's programs."""

    def start(self, stage: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, count: int) -> None:
        """Nothing."""
