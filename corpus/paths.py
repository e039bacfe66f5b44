"""Where things lie: the repository, and the folder for what the program makes (ignored by git)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# One folder for everything made at run time; the variable moves it, for a read-only checkout or for tests.
DATA = Path(os.environ.get("DOCTOR_ANSWERS_DATA") or ROOT / "data")

CORPUS_FOLDER = DATA / "corpus"
INDEX_FOLDER = DATA / "index"
MODEL_FOLDER = DATA / "models"
CACHE_FOLDER = DATA / "cache"
STARTER_CORPUS = ROOT / "corpus" / "starter" / "answers.jsonl"


def private_folder(path: Path) -> Path:
    """The folder, made if need be for this user alone; one that is there already stays as it is (`is_private`)."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def is_private(folder: Path) -> bool:
    """Whether no other user may write to a folder, root aside: it was made by `private_folder`, and nobody has opened it to others.

    Told and not enforced: a volume of a container, or a disk without owners and modes, is open to all and cannot be closed.

    Raises:
        OSError: it cannot be looked at.
    """
    if not hasattr(os, "geteuid"):  # Windows, where modes say nothing of who may write
        return True
    status = folder.stat()
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
