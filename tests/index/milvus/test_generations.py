"""Publishing, switching and asking, over milvus-lite."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from corpus.record import DoctorAnswer
from index.answers import Filters
from index.build import build_index
from index.definitions import Definitions
from index.embedding_cache import CachedEncoder
from index.generation import IndexFolder
from index.holdings import Holdings
from index.late_interaction import LOOKED_AT
from index.local import LocalIndex
from index.manifest import DamagedError, IndexFolderError, NoIndexError
from index.milvus import build as milvus_build
from index.milvus import writing
from index.milvus.address import DEFAULT_ALIAS, MilvusAddress
from index.milvus.build import build_milvus
from index.milvus.collections import GRAPH, Part, collection_name, generation_of
from index.milvus.engine import Engine, EngineError
from index.milvus.publishing import ABANDONED, MilvusGenerations
from index.milvus.removal import remove_record
from index.places import open_searcher, published_name
from index.results import Results
from index.search import Arm, Searcher
from index.units import QUESTION_TOKENS
from tests.index.milvus.conftest import HOSTILE, LOOKED_AT_AGAIN, SECOND_LOOK, open_file, some_records
from tests.index.some_records import numbered
from tests.question_sets import read_set
from tests.stub_encoder import StubEncoder

#: Each test has a server of its own, which takes seconds.
pytestmark = pytest.mark.slow

RECORDS = [numbered(number) for number in range(6)]
TIME = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Searcher, Searcher]]:
    """The same records searched on the disk and in milvus-lite."""
    folder = tmp_path_factory.mktemp("both")
    records = [*some_records(), *SECOND_LOOK]
    build_index(records, folder / "index", StubEncoder(), tokens=True)
    generations = open_file(folder / "answers.db")
    build_milvus(records, generations, StubEncoder(), tokens=True)
    yield Searcher.open(folder / "index", StubEncoder()), Searcher(generations.open(), StubEncoder())
    generations.engine.close()


def assert_same(one: Results, other: Results) -> None:
    """Equal but for the generation's name and the last digits of sums."""
    assert [result.record for result in one.results] == [result.record for result in other.results]
    assert (one.searched, one.answered, one.for_whom, one.agreement, one.corrections, one.red_flags) == (
        (other.searched, other.answered, other.for_whom, other.agreement, other.corrections, other.red_flags)
    )
    for mine, theirs in zip(one.results, other.results, strict=True):
        assert (mine.passage, mine.similar, mine.audience, mine.matched) == (
            theirs.passage,
            theirs.similar,
            theirs.audience,
            theirs.matched,
        )
        assert (mine.score, mine.dense, mine.lexical) == pytest.approx((theirs.score, theirs.dense, theirs.lexical), abs=1e-4)
        assert mine.explanation is not None
        assert theirs.explanation is not None
        assert (mine.explanation.dense_rank, mine.explanation.synonyms) == (theirs.explanation.dense_rank, theirs.explanation.synonyms)


QUESTIONS = [*(question["question"] for question in read_set("starter_questions")[:12]), LOOKED_AT_AGAIN]


@pytest.mark.parametrize("arm", list(Arm))
def test_results_are_those_of_the_local_index(both: tuple[Searcher, Searcher], arm: Arm) -> None:
    local, milvus = both
    for question in QUESTIONS:
        assert_same(local.search(question, arm=arm), milvus.search(question, arm=arm))


def test_a_second_look_changes_the_order_of_most_of_these_questions(both: tuple[Searcher, Searcher]) -> None:
    """Or the test before would pass without one."""
    assert sum(ids(both[1], question, Arm.FUSED) != ids(both[1], question, Arm.RERANKED) for question in QUESTIONS) > len(QUESTIONS) / 2


def ids(searcher: Searcher, question: str, arm: Arm) -> list[str]:
    return [result.record.id for result in searcher.search(question, arm=arm).results]


def test_filters_let_the_same_records_pass_whatever_is_in_them(both: tuple[Searcher, Searcher]) -> None:
    local, milvus = both
    for text in HOSTILE:
        for filters in (Filters(departments=(text,)), Filters(hospital_tiers=(text,)), Filters(doctor_titles=(text,))):
            found = milvus.search("小腿抽筋怎么办", filters=filters)
            assert [result.record.department for result in found.results] == [text]
            assert_same(local.search("小腿抽筋怎么办", filters=filters), found)
    for filters in (
        Filters(since=date(2024, 1, 1)),
        Filters(until=date(2022, 3, 1)),
        Filters(doctor_titles=("主任医师",), since=date(2021, 1, 1), until=date(2023, 12, 31)),
        Filters(doctor_titles=("主任",)),
        Filters(departments=tuple(HOSTILE[:3]), hospital_tiers=tuple(HOSTILE[1:])),
    ):
        assert_same(local.search("小腿抽筋怎么办", filters=filters), milvus.search("小腿抽筋怎么办", filters=filters))


def test_the_store_tells_what_the_local_one_tells(both: tuple[Searcher, Searcher], tmp_path: Path) -> None:
    local, milvus = (searcher.store for searcher in both)
    records = [*some_records(), *SECOND_LOOK]
    assert list(milvus) == list(local) == records
    rows = [len(records) - 1, 0, 3, 3]
    for read in ("kinds", "audiences", "get"):
        assert getattr(milvus, read)(rows) == getattr(local, read)(rows)
    assert [list(points) for points in milvus.points(rows)] == [list(points) for points in local.points(rows)]
    assert [milvus.row_of(record.id) for record in records[-12:]] == list(range(len(records) - 12, len(records)))
    assert milvus.row_of('" or row >= 0 or id_hash == "') is None
    assert milvus.years() == local.years()
    assert milvus.disease_names() == local.disease_names()
    for facet in ("department", "hospital_tier", "doctor_title", "source", "kind"):
        assert milvus.facet(facet) == local.facet(facet)
    Holdings.build(records, tmp_path / "holdings")
    holdings = Holdings(tmp_path / "holdings")
    assert milvus.overview() == holdings.overview()
    for listed in ("newest", "longest"):
        assert getattr(milvus, listed)(8) == getattr(holdings, listed)(8)
    for text in ("", "抽筋", "小腿 抽筋", "没有这样的字"):
        assert milvus.matching(text, 300) == holdings.matching(text, 300)
    assert milvus.matching("抽筋", 0)[0] == holdings.matching("抽筋", 0)[0]
    assert Definitions(milvus).find("高血压怎么办") == Definitions(local).find("高血压怎么办")


def test_answers_vectors_and_their_background_are_the_local_ones(both: tuple[Searcher, Searcher]) -> None:
    local, milvus = (searcher._index for searcher in both)
    assert isinstance(local, LocalIndex)
    assert milvus.background == pytest.approx(local.background, abs=1e-6)
    rows = [5, 2, 200]
    for one, other in zip(local.answer_vectors(rows)[0], milvus.answer_vectors(rows)[0], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_codes_of_tokens_are_the_local_ones(both: tuple[Searcher, Searcher]) -> None:
    local, milvus = (searcher._index for searcher in both)
    long = next(row for row, record in enumerate(both[0].store) if record.id == "r100")  # no question, and 64 passages
    rows, starts = [5, 2, long, 215, 5], [0, 0, 0, 0, 7]
    for one, other in zip(local.token_codes(rows, starts), milvus.token_codes(rows, starts), strict=True):
        np.testing.assert_array_equal(one, other)


class Spelled(StubEncoder):
    """A character is a token, and its vector is one that codes can be worked out of by hand."""

    dimension = 4
    #: The level of a component of 1, of 0 and of -1 is 3, 2 and 0, the first in the lowest bits.
    characters = {"腿": ([1, 0, 0, 0], 0b10101011), "痛": ([-1, 0, 0, 0], 0b10101000), "。": ([0, 0, 0, -1], 0b00101010)}

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        return np.array([self.characters[question[0]][0] for question in questions], dtype=np.float32)

    encode_passages = encode_questions

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        tokens = [np.array([self.characters[one][0] for one in question], dtype=np.float32) for question in questions]
        return self.encode_questions(questions), tokens

    encode_passages_with_tokens = encode_questions_with_tokens


def test_codes_of_tokens_worked_out_by_hand(generations: MilvusGenerations) -> None:
    """The question's, then those of the passage that starts there; of a long question only the first; none without a question."""
    leg, pain, stop = (code for _, code in Spelled.characters.values())
    records = [
        numbered(0, question="痛腿", answer="痛" * 150 + "。" + "腿" * 150 + "。"),
        numbered(1, question="腿" * 100, answer="痛。"),
        numbered(2, question="", answer="腿。"),
    ]
    index = build_milvus(records, generations, Spelled(), tokens=True).index
    assert index.has_tokens
    assert [codes.ravel().tolist() for codes in index.token_codes([1, 2, 0], [0, 0, 151])] == [
        [leg] * QUESTION_TOKENS + [pain, stop],
        [],
        [pain, leg] + [leg] * 150 + [stop],
    ]
    assert index.token_codes([0], [0])[0].ravel().tolist() == [pain, leg] + [pain] * 150 + [stop]
    assert index.token_codes([2], [0])[0].shape == (0, 1)
    assert index.token_codes([], []) == []


def test_what_takes_up_more_of_the_question_comes_first_where_codes_are_kept(generations: MilvusGenerations) -> None:
    kept = Searcher(build_milvus(SECOND_LOOK, generations, StubEncoder(), tokens=True).index, StubEncoder())
    without = Searcher(build_milvus(SECOND_LOOK, generations, StubEncoder()).index, StubEncoder())
    assert [ids(kept, LOOKED_AT_AGAIN, arm)[0] for arm in (Arm.FUSED, Arm.RERANKED)] == ["short", "night"]
    assert ids(without, LOOKED_AT_AGAIN, Arm.RERANKED) == ids(without, LOOKED_AT_AGAIN, Arm.FUSED) == ids(kept, LOOKED_AT_AGAIN, Arm.FUSED)
    assert (kept.takes_second_look, without.takes_second_look) == (True, False)
    assert [codes.shape for codes in without._index.token_codes([0, 1], [0, 0])] == [(0, 16), (0, 16)]


def test_an_encoder_that_gives_no_tokens_builds_an_index_without(generations: MilvusGenerations) -> None:
    class Whole(StubEncoder):
        gives_tokens = False

    index = build_milvus(SECOND_LOOK, generations, Whole(), tokens=True).index
    assert not index.has_tokens
    assert ids(Searcher(index, Whole()), LOOKED_AT_AGAIN, Arm.RERANKED)[0] == "short"


def test_a_generation_of_a_version_without_tokens_is_of_use(
    generations: MilvusGenerations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its units have no such field, and its manifest says nothing of it: it is searched, rolled back to, and forgets records."""
    identity_of = milvus_build.identity_of

    def as_before(encoder: StubEncoder, *, tokens: bool) -> dict[str, object]:
        fields = identity_of(encoder, tokens=tokens)
        del fields["tokens"]
        return fields

    with monkeypatch.context() as patched:
        patched.setattr(milvus_build, "identity_of", as_before)
        earlier = build_milvus(SECOND_LOOK, generations, StubEncoder()).index.name
    build_milvus(SECOND_LOOK, generations, StubEncoder(), tokens=True)
    assert generations.verify() == (generations.names(), [])
    assert ids(Searcher(generations.open(), StubEncoder()), LOOKED_AT_AGAIN, Arm.RERANKED)[0] == "night"
    assert generations.rollback().name == earlier
    old = generations.open()
    fields = generations.engine._client.describe_collection(collection_name(generations.alias, earlier, Part.UNITS))["fields"]
    assert "tokens" not in {field["name"] for field in fields}
    assert not old.has_tokens
    assert ids(Searcher(old, StubEncoder()), LOOKED_AT_AGAIN, Arm.RERANKED)[0] == "short"
    remove_record(generations, "short", caches=tmp_path / "cache", scratch_folder=tmp_path / "scratch")
    left = generations.open()
    assert [record.id for record in left.store] == ["leg", "night", "cough"]
    assert not left.has_tokens
    assert [generations.open(name).has_tokens for name in generations.names()] == [True, False]


def test_codes_are_fetched_for_what_is_looked_at_again_and_once(both: tuple[Searcher, Searcher], monkeypatch: pytest.MonkeyPatch) -> None:
    """A question scores the units of hundreds of records, and codes take more than all else of them."""
    engine = both[1]._index._engine
    milvus = Searcher(MilvusGenerations(engine, DEFAULT_ALIAS).open(), StubEncoder())  # what others have asked for is not at hand
    fetched: list[int] = []
    get, query = engine.get, engine.query

    def watched_get(name: str, keys: list[int], fields: list[str]) -> object:
        fetched.extend(keys if "tokens" in fields else [])
        return get(name, keys, fields)

    def watched_query(name: str, expression: str, fields: list[str], **options: int) -> object:
        assert "tokens" not in fields
        return query(name, expression, fields, **options)

    monkeypatch.setattr(engine, "get", watched_get)
    monkeypatch.setattr(engine, "query", watched_query)
    for _ in range(2):
        milvus.search("小腿抽筋怎么办")
    assert 0 < len(fetched) <= 2 * LOOKED_AT
    assert len(set(fetched)) == len(fetched)


def test_codes_count_in_a_message(generations: MilvusGenerations, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty answers of some 150 tokens of 16 bytes: 130,000 characters of codes, and 60,000 bytes of all else."""
    monkeypatch.setattr(writing, "_MESSAGE", 100_000)
    messages: list[int] = []
    insert = generations.engine.insert

    def watched(name: str, rows: list[dict]) -> None:
        messages.append(sum(len(piece) for row in rows for piece in row.get("tokens", ())))
        insert(name, rows)

    monkeypatch.setattr(generations.engine, "insert", watched)
    build_milvus(
        [numbered(number, answer=f"这是第{number}个回答。" + "多喝水，" * 35) for number in range(40)],
        generations,
        StubEncoder(),
        tokens=True,
    )
    assert sum(messages) > 120_000
    assert max(messages) < 100_000


@pytest.mark.parametrize("tokens", [True, False])
def test_an_encoder_that_remembers_embeds_nothing_twice(generations: MilvusGenerations, tmp_path: Path, tokens: bool) -> None:
    encoder = StubEncoder()
    records = [*RECORDS, numbered(7, question="")]
    index = build_milvus(records, generations, CachedEncoder(encoder, tmp_path / "cache"), tokens=tokens, scratch_folder=tmp_path).index
    assert index.has_tokens == tokens
    assert Counter(encoder.encoded) == Counter([*(record.question for record in RECORDS), *(record.answer for record in records)])


def test_publishing_switches_the_alias_and_keeps_so_many(generations: MilvusGenerations) -> None:
    assert generations.current_name() is None
    names = []
    for count in (2, 3, 4):
        built = build_milvus(RECORDS[:count], generations, StubEncoder(), keep=2)
        assert generations.current_name() == built.index.name
        names.append(built.index.name)
    assert generations.names() == names[:0:-1]
    assert len(generations.engine.collections()) == 2 * len(Part)
    assert len(generations.open().store) == 4


def test_a_reader_of_the_last_generation_is_not_disturbed(generations: MilvusGenerations) -> None:
    old = Searcher(build_milvus(RECORDS[:3], generations, StubEncoder()).index, StubEncoder())
    build_milvus(RECORDS, generations, StubEncoder())
    assert len(old.search("第1个问题怎么办").results) == 3
    assert len(Searcher(generations.open(), StubEncoder()).search("第1个问题怎么办").results) == 6


def test_a_build_that_fails_leaves_what_is_published(generations: MilvusGenerations, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_milvus(RECORDS[:3], generations, StubEncoder()).index.name

    def broken(records: list[DoctorAnswer]) -> Iterator[DoctorAnswer]:
        yield from records
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_milvus(broken(RECORDS), generations, StubEncoder())
    with pytest.raises(IndexFolderError, match="没有一条可用的记录"):
        build_milvus([], generations, StubEncoder())

    class Forgetful(StubEncoder):
        """Encodes a question differently when it is asked than when it was stored."""

        def encode_questions(self, questions: list[str]) -> np.ndarray:
            vectors = super().encode_questions(questions)
            return vectors if len(questions) > 1 else -vectors

    with pytest.raises(DamagedError, match="向量答不出检验问题"):
        build_milvus(RECORDS, generations, Forgetful())
    monkeypatch.setattr(generations.engine, "point", lambda *_: (_ for _ in ()).throw(EngineError("断了")))
    with pytest.raises(EngineError, match="断了"):
        build_milvus(RECORDS, generations, StubEncoder())
    assert generations.current_name() == first
    assert generations.names() == [first]
    assert len(generations.engine.collections()) == len(Part)
    assert len(generations.open().store) == 3


def test_rollback_switches_back_and_says_when_it_cannot(generations: MilvusGenerations) -> None:
    first, second = (build_milvus(RECORDS[:count], generations, StubEncoder()).index.name for count in (3, 4))
    assert generations.rollback().name == first
    assert generations.current_name() == first
    assert generations.names() == [second, first]
    with pytest.raises(IndexFolderError, match="没有更早而能用的一代"):
        generations.rollback()
    assert generations.current_name() == first
    third = build_milvus(RECORDS, generations, StubEncoder()).index.name
    assert generations.names()[0] == third > second


def test_what_a_killed_builder_left_is_dropped_a_day_later(tmp_path: Path) -> None:
    generations = open_file(tmp_path / "a.db")
    now = [TIME]
    generations = MilvusGenerations(generations.engine, "doctor_answers", lambda: now[0])
    abandoned = collection_name("doctor_answers", f"{TIME:%Y%m%dT%H%M%SZ}-{'0' * 16}", Part.RECORDS)
    schema, indexes = generations.engine.schema(), generations.engine.indexes()
    from pymilvus import DataType

    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)
    indexes.add_index("nothing", index_type="FLAT", metric_type="IP")
    for name in (abandoned, "somebody_elses"):
        generations.engine.create(name, schema, indexes)
    build_milvus(RECORDS, generations, StubEncoder())
    assert generations.names() == [name for name in generations.names() if "0" * 16 not in name]
    assert generations.engine.has(abandoned)
    now[0] = TIME + ABANDONED + timedelta(seconds=1)
    build_milvus(RECORDS, generations, StubEncoder())
    assert not generations.engine.has(abandoned)
    assert generations.engine.has("somebody_elses")
    generations.engine.close()


def test_two_aliases_in_one_file_do_not_see_each_other(generations: MilvusGenerations) -> None:
    other = MilvusGenerations(generations.engine, "doctor_answers_2")
    first = build_milvus(RECORDS[:2], generations, StubEncoder(), keep=1).index.name
    build_milvus(RECORDS[:3], other, StubEncoder(), keep=1)
    assert generations.names() == [first]
    assert (len(generations.open().store), len(other.open().store)) == (2, 3)


def test_a_graph_finds_the_same_where_it_is_small(generations: MilvusGenerations) -> None:
    index = build_milvus(RECORDS, generations, StubEncoder(), exact_up_to=3).index
    assert index._parameters["ef"] > 200
    assert GRAPH == "HNSW"
    assert Searcher(index, StubEncoder()).search("第3个问题怎么办").results[0].record == RECORDS[3]


@pytest.mark.parametrize("part", list(Part))
def test_a_missing_collection_is_named(generations: MilvusGenerations, part: Part) -> None:
    name = build_milvus(RECORDS, generations, StubEncoder()).index.name
    collection = collection_name(generations.alias, name, part)
    generations.engine.drop(collection)
    if part is Part.MANIFEST:  # milvus-lite drops the alias with it; a server refuses to drop it
        with pytest.raises(NoIndexError, match="没有索引"):
            generations.open()
        return
    with pytest.raises(DamagedError, match=f"缺少集合 {collection}"):
        generations.open()


def test_what_is_not_as_it_was_published_is_refused(generations: MilvusGenerations) -> None:
    older = build_milvus(RECORDS[:3], generations, StubEncoder()).index.name
    damaged = build_milvus(RECORDS, generations, StubEncoder()).index.name
    generations.engine._client.delete(collection_name(generations.alias, damaged, Part.RECORDS), filter="row == 2")
    with pytest.raises(DamagedError, match="记录有 5，清单说应为 6"):
        generations.open()
    whole, problems = generations.verify()
    assert whole == [older]
    assert len(problems) == 1
    assert generations.rollback().name == older
    sealed = collection_name(generations.alias, older, Part.MANIFEST)
    generations.engine._client.upsert(sealed, [{"name": "summary", "body": ["{}"], "nothing": [0.0, 1.0]}])
    with pytest.raises(DamagedError, match="与发布时不同"):
        generations.open()


def test_verifying_loads_one_generation_at_a_time_and_leaves_the_memory_as_it_was(
    generations: MilvusGenerations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each generation takes as much of the server's memory as the published one, and it may have been sized for two."""
    third, second, first = (build_milvus(RECORDS[:count], generations, StubEncoder(), keep=3).index.name for count in (2, 3, 4))
    for name in (second, third):
        for part in Part:
            generations.engine.release(collection_name(generations.alias, name, part))
    most: list[set[str]] = []
    load = generations.engine.load

    def watched(name: str) -> None:
        load(name)
        most.append(loaded(generations))

    monkeypatch.setattr(generations.engine, "load", watched)
    assert generations.verify() == ([first, second, third], [])
    assert {frozenset(names) for names in most} == {frozenset({first}), frozenset({first, second}), frozenset({first, third})}
    assert loaded(generations) == {first}
    damaged = collection_name(generations.alias, second, Part.RECORDS)
    load(damaged)
    generations.engine._client.delete(damaged, filter="row == 0")
    generations.engine.release(damaged)
    assert generations.verify()[0] == [first, third]
    assert generations.rollback().name == third
    assert loaded(generations) == {first, third}


def loaded(generations: MilvusGenerations) -> set[str]:
    """The generations of which something is in the server's memory."""
    found = {name for name in generations.engine.collections() if generations.engine.is_loaded(name)}
    return {generation[0] for name in found if (generation := generation_of(generations.alias, name))}


def test_another_encoder_is_refused(generations: MilvusGenerations) -> None:
    index = build_milvus(RECORDS, generations, StubEncoder("stub-1")).index
    with pytest.raises(IndexFolderError, match="另一个编码器"):
        Searcher(index, StubEncoder("stub-2"))


def test_failures_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generations: MilvusGenerations) -> None:
    with pytest.raises(NoIndexError, match=r"没有索引 doctor_answers.*rebuild_index"):
        generations.open()
    with pytest.raises(NoIndexError, match=r"没有 .*nothing\.db.*rebuild_index"):
        published_name(f"milvus:{tmp_path / 'nothing.db'}")
    assert not (tmp_path / "nothing.db").exists()
    with pytest.raises(EngineError, match=r"连不上 Milvus（http://127\.0\.0\.1:1）"):
        open_searcher("milvus:http://127.0.0.1:1", StubEncoder())
    with pytest.raises(EngineError, match="没有文件夹"):
        Engine(MilvusAddress(str(tmp_path / "no" / "a.db")), create=True)
    with pytest.raises(EngineError, match=r"没有做成 query：.*再试一次"):
        generations.engine.query("nothing", "row == 1", ["row"])
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(EngineError, match=r"没有安装 pymilvus.*requirements-milvus"):
        Engine(MilvusAddress("http://127.0.0.1:1"))


def test_a_file_that_another_process_has_open_is_said(tmp_path: Path) -> None:
    pytest.importorskip("milvus_lite")
    path = tmp_path / "a.db"
    holder = "import sys\nfrom pymilvus import MilvusClient\nMilvusClient(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", holder, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(EngineError, match="另一个程序正开着它"):
            Engine(MilvusAddress(str(path)))
        other.communicate()


def test_an_alias_of_something_else_is_not_taken(generations: MilvusGenerations) -> None:
    name = build_milvus(RECORDS, generations, StubEncoder()).index.name
    generations.engine.point("taken", collection_name(generations.alias, name, Part.MANIFEST))
    with pytest.raises(EngineError, match="换一个别名"):
        MilvusGenerations(generations.engine, "taken").open()


def test_an_address_opens_either(tmp_path: Path, closing_shared: Callable[[], None]) -> None:
    build_index(RECORDS[:2], tmp_path / "index", StubEncoder())
    generations = open_file(tmp_path / "a.db")
    name = build_milvus(RECORDS, generations, StubEncoder()).index.name
    assert published_name(tmp_path / "index") == IndexFolder(tmp_path / "index").current_name()
    assert published_name(f"milvus:{tmp_path / 'a.db'}") == name
    for address, count in ((tmp_path / "index", 2), (f"milvus:{tmp_path / 'a.db'}", 6)):
        assert len(open_searcher(address, StubEncoder()).store) == count
    generations.engine.close()
