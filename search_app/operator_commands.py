"""The commands that look after the index, spelled out for this installation: to be copied from the status page."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.paths import CORPUS_FOLDER, INDEX_FOLDER, ROOT, STARTER_CORPUS
from index.encoder import DEFAULT_ENCODER
from index.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Command:
    """What it does, in Chinese, and the line for a terminal in the project's folder."""

    purpose: str
    line: str


def commands(folder: Path, manifest: Manifest | None) -> list[Command]:
    """Rebuild, verify and roll back an index folder.

    Args:
        folder: the index.
        manifest: what the present generation says of itself: a rebuild reads the same corpus with the same encoder.
    """
    here = [] if folder.resolve() == INDEX_FOLDER.resolve() else ["--index", str(folder)]
    again = list(here)
    if manifest:
        default = [[str(CORPUS_FOLDER)], [str(STARTER_CORPUS)]]
        if manifest.sources and manifest.sources not in default:
            again += ["--corpus", *manifest.sources]
        if manifest.encoder.get("name", DEFAULT_ENCODER) != DEFAULT_ENCODER:
            again += ["--encoder", str(manifest.encoder["name"])]
    return [
        Command("用同样的语料重建（页面照常可用，建好自动换上）", _line(again)),
        Command("逐字节核对各代索引", _line(["--verify", str(folder)])),
        Command("退回上一代", _line([*here, "--rollback"])),
        Command("从各代索引里彻底删去一条（把 ID 换成它的编号）", _line([*here, "--remove", "ID"])),
    ]


def _line(arguments: Sequence[str]) -> str:
    python = Path(sys.executable)
    shown = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    words = [str(shown), "scripts/rebuild_index.py", *arguments]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
