"""The steps of a build, by name, and the place where a test can stop one.

A hook is passed to a build and called after each step with the step's name; what it raises ends the build there, and a
process that it kills has got exactly that far. Without a hook nothing is called.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """How far a build has come, in this order. Up to `CURRENT_WRITTEN` the old generation is published, then the new one."""

    LOCKED = "locked"  # the builder's lock is held
    STAGED = "staged"  # the debris of other builds is gone, an empty staging folder is there
    RECORDS = "records"  # answers.sqlite is written
    UNITS = "units"  # units.npy is written
    EMBEDDED = "embedded"  # one more chunk of embeddings is done (called for every chunk)
    EMBEDDINGS = "embeddings"  # embeddings.npy is written
    WORDS = "words"  # words/ is written
    VECTORS = "vectors"  # vectors.faiss is written
    SYNCED = "synced"  # every staged file is on the disk
    SEALED = "sealed"  # the manifest is written, files and folders are on the disk
    VERIFIED = "verified"  # read again, as a reader would
    NAMED = "named"  # the staging folder has its name under generations/
    CURRENT_WRITTEN = "current-written"  # the new CURRENT lies beside the old one
    PUBLISHED = "published"  # CURRENT is replaced: the commit point is passed
    RETIRED = "retired"  # an old generation has lost its name and is about to be deleted
    DONE = "done"  # old generations are gone; the lock is still held


Hook = Callable[[Step], None]


def no_hook(step: Step) -> None:
    """Nothing."""
