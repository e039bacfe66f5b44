"""From what the rounds measured to one result: medians and spread, ratios to the targets, a table in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.encoder_benchmark import Timing
from peers.contestant import CONTESTANTS
from peers.measuring import ASKERS, percentiles

#: Name of the stage that embeds, as `index.build` reports it; and of the last, which checks and publishes.
EMBED, PUBLISH = "编码", "校验与发布"
OURS, PLAIN = "ours", "plain-units"


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio to be compared with a bound.

    Attributes:
        what: in words (Chinese).
        value: as measured; None where something it needs was not measured.
        bound: the bound.
        at_least: whether the value should be no less than the bound, or else no more.
    """

    what: str
    value: float | None
    bound: float
    at_least: bool

    @property
    def is_reached(self) -> bool | None:
        """None where there is no value."""
        if self.value is None:
            return None
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def to_dict(self) -> dict[str, Any]:
        """For `--json`."""
        sign = ">=" if self.at_least else "<="
        return {"what": self.what, "value": _rounded(self.value), "target": f"{sign} {self.bound:g}", "reached": self.is_reached}


def summarise(builds: Sequence[Mapping[str, Any]], searches: Sequence[Mapping[str, Any]], records: int) -> dict[str, Any]:
    """One contestant's rounds as one: medians, spreads, and percentiles over the questions of all rounds.

    Args:
        builds: what `measuring.measure_build` found, round by round.
        searches: what `measuring.measure_search` found, round by round.
        records: how many records were built.
    """
    seconds = Timing(tuple(found["build_seconds"] for found in builds))
    several = [found["askers_per_second"] for found in searches if found["askers_per_second"] is not None]
    one = median([found["one_asker_per_second"] for found in searches])
    stages = {name: median([found["stages"][name] for found in builds]) for name in builds[0]["stages"]}
    private = [found["private_mb"] for found in searches if found["private_mb"] is not None]
    return {
        "records_per_second": records / seconds.median,
        "build_seconds": seconds.median,
        "build_spread": seconds.spread,
        "load_seconds": median([found["load_seconds"] for found in builds]),
        "stages": stages,
        "peak_mb": max((found["peak_mb"] for found in builds if found["peak_mb"] is not None), default=None),
        "disk_mb": builds[-1]["disk_mb"],
        "search_ms": percentiles([value for found in searches for value in found["search_ms"]]),
        "search_spread": Timing(tuple(median(found["search_ms"]) for found in searches)).spread,
        "encode_ms": percentiles([value for found in searches for value in found["encode_ms"]]),
        "one_asker_per_second": one,
        "askers_per_second": median(several) if several else None,
        "askers_gain": median(several) / one if several else None,
        "private_mb": median(private) if private else None,
    }


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return Timing(tuple(values)).median


def text_share(stages: Mapping[str, float]) -> float | None:
    """Share of a build that is neither embedding nor publishing: cleaning, cutting, words and both indexes; None without stages."""
    total = sum(stages.values())
    if EMBED not in stages or PUBLISH not in stages or not total:
        return None
    return 1 - (stages[EMBED] + stages[PUBLISH]) / total


def summarise_scale(count: int, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, float]:
    """Our search among `count` records, milliseconds, and what the plain recipe needs to encode the same questions."""
    searching = percentiles([value for one in found[OURS] for value in one["search_ms"]])
    encoding = [value for one in found.get(PLAIN, ()) for value in one["encode_ms"]]
    askers = [one["askers_per_second"] / one["one_asker_per_second"] for one in found[OURS] if one["askers_per_second"]]
    shown = {"records": count, **searching}
    return shown | ({"askers_gain": median(askers)} if askers else {}) | ({"encode_p50": median(encoding)} if encoding else {})


def targets(
    contestants: Mapping[str, Mapping[str, Any]], start: Mapping[str, float], scale: Mapping[str, float] | None = None
) -> list[Target]:
    """What was aimed at, and what came out; what a question costs is compared among many records too where that was measured."""
    ours, plain = contestants.get(OURS), contestants.get(PLAIN)
    peers = [found["records_per_second"] for name, found in contestants.items() if not name.startswith("plain") and name != OURS]
    command, library = start.get("command"), start.get("library")

    def ratio(over: float | None, under: float | None) -> float | None:
        return over / under if over is not None and under else None

    rate = ours["records_per_second"] if ours else None
    many = [
        Target(
            f"提问：{scale['records']} 条里的整个搜索 / 只用 fp32 编码同一批问题（p50）",
            ratio(scale.get("p50"), scale.get("encode_p50")),
            1.2,
            False,
        )
    ] if scale else []  # fmt: skip
    return [
        Target(
            "建索引：本项目 / 同样段落的 fp32 + FAISS（记录每秒）", ratio(rate, plain["records_per_second"] if plain else None), 3, True
        ),
        Target("建索引：本项目 / 最快的别家（记录每秒）", ratio(rate, max(peers, default=None)), 3, True),
        Target("建索引：清洗、分词与索引占的时间", text_share(ours["stages"]) if ours else None, 0.10, False),
        Target(
            "提问：整个搜索 / 只用 fp32 编码同一批问题（p50）",
            ratio(ours["search_ms"]["p50"] if ours else None, plain["encode_ms"]["p50"] if plain else None),
            1.2,
            False,
        ),
        Target(f"提问：{ASKERS} 人同时 / 一人（每秒问题数，两核）", ours["askers_gain"] if ours else None, 1.6, True),
        Target("命令行第一个回答 / 只导入 sentence-transformers 并载入权重", ratio(command, library), 2, False),
        *many,
    ]


def machine_shares(
    machine: Mapping[str, float], contestants: Mapping[str, Mapping[str, Any]], gflop_of_units: float, vector_gb: float
) -> dict[str, float]:
    """How much of what the machine can do each contestant's embedding reaches, and the least time for reading all vectors once.

    Args:
        machine: `machine.measure_machine`.
        contestants: summaries by name; those without stages are left out.
        gflop_of_units: to embed all passages, without padding.
        vector_gb: size of all vectors, float32.
    """
    shares = {
        f"{name}: embedding, share of fp32 matmul on all threads": gflop_of_units / found["stages"][EMBED] / machine["fp32_gflops_all"]
        for name, found in contestants.items()
        if found["stages"].get(EMBED) and name in (OURS, PLAIN)
    }
    if OURS in contestants and contestants[OURS]["stages"].get(EMBED):
        rate = gflop_of_units / contestants[OURS]["stages"][EMBED]
        # A processor that only emulates bfloat16 is slower in it, and then nothing of ours runs in it.
        if machine["bf16_gflops_all"] > machine["fp32_gflops_all"]:
            shares[f"{OURS}: embedding, share of bf16 matmul on all threads"] = rate / machine["bf16_gflops_all"]
        # A scan only reads; copying moves each byte twice.
        least = 1000 * vector_gb / machine["copy_gb_per_second"]
        shares[f"{OURS}: least ms to read all vectors at the rate of copying, share of the search's p50"] = (
            least / contestants[OURS]["search_ms"]["p50"]
        )
    return shares


_HEAD = (
    "做法",
    "建索引 条/秒（散布）",
    "内存峰值 MB",
    "磁盘 MB",
    "提问 p50 / p95 / p99 ms",
    "其中编码 p50 ms",
    f"1 人 → {ASKERS} 人 问/秒",
    "常驻（私有）MB",
    "nDCG@10",
    "Recall@100",
)


def markdown(result: Mapping[str, Any]) -> str:
    """The result as `docs/BENCHMARK.md` shows it."""
    rows = ["| " + " | ".join(_HEAD) + " |", "|" + "---|" * len(_HEAD)]
    rows += [f"| {' | '.join(_cells(name, found))} |" for name, found in result["contestants"].items()]
    stages = result["contestants"].get(OURS, {}).get("stages", {})
    total = sum(stages.values())
    lines = [*rows, ""]
    if total:
        told = "，".join(f"{name} {seconds:.2f} 秒（{seconds / total:.1%}）" for name, seconds in stages.items())
        lines += [f"本项目建索引各步：{told}。", ""]
    lines += ["| 目标 | 实测 | 达到 |", "|---|---|---|"]
    said = {True: "是", False: "否", None: "没有测"}
    lines += [f"| {one['what']}：{one['target']} | {_number(one['value'], 3)} | {said[one['reached']]} |" for one in result["targets"]]
    lines += ["", "| 机器 | |", "|---|---|"]
    lines += [f"| {name} | {_number(value, 2)} |" for name, value in (result["machine"] | result["machine_shares"]).items()]
    return "\n".join(lines) + "\n"


def _cells(name: str, found: Mapping[str, Any]) -> list[str]:
    asked = found["search_ms"]
    return [
        CONTESTANTS[name].what,
        f"{found['records_per_second']:.1f}（±{found['build_spread']:.0%}）",
        _number(found["peak_mb"], 0),
        f"{found['disk_mb']:.1f}",
        f"{asked['p50']:.1f} / {asked['p95']:.1f} / {asked['p99']:.1f}",
        f"{found['encode_ms']['p50']:.1f}",
        f"{found['one_asker_per_second']:.1f} → {_number(found['askers_per_second'], 1)}",
        _number(found["private_mb"], 0),
        _number(found.get("ndcg10"), 1),
        _number(found.get("recall100"), 1),
    ]


def _number(value: float | None, digits: int) -> str:
    return "—" if value is None else f"{value:.{digits}f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
