"""What the commands share that fit or measure on benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from _console import fail

from index.benchmark import Benchmark, BenchmarkError, read_benchmark
from index.embedding_cache import EMBEDDING_CACHE, CachedEncoder
from index.encoder import load_encoder


def benches_and_encoder(folders: Sequence[Path], encoder: str) -> tuple[list[Benchmark], CachedEncoder]:
    """The benchmarks, and the encoder with its cache; what cannot be read ends the command before the encoder is loaded."""
    try:
        benches = [read_benchmark(folder) for folder in folders]
    except BenchmarkError as error:
        fail(str(error))
    return benches, CachedEncoder(load_encoder(encoder), EMBEDDING_CACHE)
