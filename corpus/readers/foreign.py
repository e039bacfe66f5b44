"""Formats that we do not read but know by their first bytes, and what to do with each: better than to say that we see nothing."""

from __future__ import annotations

import codecs

_SAVE_AS = "请另存为 .xlsx 或 CSV 再导入"
_SAVE_PAGE_AS = "请用浏览器打开，另存为“仅 HTML”的网页再导入"
_UNPACK = "请先解压，再导入里面的文件"

# First bytes -> what it is, what to do. UTF-32 in front of what begins like UTF-16.
_FORMATS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF32_LE, "UTF-32 编码的文字", "请另存为 UTF-8 再导入"),
    (codecs.BOM_UTF32_BE, "UTF-32 编码的文字", "请另存为 UTF-8 再导入"),
    (b"%PDF-", "PDF", "请从来源取得网页、表格或 JSON Lines"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件（.xls、.doc），或加了密码的工作簿", "请去掉密码，另存为 .xlsx 或 CSV 再导入"),
    (b"From: <Saved by", "网页归档（.mhtml）", _SAVE_PAGE_AS),
    (b'From: "Saved by', "网页归档（.mhtml）", _SAVE_PAGE_AS),
    (b"MIME-Version:", "网页归档（.mhtml）或邮件", _SAVE_PAGE_AS),
    (rb"{\rtf", "RTF 文档", _SAVE_AS),
    (b"SQLite format 3\x00", "SQLite 数据库", "请把其中的表导出为 CSV 再导入"),
    (b"PAR1", "Parquet 表", "请转成 CSV 或 JSON Lines 再导入"),
    (b"\x1f\x8b", "压缩了两次的 gzip", "请先解压一次再导入"),
    (b"BZh", "bzip2 压缩文件", _UNPACK),
    (b"\xfd7zXZ\x00", "xz 压缩文件", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩文件", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", _UNPACK),
    (b"Rar!\x1a\x07", "rar 压缩包", _UNPACK),
    (b"\x89PNG\r\n", "图片（PNG）", "图片里的文字读不出"),
    (b"\xff\xd8\xff", "图片（JPEG）", "图片里的文字读不出"),
)
#: Also what workbooks are: told only once no workbook was found in it.
ZIP = (b"PK\x03\x04", "zip 压缩包，里面没有工作簿", _UNPACK)


def foreign_format(head: bytes, formats: tuple[tuple[bytes, str, str], ...] = _FORMATS) -> str | None:
    """A sentence (Chinese) for a file in one of the formats, by its first bytes after decompression; None for any other."""
    return next((f"这是{what}，读不了；{todo}" for magic, what, todo in formats if head.startswith(magic)), None)
