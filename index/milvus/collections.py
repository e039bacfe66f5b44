"""The collections of a generation: their names, their fields, and what a filter is in the engine's words.

A generation is three collections, named `<alias>_<generation>_<part>`:

    records   one row a record: what filters and the word arm need, and the record itself
    units     one row a unit: its vector, where it stands, what filters need, and the codes of its tokens where those are kept
    manifest  what the generation says of itself; made last, so that a generation without one is not finished

The alias stands for the `manifest` collection, whose name tells the other two: one switch changes all three.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from corpus.record import DoctorAnswer
from index.answers import Filters
from index.manifest import NAME
from index.milvus.engine import Engine

#: Units up to which every vector is compared; beyond that a graph (HNSW) is searched, which may miss a few.
EXACT_UP_TO = 1_000_000
EXACT, GRAPH = "FLAT", "HNSW"
#: How many neighbours the graph keeps in view while it is searched; more miss fewer.
GRAPH_SEARCH = {"ef": 800}
_GRAPH_BUILD = {"M": 24, "efConstruction": 300}

_LONGEST = 65_535  # bytes, what a VARCHAR holds at most
_PIECE = 16_000  # characters, at most four bytes each
_MOST_PIECES = 4_096
_MOST_TITLES = 40  # words of a title of which every run is stored


class Part(StrEnum):
    """A collection of a generation."""

    RECORDS = "records"
    UNITS = "units"
    MANIFEST = "manifest"


def collection_name(alias: str, generation: str, part: Part) -> str:
    """`<alias>_<time>_<hash>_<part>`: letters, digits and underscores are all that Milvus takes."""
    return f"{alias}_{generation.replace('-', '_')}_{part}"


def generation_of(alias: str, collection: str) -> tuple[str, Part] | None:
    """The generation and part that a collection is; None for a collection that is none of this alias."""
    found = re.fullmatch(rf"{re.escape(alias)}_([0-9TZ]+)_([0-9a-f]+)_({'|'.join(Part)})", collection)
    if not found or not NAME.fullmatch(name := f"{found[1]}-{found[2]}"):
        return None
    return name, Part(found[3])


def create_records(engine: Engine, name: str) -> None:
    """Make an empty collection of records."""
    from pymilvus import DataType

    schema, indexes = engine.schema(), engine.indexes()
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("id_hash", DataType.VARCHAR, max_length=64)
    schema.add_field("kind", DataType.VARCHAR, max_length=64)
    schema.add_field("groups", DataType.VARCHAR, max_length=_LONGEST)
    schema.add_field("question", DataType.VARCHAR, max_length=_LONGEST)
    _add_pieces(schema, "body")
    schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
    _add_filtered(schema)
    indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    indexes.add_index("id_hash", index_type="INVERTED")
    engine.create(name, schema, indexes)


def create_units(engine: Engine, name: str, dimension: int, kind: str, *, tokens: bool) -> None:
    """Make an empty collection of units.

    Args:
        engine: the server.
        name: of the collection.
        dimension: of a vector.
        kind: how vectors are compared, `EXACT` or `GRAPH`.
        tokens: whether every row has the codes of its tokens; collections of versions before these had no such field either.
    """
    from pymilvus import DataType

    schema, indexes = engine.schema(), engine.indexes()
    schema.add_field("unit", DataType.INT64, is_primary=True)
    for field in ("row", "kind", "start", "end"):
        schema.add_field(field, DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    if tokens:
        # They take more than all the rest and are read for the few best of a search: a server leaves them on its disk.
        _add_pieces(schema, "tokens", mmap_enabled=True)
    _add_filtered(schema)
    indexes.add_index("vector", index_type=kind, metric_type="IP", params=_GRAPH_BUILD if kind == GRAPH else {})
    indexes.add_index("row", index_type="INVERTED")
    engine.create(name, schema, indexes)


def create_manifest(engine: Engine, name: str) -> None:
    """Make an empty collection for texts by name."""
    from pymilvus import DataType

    schema, indexes = engine.schema(), engine.indexes()
    schema.add_field("name", DataType.VARCHAR, is_primary=True, max_length=64)
    _add_pieces(schema, "body")
    schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)  # Milvus wants a vector in every collection
    indexes.add_index("nothing", index_type=EXACT, metric_type="IP")
    engine.create(name, schema, indexes)


def _add_filtered(schema: Any) -> None:
    from pymilvus import DataType

    schema.add_field("department", DataType.VARCHAR, max_length=_LONGEST)
    schema.add_field("hospital_tier", DataType.VARCHAR, max_length=_LONGEST)
    _add_pieces(schema, "titles")
    schema.add_field("published", DataType.INT64)


def _add_pieces(schema: Any, field: str, **options: bool) -> None:
    """Add a field that is a list of texts."""
    from pymilvus import DataType

    text = {"element_type": DataType.VARCHAR, "max_capacity": _MOST_PIECES, "max_length": _LONGEST}
    schema.add_field(field, DataType.ARRAY, **text, **options)


def pieces(text: str) -> list[str]:
    """A text of any length as the engine keeps it."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


def packed(codes: np.ndarray) -> list[str]:
    """The codes of some tokens, uint8 [tokens, width], as the engine keeps them: it has no field for bytes, and one text is too short."""
    return pieces(base64.b64encode(codes.tobytes()).decode("ascii"))


def unpacked(texts: Sequence[str], width: int) -> np.ndarray:
    """What `packed` was given, for codes so wide; uint8 [tokens, width]."""
    return np.frombuffer(base64.b64decode("".join(texts)), dtype=np.uint8).reshape(-1, width)


def filtered_fields(record: DoctorAnswer) -> dict[str, Any]:
    """What a record's row, and the rows of its units, are filtered by. What it does not say is empty, or 0."""
    return {
        "department": record.department or "",
        "hospital_tier": record.hospital_tier or "",
        "titles": _titles(record.doctor_title or ""),
        "published": _day(record.published.isoformat()) if record.published else 0,
    }


def _titles(title: str) -> list[str]:
    """Every run of whole words of a title, since `主任医师 教授` is found by either and by both."""
    words = title.split(" ")
    if len(words) > _MOST_TITLES:
        return sorted({*words, title} - {""})
    return sorted({" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)} - {""})


def _day(day: str) -> int:
    return int(day.replace("-", ""))


def quoted(text: str) -> str:
    """A text as the engine's expressions have it. JSON's escapes are among theirs; unescaped text would be code."""
    return json.dumps(text, ensure_ascii=False)


def expression_of(filters: Filters) -> str:
    """What a record's row, or a unit's, must fulfil; empty without a filter."""
    clauses = []
    for field, wanted in (("department", filters.departments), ("hospital_tier", filters.hospital_tiers)):
        if wanted:
            clauses.append(f"{field} in {_list(wanted)}" if any(wanted) else "row < 0")
    if filters.doctor_titles:
        clauses.append(f"array_contains_any(titles, {_list(filters.doctor_titles)})" if any(filters.doctor_titles) else "row < 0")
    if filters.since:
        clauses.append(f"published >= {_day(filters.since.isoformat())}")
    if filters.until:
        clauses.append(f"published > 0 and published <= {_day(filters.until.isoformat())}")
    return " and ".join(clauses)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(quoted(value) for value in values if value)}]"


def containing(field: str, words: Sequence[str]) -> str:
    """That a field has every one of these words in it; empty for none.

    What means something in a pattern or a quotation stands for any one character.
    """
    return " and ".join(f'{field} like "%{_pattern(word)}%"' for word in words)


def _pattern(word: str) -> str:
    return re.sub(r"[%_\\\"'\x00-\x1f]", "_", word)


def batches(rows: Sequence[int], size: int) -> Iterator[list[int]]:
    """Rows in lists that are not longer than `size`."""
    for start in range(0, len(rows), size):
        yield [int(row) for row in rows[start : start + size]]
