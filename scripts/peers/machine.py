"""What the machine can do: the rates that a stage is compared with. A process of its own, since torch's threads are set."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

_SIZE = 1024
_COPIED = 128 << 20
_ROUNDS = 7


def rate(work: Callable[[], object], amount: float, rounds: int = _ROUNDS) -> float:
    """`amount` a second: the median over rounds, after one that warms up."""
    work()
    seconds: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return amount / statistics.median(seconds)


def measure_machine() -> dict[str, float | int]:
    """GFLOP/s of a matrix product in float32 and bfloat16 on one thread and on all, GB/s of copying (read and written)."""
    import torch

    cores = os.cpu_count() or 1
    found: dict[str, float | int] = {"cores": cores}
    for name, kind in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        one = torch.randn(_SIZE, _SIZE).to(kind)
        for threads, label in ((1, "one"), (cores, "all")):
            torch.set_num_threads(threads)
            found[f"{name}_gflops_{label}"] = rate(lambda one=one: one @ one, 2 * _SIZE**3 / 1e9)  # type: ignore[misc]
    source = np.ones(_COPIED // 8)
    target = np.empty_like(source)
    found["copy_gb_per_second"] = rate(lambda: np.copyto(target, source), 2 * _COPIED / 1e9)
    return found


def flops_per_token(config: dict[str, int], length: float) -> float:
    """Floating-point operations of a transformer encoder for a token among `length`, multiplication and addition counted apart.

    Four projections and two layers of the feed-forward net a layer, and attention over the text twice (scores, mixture).
    """
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    return config["num_hidden_layers"] * (2 * (4 * hidden * hidden + 2 * hidden * inner) + 4 * length * hidden)


def flops_of_passages(encoder: Path, texts: list[str]) -> float:
    """Operations to embed passages, each by itself without padding, summed; from the encoder's own files."""
    import tokenizers

    config, settings, limits = (
        json.loads((encoder / name).read_text(encoding="utf-8"))
        for name in ("config.json", "config_sentence_transformers.json", "sentence_bert_config.json")
    )
    tokenizer = tokenizers.Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    prompt = settings["prompts"].get("document", "")
    most = int(limits.get("max_seq_length") or config["max_position_embeddings"])
    lengths = [min(len(found.ids), most) for found in tokenizer.encode_batch([prompt + text for text in texts])]
    return sum(length * flops_per_token(config, length) for length in lengths)


if __name__ == "__main__":
    print(json.dumps(measure_machine()))
