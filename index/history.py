"""The generations that lie in an index folder, as their manifests tell it: for whoever looks after the index. Reads only.

Sizes are compared, hashes are not: that is `index.audit`'s, and takes as long as reading every byte.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.check import segmentation_identity
from index.generation import IndexFolder
from index.integrity import file_states, read_manifest
from index.manifest import DamagedError, Manifest, UnreadableError


@dataclass(frozen=True, slots=True)
class PastGeneration:
    """One generation on disk.

    Attributes:
        name: `<time>-<hash>`.
        is_current: CURRENT names it.
        manifest: what it says of itself; None where that cannot be read.
        problem: a sentence (Chinese) where a file is missing or of another size; empty where none is.
        size: bytes of all its files as published.
        is_our_lexicon: it was built with the lexicon that this program has; any other one cannot be searched.
    """

    name: str
    is_current: bool
    manifest: Manifest | None = None
    problem: str = ""
    size: int = 0
    is_our_lexicon: bool = False


def history(index: IndexFolder) -> list[PastGeneration]:
    """Every generation that lies here, newest first.

    Raises:
        IndexFolderError: the folder cannot be read.
    """
    current = index.current_name()
    return [_look(index, name, is_current=name == current) for name in index.names()]


def _look(index: IndexFolder, name: str, *, is_current: bool) -> PastGeneration:
    path = index.generations_path / name
    try:
        manifest = read_manifest(path)
    except (DamagedError, UnreadableError) as error:
        return PastGeneration(name, is_current, problem=str(error))
    problem = ""
    try:
        file_states(path, manifest)
    except (DamagedError, UnreadableError) as error:
        problem = str(error)
    size = sum(file["size"] for file in manifest.files.values())
    return PastGeneration(name, is_current, manifest, problem, size, manifest.segmentation == segmentation_identity())
