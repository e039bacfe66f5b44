"""Generations: the index on disk, whole or not at all.

    <index dir>/
      CURRENT                    the name of the published generation
      .lock                      empty; held by the one builder
      generations/<time>-<hash>/ manifest.json, answers.sqlite, units.npy, embeddings.npy, vectors.faiss, words/,
                                 and where token vectors are kept tokens.npy, token_starts.npy
      quarantine/                generations that failed their verification, for someone to look at

Publishing, in this order (`steps.Step` names each place where it can be cut off): (1) write everything in a staging folder;
(2) fsync every file; (3) write the manifest with each file's size and SHA-256; (4) verify what was written, as a reader
would; (5) rename the staging folder to its name, which holds the manifest's hash; (6) replace CURRENT atomically: **the
commit point**; (7) remove generations beyond the ones kept, but none that a reader holds. A crash before (6) leaves the old
generation published, and debris that the next builder removes.

Readers open by CURRENT, check sizes and hashes before they parse anything (`integrity`), then whether the stores agree
(`check`), and fall back to the newest generation that is whole. FAISS itself does not fsync and accepts a flipped byte
silently: hence the hashes. Nothing is ever pickled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import filelock

from corpus.atomic import atomic_writer, fsync
from corpus.regular import read_regular, refuse_special
from index.check import check, segmentation_identity
from index.integrity import Stamps, check_hashes, file_states, read_manifest, sha256, verify
from index.lease import GoneError, Lease, sole_claim
from index.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    NAME,
    REMEDY,
    STAMP,
    BusyError,
    DamagedError,
    ForeignError,
    Generation,
    IndexFolderError,
    Manifest,
    NoIndexError,
    UnreadableError,
    unread,
)
from index.steps import Hook, Step, no_hook

__all__ = [
    "FORMAT_VERSION",
    "KEPT_GENERATIONS",
    "BusyError",
    "DamagedError",
    "ForeignError",
    "Generation",
    "IndexFolder",
    "IndexFolderError",
    "Manifest",
    "NoIndexError",
    "UnreadableError",
    "verify",
]

KEPT_GENERATIONS = 3
CURRENT = "CURRENT"
LOCK = ".lock"
GENERATIONS = "generations"
QUARANTINE = "quarantine"
#: What an interrupted build may leave, relative to the index folder; no reader looks at it, and the next builder removes it.
DEBRIS = (f"{GENERATIONS}/.staging-*", f"{GENERATIONS}/.removed-*", f".{CURRENT}-*")

_STAGING_PREFIX = ".staging-"
_REMOVED_PREFIX = ".removed-"
_NO_SPACE = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
# Each time a reader must begin again, a whole build has been published meanwhile.
_ATTEMPTS = 20
# Longer than any name, so that what has more behind the name is told from it.
_LONGEST_CURRENT = 256

log = logging.getLogger(__name__)


class IndexFolder:
    """An index folder: its generations, and which one is published.

    Attributes:
        path: the folder.
        hook: told of each step of a build (for tests).
        clock: the present time, aware (for tests).
        stamps: what this machine has verified before.
    """

    def __init__(
        self, path: Path, *, hook: Hook = no_hook, clock: Callable[[], datetime] | None = None, stamps: Stamps | None = None
    ) -> None:
        self.path = path
        self.hook = hook
        self.clock = clock or (lambda: datetime.now(UTC))
        self.stamps = stamps or Stamps()

    @property
    def generations_path(self) -> Path:
        """The folder of the generations."""
        return self.path / GENERATIONS

    def names(self) -> list[str]:
        """The generations that lie here, newest first."""
        try:
            return sorted((entry.name for entry in self.generations_path.iterdir() if NAME.fullmatch(entry.name)), reverse=True)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise IndexFolderError(f"读不了 {self.generations_path}：{error.strerror}。请检查权限") from error

    def current_name(self) -> str | None:
        """What CURRENT says, or None where it is missing or says nothing sensible."""
        try:
            name = read_regular(self.path / CURRENT, _LONGEST_CURRENT).decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if NAME.fullmatch(name) else None

    def open(self, *, thorough: bool = False) -> Generation:
        """The published generation, verified; else the newest whole one, with a warning.

        A damaged generation is moved to `quarantine/`, so that it is looked at once and not at every start. The generation
        that is returned is not deleted while it lives. One that cannot be read just now is passed over and stays where it is.

        Args:
            thorough: hash every file, though this machine has hashed them before.

        Raises:
            NoIndexError: no generation lies here.
            DamagedError: none of those that do is whole.
            UnreadableError: none could be opened, and one or more cannot be read just now.
        """
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(GoneError):
                return self._open(thorough)
        raise IndexFolderError(f"{self.path} 里的索引正在不停地更换，打不开；请稍后再试")

    def _open(self, thorough: bool) -> Generation:
        names = self.names()
        if not names:
            kept = f"（有过的已损坏，移到了 {self.path / QUARANTINE}）" if self._quarantined() else ""
            raise NoIndexError(f"{self.path} 里没有索引{kept}。请先运行：python scripts/rebuild_index.py --index {self.path}")
        current = self.current_name()
        problems: list[str] = []
        unreadable = False
        if current is None:
            log.warning("%s 缺失或已损坏，改用最新的一代；请重建索引", self.path / CURRENT)
        elif current not in names:
            if self.current_name() != current:
                raise GoneError(current)  # published and gone between two looks
            problems.append(f"{self.path / CURRENT} 指的 {current} 不在 {self.generations_path} 里")
            log.warning("%s", problems[-1])
        for name in ([current] if current in names else []) + [name for name in names if name != current]:
            try:
                generation = self.open_generation(name, thorough=thorough)
            except (DamagedError, UnreadableError) as error:
                problems.append(str(error))
                log.warning("%s", error)
                unreadable = unreadable or isinstance(error, UnreadableError)
                self._quarantine_if_damaged(name, error)
                continue
            if problems:
                log.warning("已退回到 %s；%s", name, REMEDY)
            return generation
        if unreadable:
            raise UnreadableError(f"索引现在打不开：{'；'.join(problems)}")
        raise DamagedError(f"没有一代索引是完好的：{'；'.join(problems)}。{REMEDY}")

    def open_generation(self, name: str, *, thorough: bool = False) -> Generation:
        """One generation, verified and held.

        Raises:
            DamagedError: it is not whole.
            UnreadableError: it cannot be read just now.
            GoneError: a builder has removed it.
        """
        path = self.generations_path / name
        try:
            lease = Lease(path)
            manifest = read_manifest(path)
            generation = Generation(path, manifest, lease)
            states = file_states(path, manifest)
            if thorough or not self.stamps.knows(path, states):
                check_hashes(path, manifest)
                check(generation)
                self.stamps.remember(path, states)
        except OSError as error:
            self._if_gone(path)
            raise unread(path / MANIFEST, error) from error
        except (DamagedError, UnreadableError):
            self._if_gone(path)
            raise
        return generation

    def _if_gone(self, path: Path) -> None:
        if not path.exists() and self.path.exists():
            raise GoneError(path.name) from None

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the builder's lock, with the debris of interrupted builds removed.

        Raises:
            BusyError: another builder holds the lock.
            IndexFolderError: the folder cannot be written, or the disk is full.
        """
        self._refuse_special_files()
        try:
            self.generations_path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / LOCK, timeout=0)
            lock.acquire()
        except filelock.Timeout as error:
            raise BusyError(f"另一个程序正在重建 {self.path}，请等它结束再试") from error
        except OSError as error:
            raise IndexFolderError(
                f"不能写入索引文件夹 {self.path}：{error.strerror or error}（{error.filename or self.path}）。请检查权限，或用 --index 换一个位置"
            ) from error
        try:
            self.hook(Step.LOCKED)
            for pattern in DEBRIS:
                for leftover in self.path.glob(pattern):
                    _remove(leftover)
            yield
        except (OSError, sqlite3.OperationalError) as error:
            raise IndexFolderError(self._write_failure(error)) from error
        finally:
            lock.release()

    def _refuse_special_files(self) -> None:
        """Told before the work of hours that ends in replacing CURRENT."""
        for path in (self.path / CURRENT, self.path / LOCK):
            try:
                refuse_special(path)
            except NotADirectoryError:  # the index folder is none; told when it is made
                return
            except OSError as error:
                raise IndexFolderError(f"{path} 应为普通文件（{error.strerror}）。请查明来历，移走后再试") from error

    def _write_failure(self, error: OSError | sqlite3.OperationalError) -> str:
        if isinstance(error, OSError):
            # Without a file's name it may have been a temporary one, on another disk.
            place, reason = error.filename or f"{self.path} 或系统的临时文件夹", error.strerror or str(error)
            is_full = error.errno in _NO_SPACE
        else:
            place, reason = f"{self.path} 或系统的临时文件夹", str(error)
            is_full = error.sqlite_errorname in ("SQLITE_FULL", "SQLITE_IOERR_WRITE")
        what = "磁盘已满，或文件大小受限" if is_full else "写入索引时出错"
        todo = "请腾出空间再重建" if is_full else "请检查磁盘与权限再重建"
        return f"{what}：{reason}（{place}）；已发布的索引没有改动，{todo}"

    @contextlib.contextmanager
    def builder(self) -> Iterator[Path]:
        """Hold the builder's lock, with an empty staging folder; what is left in it afterwards is removed.

        Raises:
            BusyError: another builder holds the lock.
            IndexFolderError: the folder cannot be written, or the disk is full.
        """
        with self.locked(), self.staging() as staging:
            yield staging

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty staging folder; what is left in it afterwards is removed. The lock must be held."""
        staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=self.generations_path))
        try:
            staging.chmod(0o755)
            self.hook(Step.STAGED)
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def time_of_next(self) -> str:
        """When the next generation is created, ISO 8601: now, but never before the newest that lies here.

        Names sort by age: neither a clock that runs backwards nor two builds within a second may undo that.
        """
        created = self.clock().astimezone(UTC).replace(microsecond=0)
        for newest in self.names()[:1]:
            created = max(created, datetime.strptime(newest[:16], STAMP).replace(tzinfo=UTC) + timedelta(seconds=1))
        return created.isoformat()

    def seal(self, staging: Path, manifest: Manifest) -> Generation:
        """Steps 2 and 3: fsync the staged files, write the manifest that lists them."""
        files = {}
        for file in sorted(staging.rglob("*")):
            if file.is_file():
                fsync(file)
                files[file.relative_to(staging).as_posix()] = {"size": file.stat().st_size, "sha256": sha256(file)}
        self.hook(Step.SYNCED)
        manifest = dataclasses.replace(manifest, files=files)
        path = staging / MANIFEST
        path.write_bytes(manifest.to_bytes())
        fsync(path)
        for folder in [*(entry for entry in staging.rglob("*") if entry.is_dir()), staging]:
            fsync(folder)
        self.hook(Step.SEALED)
        return Generation(staging, manifest)

    def publish(self, sealed: Generation, *, keep: int = KEPT_GENERATIONS) -> Generation:
        """Steps 5 to 7: name the staged generation, make it current, keep `keep` generations. The lock must be held."""
        generation = self.give_name(sealed)
        self.make_current(generation.name)
        kept = [generation.name, *(other for other in self.names() if other != generation.name)][: max(keep, 1)]
        for old in self.names():
            if old not in kept:
                self.retire(old)
        self.hook(Step.DONE)
        return generation

    def give_name(self, sealed: Generation) -> Generation:
        """Step 5. A whole generation of that very content may lie there already; then that one stays."""
        target = self.generations_path / sealed.manifest.generation_name()
        if not target.exists():
            sealed.path.rename(target)
            fsync(self.generations_path)
        self.hook(Step.NAMED)
        return Generation(target, sealed.manifest)

    def make_current(self, name: str) -> None:
        """Step 6, the commit point. The lock must be held."""
        with atomic_writer(self.path / CURRENT) as file:
            file.write(f"{name}\n".encode("ascii"))
            file.flush()
            self.hook(Step.CURRENT_WRITTEN)
        self.hook(Step.PUBLISHED)

    def retire(self, name: str, *, even_if_held: bool = False) -> bool:
        """Step 7: delete a generation; one that a reader holds stays for a later builder, and False is returned.

        It loses its name first, in one move, so that a reader sees it whole or not at all.
        """
        path = self.generations_path / name
        away = self.generations_path / f"{_REMOVED_PREFIX}{name}"
        with sole_claim(path) as is_ours:
            if not is_ours and not even_if_held:
                return False
            try:
                path.rename(away)
            except OSError:  # Windows, where somebody has a file of it open
                return False
        self.hook(Step.RETIRED)
        shutil.rmtree(away, ignore_errors=True)
        return True

    def rollback(self, refuses: Callable[[Generation], str | None] = lambda _: None) -> Generation:
        """Publish the newest whole generation that is older than the published one (or the newest, where that is lost).

        Args:
            refuses: why a whole generation could not serve (a sentence), or None where it could.

        Raises:
            BusyError: a builder is at work.
            IndexFolderError: there is no older generation that could serve.
        """
        with self.locked():
            current = self.current_name()
            names = self.names()
            reasons: list[str] = []
            for name in (name for name in names if current not in names or name < str(current)):
                try:
                    generation = self.open_generation(name, thorough=True)
                except GoneError:  # a reader has found it damaged just now and moved it away
                    continue
                except (DamagedError, UnreadableError) as error:
                    reasons.append(str(error))
                    self._quarantine_if_damaged(name, error)
                    continue
                if generation.manifest.segmentation != segmentation_identity():
                    reasons.append(f"{generation.path} 是用另一版词典或 jieba 建的")
                    continue
                if reason := refuses(generation):
                    reasons.append(reason)
                    continue
                self.make_current(name)
                return generation
        why = f"：{'；'.join(reasons)}" if reasons else ""
        raise IndexFolderError(f"{self.path} 里没有更早而能用的一代{why}。当前仍是 {current or '（无）'}；请重建索引")

    def _quarantined(self) -> list[str]:
        try:
            return sorted(path.name for path in (self.path / QUARANTINE).iterdir())
        except OSError:  # there is none, or nobody may look
            return []

    def _quarantine_if_damaged(self, name: str, error: IndexFolderError) -> None:
        if isinstance(error, DamagedError) and not isinstance(error, ForeignError):
            self.quarantine(name)

    def quarantine(self, name: str) -> None:
        """Move a generation out of the readers' way, for someone to look at."""
        path = self.generations_path / name
        target = self.path / QUARANTINE / name
        with contextlib.suppress(OSError):  # a reader may not be allowed to; the warning has been given
            target.parent.mkdir(exist_ok=True)
            if target.exists():  # put back from a copy, and damaged again
                target = target.with_name(f"{name}-{self.clock():%Y%m%dT%H%M%S%f}")
            path.rename(target)
            log.warning("已移到 %s；看过后可以删掉", target)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
