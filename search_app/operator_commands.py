"""The commands that look after the index, spelled out for this installation: to be copied from the status page."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    return [
        Command("用同样的语料重建（页面照常可用，建好自动换上）", _line([*here, *_of_same(manifest)])),
        Command("逐字节核对各代索引", _line(["--verify", str(folder)])),
        *_going_back(here),
    ]


def milvus_commands(address: str, manifest: Manifest | None, reading: Mapping[str, str] | None) -> list[Command]:
    """Rebuild, verify and roll back an index in Milvus.

    Args:
        address: `milvus:URI`.
        manifest: what the present generation says of itself; None where it cannot be asked, and then the rebuild is told to be any.
        reading: with which options its corpus was read (`index.milvus.searched`); None where that is not known.
    """
    here = ["--index", address]
    options = [word for name, value in (reading or {}).items() for word in (f"--{name}", value)]
    if manifest is None:
        purpose = "重建（现在读不到原来用的是什么语料：不是默认的，请加上 --corpus 等）"
    elif reading is None:
        purpose = "用同样的语料重建（这一代没有记下读语料时的选项：当时用过 --format、--columns 或 --limits 的，请加上）"
    else:
        purpose = "用同样的语料重建（页面照常可用，建好自动换上）"
    return [
        Command(purpose, _line([*here, *_of_same(manifest), *options])),
        Command("核对各代的清单、条数与检验问题", _line([*here, "--verify"])),
        *_going_back(here),
    ]


def _of_same(manifest: Manifest | None) -> list[str]:
    """The options by which a rebuild reads the same corpus with the same encoder."""
    again: list[str] = []
    if manifest:
        default = [[str(CORPUS_FOLDER)], [str(STARTER_CORPUS)]]
        if manifest.sources and manifest.sources not in default:
            again += ["--corpus", *manifest.sources]
        if manifest.encoder.get("name", DEFAULT_ENCODER) != DEFAULT_ENCODER:
            again += ["--encoder", str(manifest.encoder["name"])]
        if manifest.encoder.get("tokens"):
            again += ["--token-vectors"]
    return again


def _going_back(here: Sequence[str]) -> list[Command]:
    return [
        Command("退回上一代", _line([*here, "--rollback"])),
        Command("从各代索引里彻底删去一条（把 ID 换成它的编号）", _line([*here, "--remove", "ID"])),
    ]


def _line(arguments: Sequence[str]) -> str:
    python = Path(sys.executable)
    shown = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    words = [str(shown), "scripts/rebuild_index.py", *arguments]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
