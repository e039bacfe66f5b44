from __future__ import annotations

from pathlib import Path

from corpus.importer import ImportReport, import_records
from tests import pages


def test_a_folder_of_everything_is_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "page").write_text(pages.as_text(), encoding="utf-8")
    (tmp_path / "page.html").write_text(pages.as_cards(), encoding="utf-8")
    (tmp_path / "more.csv").write_text("问题,回答\n咳嗽,喝水。\n头痛,\n", encoding="utf-8")
    (tmp_path / "junk").write_bytes(bytes(range(256)))
    (tmp_path / ".hidden").write_text("问题,回答\n隐藏,隐藏。\n", encoding="utf-8")
    report = ImportReport()
    records = list(import_records([tmp_path, tmp_path / "absent"], report))
    assert report.files == 4
    assert len(records) == report.kept == 6
    assert report.duplicates == 5  # the same page twice
    assert report.rejected == 3  # an empty answer, the junk, the path that is not there
    assert report.read == report.kept + report.duplicates + 1
    assert "回答为空" in report.summary()
    assert len({record.id for record in records}) == len(records)
