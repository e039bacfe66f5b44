"""One size measured: a whole generation built through the product's own code, then opened and asked."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from corpus.importer import ImportReport, import_records
from corpus.record import DoctorAnswer
from corpus.segment import lexical_tokens
from index import answers, build, search, units, vectors
from index.answers import AnswerStore, Filters
from index.arrays import map_array
from index.embedding_cache import EMBEDDING_CACHE, CachedEncoder
from index.encoder import Encoder, load_encoder
from index.explain import Explainer
from index.generation import IndexFolder
from index.integrity import Stamps
from index.local import LocalIndex
from index.manifest import Generation
from index.resume import InterruptedWork
from index.search import Searcher
from index.units import EMBEDDINGS, PASSAGE, QUESTION, units_of
from index.vector_kinds import exact_nearest
from index.vectors import VectorIndex
from index.words import WordIndex, WordQuestion
from scale.known_sentences import known_points, known_tokens
from scale.likeness import Likeness, MadeEncoder
from scale.made_records import SHARES, made_records
from scale.meters import MemoryWatch, PartMeter, StageMeter, private_memory

RECALL_AT = 100
_SPARED = 10  # every tenth record lends its question to be asked, and nothing to the made ones
_OPENED = 5
#: Beyond that many units a sentence that stood before is not read again; the table says so.
_READ_UP_TO = 200_000


class Real:
    """The real records, split: some are asked, the others are what the made ones are like."""

    def __init__(self, paths: Sequence[Path], most_asked: int) -> None:
        records = [record for record in import_records(paths, ImportReport()) if record.question]
        self.asked = [record.question for record in records[::_SPARED]][:most_asked]
        self.records: list[DoctorAnswer] = [record for place, record in enumerate(records) if place % _SPARED]


def likenesses(real: Real, folder: Path) -> tuple[MadeEncoder, dict[str, Any]]:
    """The encoder that makes vectors, and how like they are. Real embeddings are computed once and kept."""
    encoder = load_encoder()
    cached = CachedEncoder(encoder, EMBEDDING_CACHE)
    units = [unit for record in real.records for unit in units_of(record)]
    texts = {kind: list(dict.fromkeys(unit.text for unit in units if unit.kind == kind)) for kind in (QUESTION, PASSAGE)}
    pools = {QUESTION: cached.encode_questions(texts[QUESTION]), PASSAGE: cached.encode_passages(texts[PASSAGE])}
    fitted = folder / "moves.json"
    moves = json.loads(fitted.read_text()) if fitted.exists() else {}
    made = {kind: Likeness(pool, tuple(moves[str(kind)]) if moves else None) for kind, pool in pools.items()}
    fitted.write_text(json.dumps({kind: one.moves for kind, one in made.items()}))
    told = {
        name: {"moves": made[kind].moves, "vectors": len(pools[kind]), **made[kind].quantiles()}
        for kind, name in ((QUESTION, "questions"), (PASSAGE, "passages"))
    }
    wanted = (encoder.name, encoder.fingerprint, encoder.dimension, encoder.prompts, encoder.max_tokens)
    return MadeEncoder(*wanted, made[QUESTION], made[PASSAGE]), told


def measure_build(real: Real, units: int, folder: Path, scratch: Path) -> dict[str, Any]:
    """Build `units` units into an index folder; the stages' times and memory, and the disk."""
    encoder, told = likenesses(real, scratch)
    is_read = units <= _READ_UP_TO
    if not is_read:
        vars(build)["record_tokens"] = known_tokens(lexical_tokens)
        vars(answers)["read_points"] = known_points(answers.read_points)
    shutil.rmtree(folder, ignore_errors=True)
    index = IndexFolder(folder, stamps=Stamps(scratch / "stamps"))
    work = InterruptedWork(folder, encoder.fingerprint, encoder.dimension, scratch / "interrupted")
    before = private_memory()
    with MemoryWatch() as watch:
        meter = StageMeter(watch)
        began = time.perf_counter(), time.process_time()
        result = build.build_index(made_records(real.records, units), index, encoder, progress=meter, interrupted=work)
        meter.close()
        took = time.perf_counter() - began[0], time.process_time() - began[1]
    files = {name: details["size"] for name, details in result.generation.manifest.files.items()}
    return {
        "records": result.records,
        "units": result.units,
        "seconds": took[0],
        "processor_seconds": took[1],
        "private_bytes_before": before,
        "private_bytes_highest": max(stage["private_bytes"] for stage in meter.stages.values()),
        "stages": meter.stages,
        "is_every_sentence_read": is_read,
        "disk_bytes": sum(files.values()),
        "files": files,
        "vector_index": result.generation.manifest.vector_index,
        "likeness": told,
    }


def measure_search(real: Real, folder: Path, scratch: Path) -> dict[str, Any]:
    """Open the index as a reader does, and ask it."""
    encoder = load_encoder(threads=1)
    plain = load_encoder(threads=1, fast=False)
    assert isinstance(plain, Encoder)
    encoder.encode_questions(real.asked[:3])
    plain.model.encode(real.asked[:3])
    search.warm_up()
    search.prepare_question(real.asked[0])
    index = IndexFolder(folder, stamps=Stamps(scratch / "stamps"))
    began = time.perf_counter()
    index.open(thorough=True)
    hashed = time.perf_counter() - began
    before = private_memory()
    opened = []
    for _ in range(_OPENED):
        began, processor = time.perf_counter(), time.process_time()
        generation = index.open()
        searcher = Searcher(generation, encoder)
        opened.append((time.perf_counter() - began, time.process_time() - processor))
    searches = _ask(searcher, encoder, plain, real.asked)
    grown = private_memory() - before
    recall = {"all": _recall(generation, encoder, real.asked, None)}
    for department in SHARES:
        recall[department] = _recall(generation, encoder, real.asked, Filters(departments=(department,)))
    return {
        "records": len(searcher.store),
        "hash_seconds": hashed,
        "open_seconds": float(np.median([wall for wall, _ in opened])),
        "open_processor_seconds": float(np.median([processor for _, processor in opened])),
        "private_bytes": grown,
        "search": searches,
        "recall": recall,
    }


def _ask(searcher: Searcher, encoder: Any, plain: Encoder, questions: Sequence[str]) -> dict[str, Any]:
    meter = PartMeter()
    search_question = meter.timed(searcher.search, "other")
    # Without the memory of questions: each is encoded.
    searcher._encoded = meter.timed(partial(search.encode_question, encoder, searcher.takes_second_look), "encode")  # type: ignore[assignment]
    for owner, name, part in (
        (WordIndex, "ask", "words arm"),
        (WordQuestion, "best", "words arm"),
        (WordQuestion, "scores", "words arm"),
        (VectorIndex, "search", "vector arm"),
        (LocalIndex, "find", "similarities"),
        (LocalIndex, "token_codes", "second look"),
        (search, "taken_up", "second look"),
        (AnswerStore, "_rows", "store"),
        (search, "group_answers", "grouping"),
        (Explainer, "explain", "explanation"),
        (search, "find_agreement", "agreement"),
        (search, "prepare_question", "spelling"),
        (search, "find_emergencies", "emergencies"),
        (search, "lexical_tokens", "tokens"),
    ):
        meter.wrap(owner, name, part)
    plain_times = []
    for question in (*questions[:10], *questions):  # the first ten only warm up
        began, processor = time.perf_counter(), time.process_time()
        plain.model.encode([question], prompt_name="query")
        plain_times.append((time.perf_counter() - began, time.process_time() - processor))
        search_question(question)
        meter.next_question()
    asked = meter.questions[10:]
    parts = sorted({part for one in asked for part in one})
    by_part = {part: [one.get(part, (0.0, 0.0)) for one in asked] for part in parts}
    whole = [tuple(sum(times[at] for times in one.values()) for at in (0, 1)) for one in asked]
    summary = {part: _summary(times) for part, times in by_part.items()}
    baseline = _summary(plain_times[10:])
    total = _summary(whole)
    ratios = {measure: total[measure] / baseline[measure] for measure in ("p50", "p95", "processor_p50")}
    return {"questions": len(asked), "parts": summary, "whole": total, "fp32_encode": baseline, "ratio": ratios}


def _summary(times: Sequence[Sequence[float]]) -> dict[str, float]:
    """Milliseconds: median and 95th percentile of wall time, median and mean of processor time."""
    wall, processor = (1000 * np.array([pair[at] for pair in times]) for at in (0, 1))
    return {
        "p50": float(np.median(wall)),
        "p95": float(np.quantile(wall, 0.95)),
        "processor_p50": float(np.median(processor)),
        "processor_mean": float(processor.mean()),
    }


def _recall(generation: Generation, encoder: Any, questions: Sequence[str], filters: Filters | None) -> dict[str, float]:
    """Of the nearest units by every embedding, the share that the index finds, and what a question takes."""
    path = generation.path
    embeddings = map_array(path / EMBEDDINGS)
    index = VectorIndex.open(path / vectors.FILE)
    began = time.perf_counter(), time.process_time()
    rows = AnswerStore(path / answers.FILE).allowed(filters) if filters else None
    allowed = None if rows is None else rows[map_array(path / units.FILE)["row"]]
    filtering = time.perf_counter() - began[0], time.process_time() - began[1]
    asked = np.stack([encoder.encode_questions([search.embedded_part(question)])[0] for question in questions])
    numbers = np.arange(len(embeddings)) if allowed is None else np.flatnonzero(allowed)
    among = embeddings if allowed is None else embeddings[numbers]
    best = numbers[exact_nearest(among, asked, min(RECALL_AT, len(numbers)))] if len(numbers) else np.zeros((len(asked), 0))
    shares, times = [], []
    for vector, expected in zip(asked, best, strict=True):
        start, processor = time.perf_counter(), time.process_time()
        found, _ = index.search(vector, RECALL_AT, allowed)
        times.append((time.perf_counter() - start, time.process_time() - processor))
        shares.append(len(np.intersect1d(found, expected)) / max(len(expected), 1))
    return {"units": len(numbers), "recall": float(np.mean(shares)), "filter_ms": 1000 * filtering[0], **_summary(times)}
