"""Where things lie: the repository, and the folder for what the program makes (ignored by git)."""

from __future__ import annotations

import os
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
    """The folder, made if need be, that no other user may write to."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
