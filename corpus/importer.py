"""From files and folders to a clean stream of records: read, clean, drop duplicates, account for what was left out."""

from __future__ import annotations

import dataclasses
import os
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import privacy, readers
from corpus.clean import clean_line, printable
from corpus.dedupe import Deduplicator
from corpus.readers import Doubt, Rejection, Source
from corpus.readers.limits import Limits
from corpus.readers.source import CUT_MARK
from corpus.record import KIND_NAMES, DoctorAnswer

_LISTED_REJECTIONS = 10_000
_LISTED_REASONS = 1_000
# What half a number is made of.
_OF_A_NUMBER = string.printable + "—–"


# A line of a report file: strings, numbers, and counts by name.
Event = dict[str, Any]


@dataclass
class ImportReport:
    """What an import read and what became of it.

    Attributes:
        read: records that were in the files, kept or not.
        rejections: the first ten thousand of what was left out; `rejected` counts all.
        renamed: records whose id was already taken by another text.
        doubts: the first ten thousand places that a person should look at, though the record was kept; `doubted` counts all.
        masked: how many of each kind of personal data were masked; in `masked_records` records.
        listener: told of everything as it is counted, without a limit (for a report file).
    """

    files: int = 0
    read: int = 0
    kept: int = 0
    duplicates: int = 0
    renamed: int = 0
    rejected: int = 0
    truncated: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    doubted: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    masked: Counter[str] = field(default_factory=Counter)
    masked_records: int = 0
    listener: Callable[[Event], None] | None = None

    def doubt(self, doubt: Doubt) -> None:
        """Count something that was kept and should be looked at."""
        self.doubted += 1
        self._tell({"what": "doubt", **_told(doubt)})
        if len(self.doubts) < _LISTED_REJECTIONS:
            self.doubts.append(doubt)

    def reject(self, rejection: Rejection) -> None:
        """Count something that was left out."""
        self.rejected += 1
        self._tell({"what": "rejected", **_told(rejection)})
        reason = printable(re.split("[；。]", rejection.reason)[0])  # the remedy after it may name the file's own columns
        # A reason may quote the file, which may say something else in every line.
        self.reasons[reason if reason in self.reasons or len(self.reasons) < _LISTED_REASONS else "其他原因"] += 1
        if len(self.rejections) < _LISTED_REJECTIONS:
            self.rejections.append(rejection)

    def mask(self, record: DoctorAnswer, counts: Counter[str]) -> None:
        """Count what was masked in a record."""
        if counts:
            self.masked_records += 1
            self.masked += counts
            self._tell({"what": "masked", "id": record.id, "counts": dict(counts)})

    def counts(self) -> Event:
        """All counts, for a report file's last line."""
        names = ("files", "read", "kept", "duplicates", "renamed", "rejected", "doubted", "truncated", "masked_records")
        counters = ("kinds", "reasons", "masked")
        return {name: getattr(self, name) for name in names} | {name: dict(getattr(self, name).most_common()) for name in counters}

    def _tell(self, event: Event) -> None:
        if self.listener:
            self.listener(event)

    def summary(self) -> str:
        """The report in Chinese, a few lines."""
        lines = [
            f"文件 {self.files} 个，读到 {self.read} 条，保留 {self.kept} 条，重复 {self.duplicates} 条，剔除 {self.rejected} 处",
        ]
        if self.kinds:
            kinds = "，".join(f"{name} {self.kinds[kind]}" for kind, name in KIND_NAMES.items() if self.kinds[kind])
            lines.append(f"其中：{kinds}" + (f"；被来源截断 {self.truncated}" if self.truncated else ""))
        if self.renamed:
            lines.append(f"编号与别的记录相同而内容不同、已改编号：{self.renamed} 条")
        if self.masked:
            masked = "，".join(f"{kind} {count}" for kind, count in self.masked.most_common())
            lines.append(f"已隐去个人信息：{masked}（在 {self.masked_records} 条记录里）")
        if self.doubted:
            first = self.doubts[0]
            lines.append(f"请核对：{self.doubted} 处（如 {first}）")
        lines += [f"剔除原因：{reason}（{count} 处）" for reason, count in self.reasons.most_common(20)]
        return "\n".join(lines)


def _masked(text: str) -> str:
    """A remark's text without what tells who an asker is; one that holds no such thing stays as it is.

    Readers cut what they quote, which may cut a number in two; half a number has no shape to be found by and is still eight digits
    of it. So where a quotation was cut, the letters, digits and signs at its end are left out.
    """
    cleaned = clean_line(text)
    *cut, last = cleaned.split(CUT_MARK)
    parts = [*(part.rstrip(_OF_A_NUMBER) for part in cut), last]
    masked = CUT_MARK.join(privacy.mask(part).text for part in parts)
    return text if masked == cleaned else masked


def _told(remark: Rejection | Doubt) -> Event:
    return {"file": str(remark.path), "line": remark.line, "reason": remark.reason, "excerpt": remark.excerpt}


def find_files(paths: Iterable[Path]) -> Iterator[Path | Rejection]:
    """The files under the paths, folders in order of name, and what could not be looked into; hidden files are passed over."""
    for path in paths:
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError as error:  # a name that is too long, a folder that may not be entered
            yield _not_opened(path, error)
            continue
        if is_folder:
            files, unread = _files_below(path)
            yield from files
            yield from unread
            if not files and not unread:
                yield Rejection(path, None, "文件夹里没有文件")
        elif is_there:
            yield path
        else:
            yield Rejection(path, None, "没有这个文件或文件夹")


def _files_below(folder: Path) -> tuple[list[Path], list[Rejection]]:
    """The files under a folder in order of name, and what under it cannot be looked into, which costs itself and nothing else."""
    files: list[Path] = []
    unread: list[Rejection] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: unread.append(_not_opened(Path(error.filename), error))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(place, name) for name in names if not name.startswith(".")):
            try:
                if path.is_file():
                    files.append(path)
            except OSError as error:  # a folder that may be listed and not entered
                unread.append(_not_opened(path, error))
    return sorted(files), unread


def _not_opened(path: Path, error: OSError) -> Rejection:
    return Rejection(path, None, f"打不开：{error.strerror}；请检查路径与权限")


def import_records(
    paths: Iterable[Path],
    report: ImportReport,
    *,
    format_name: str | None = None,
    columns: Mapping[str, str] | None = None,
    on_file: Callable[[Path], None] | None = None,
    limits: Limits | None = None,
    mask_personal: bool = False,
) -> Iterator[DoctorAnswer]:
    """The records of all files, cleaned and of each duplicate the richest copy; `report` is full when they end.

    All files are read before the first record is given, since a richer copy may stand in the last.

    Args:
        paths: files and folders.
        report: counts and rejections are added to it.
        format_name: read every file as this format instead of sniffing.
        columns: our field name -> the column that holds it.
        on_file: told of each file before it is read.
        limits: how much of a file is taken in at once.
        mask_personal: mask what tells who an asker is (`corpus.privacy`), also where a report quotes what was left out.
    """
    seen = Deduplicator()
    for path in find_files(paths):
        if isinstance(path, Rejection):
            report.reject(path)
            continue
        report.files += 1
        if on_file:
            on_file(path)
        for item in readers.read(Source(path, columns or {}, limits or Limits()), format_name=format_name):
            if isinstance(item, DoctorAnswer):
                report.read += 1
                # Before it is put by: the text as it was is written nowhere.
                record, masked = privacy.mask_record(item) if mask_personal else (item, Counter())
                report.mask(record, masked)
                report.duplicates += not seen.add(record)
                continue
            remark = dataclasses.replace(item, reason=_masked(item.reason), excerpt=_masked(item.excerpt)) if mask_personal else item
            if isinstance(remark, Doubt):
                report.doubt(remark)
            else:
                report.reject(remark)
                report.read += remark.line is not None
    for record, renamed in seen.records():
        report.renamed += renamed
        report.kept += 1
        report.kinds[record.kind] += 1
        report.truncated += record.truncated
        yield record
