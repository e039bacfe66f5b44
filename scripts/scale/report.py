"""The measured sizes as Markdown tables and as a plot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

_MIB = 2**20
_ARMS = ("encode", "words arm", "vector arm", "store", "grouping")


def table(measured: dict[str, Any]) -> str:
    """What was measured, one column a size."""
    sizes = measured["sizes"]
    lines = ["| | " + " | ".join(f"{one['build']['units']:,} units" for one in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    for name, value in _rows(sizes):
        lines.append(f"| {name} | " + " | ".join(value(one) for one in sizes) + " |")
    lines += ["", "Similarity of the neighbour at rank 1, 10, 100 (quantiles 5, 25, 50, 75, 95 %), real and made:", ""]
    for kind, told in sizes[-1]["build"]["likeness"].items():
        for rank in told["real"]:
            lines.append(f"- {kind}, rank {rank}: real {told['real'][rank]}, made {told['made'][rank]}")
    return "\n".join(lines)


def _rows(sizes: list[dict[str, Any]]) -> list[tuple[str, Callable[[dict[str, Any]], str]]]:
    rows: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
        ("records", lambda one: f"{one['build']['records']:,}"),
        ("index kind", lambda one: _kind(one["build"]["vector_index"])),
        ("build without the encoder, s (processor s)", lambda one: _pair(one["build"])),
    ]
    rows += [(f"&nbsp; {stage}", partial(_stage, stage)) for stage in sizes[0]["build"]["stages"]]
    rows += [
        ("each sentence read for each record", lambda one: "yes" if one["build"]["is_every_sentence_read"] else "once"),
        ("build, private memory at most, MiB", lambda one: f"{one['build']['private_bytes_highest'] / _MIB:,.0f}"),
        ("disk, MiB", lambda one: f"{one['build']['disk_bytes'] / _MIB:,.0f}"),
        ("first hash check, s", lambda one: f"{one['search']['hash_seconds']:.1f}"),
        ("open, ms (processor ms)", lambda one: _open(one["search"])),
        ("private memory beside the encoder, MiB", lambda one: f"{one['search']['private_bytes'] / _MIB:,.0f}"),
        ("plain fp32 encode, ms", lambda one: _times(one["search"]["search"]["fp32_encode"])),
        ("whole search, ms: p50 / p95 (processor p50)", lambda one: _times(one["search"]["search"]["whole"])),
        ("whole search by plain encode, wall / processor", lambda one: _ratio(one["search"]["search"]["ratio"])),
    ]
    parts = sorted({part for one in sizes for part in one["search"]["search"]["parts"]})
    rows += [(f"&nbsp; {part}", partial(_part, part)) for part in parts]
    return rows + [(f"recall@100, {name}; search ms", partial(_recall, name)) for name in sizes[0]["search"]["recall"]]


def _stage(stage: str, one: dict[str, Any]) -> str:
    return _pair(one["build"]["stages"][stage])


def _part(part: str, one: dict[str, Any]) -> str:
    return _times(one["search"]["search"]["parts"].get(part))


def _kind(kind: dict[str, Any]) -> str:
    return f"{kind['kind']}, {kind['probes']} of {kind['lists']} lists" if kind["lists"] else str(kind["kind"])


def _pair(stage: dict[str, float]) -> str:
    return f"{stage['seconds']:.1f} ({stage['processor_seconds']:.1f})"


def _open(search: dict[str, float]) -> str:
    return f"{1000 * search['open_seconds']:.0f} ({1000 * search['open_processor_seconds']:.0f})"


def _times(times: dict[str, float] | None) -> str:
    return f"{times['p50']:.2f} / {times['p95']:.2f} ({times['processor_p50']:.2f})" if times else "–"


def _ratio(ratio: dict[str, float]) -> str:
    return f"{ratio['p50']:.2f} / {ratio['processor_p50']:.2f}"


def _recall(name: str, one: dict[str, Any]) -> str:
    recall = one["search"]["recall"][name]
    return f"{recall['recall']:.4f} of {int(recall['units']):,}; {recall['p50']:.2f} ({recall['processor_p50']:.2f})"


def plot(measured: dict[str, Any], path: Path) -> None:
    """Processor time of a question by part, of the build by stage, and bytes, over the size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes = measured["sizes"]
    units = [one["build"]["units"] for one in sizes]
    figure, (asking, building, holding) = pyplot.subplots(1, 3, figsize=(13, 4))
    parts = {part: [one["search"]["search"]["parts"].get(part, {}).get("processor_mean", 0) for one in sizes] for part in _ARMS}
    whole = [one["search"]["search"]["whole"]["processor_mean"] for one in sizes]
    parts["rest"] = [total - sum(values[at] for values in parts.values()) for at, total in enumerate(whole)]
    bottom = [0.0] * len(sizes)
    for part, values in parts.items():
        asking.bar([f"{size:,}" for size in units], values, bottom=bottom, label=part)
        bottom = [low + value for low, value in zip(bottom, values, strict=True)]
    plain = [one["search"]["search"]["fp32_encode"]["processor_mean"] for one in sizes]
    asking.plot([f"{size:,}" for size in units], plain, "k_", markersize=30, label="plain fp32 encode")
    asking.set(title="A question, by part", ylabel="processor ms (mean)", xlabel="units")
    asking.set_ylim(0, 1.6 * max(whole))
    asking.legend(fontsize=8, ncols=2, loc="upper left")
    building.loglog(units, [one["build"]["processor_seconds"] for one in sizes], "o-", label="build without the encoder")
    building.set(title="Build", ylabel="processor s", xlabel="units")
    building.legend(fontsize=8)
    for label, value in (
        ("disk", lambda one: one["build"]["disk_bytes"]),
        ("private memory, build", lambda one: one["build"]["private_bytes_highest"]),
        ("private memory, search", lambda one: max(one["search"]["private_bytes"], _MIB)),
    ):
        holding.loglog(units, [value(one) / _MIB for one in sizes], "o-", label=label)
    holding.set(title="Bytes", ylabel="MiB", xlabel="units")
    holding.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=100)
