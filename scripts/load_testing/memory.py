"""What a process takes of the memory, as Linux counts it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at a moment, in bytes.

    Attributes:
        at: seconds on the monotonic clock.
        rss: all pages in memory, those of mapped files (the index) too, whether others share them or not.
        pss: the same, each shared page counted in parts.
        private: pages of this process alone: what would be free if it ended.
    """

    at: float
    rss: int
    pss: int
    private: int


def sample(pid: int) -> Sample | None:
    """A process's memory now; None where it has ended, or this is no Linux."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return None
    size = {name: int(value.split()[0]) << 10 for name, _, value in (line.partition(":") for line in lines)}
    return Sample(time.monotonic(), size["Rss"], size["Pss"], size["Private_Clean"] + size["Private_Dirty"])


class Recorder:
    """Samples processes until it is stopped."""

    def __init__(self, processes: dict[str, int], every: float = 1.0) -> None:
        self._processes = processes
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._record, daemon=True)
        self.samples: dict[str, list[Sample]] = {name: [] for name in processes}

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _record(self) -> None:
        while not self._stopped.wait(self._every):
            for name, pid in self._processes.items():
                if (found := sample(pid)) is not None:
                    self.samples[name].append(found)


def growth(samples: list[Sample], field: str) -> float:
    """By what share the last quarter's median lies above the first quarter's; 0 with fewer than eight samples."""
    values = [getattr(item, field) for item in samples]
    quarter = len(values) // 4
    return median(values[-quarter:]) / median(values[:quarter]) - 1 if quarter >= 2 else 0.0


def table(samples: list[Sample], rows: int = 12) -> list[str]:
    """Lines for people: seconds, RSS, PSS and private memory in MB, at about `rows` moments."""
    step = max(1, len(samples) // rows)
    lines = [f"{'seconds':>8} {'RSS MB':>9} {'PSS MB':>9} {'private MB':>11}"]
    for item in samples[::step]:
        sizes = (item.rss / MEGABYTE, item.pss / MEGABYTE, item.private / MEGABYTE)
        lines.append(f"{item.at - samples[0].at:8.0f} {sizes[0]:9.1f} {sizes[1]:9.1f} {sizes[2]:11.1f}")
    return lines
