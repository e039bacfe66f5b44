"""The filters: options with how many answers each leaves, chips of what is chosen, and the way out where nothing is left."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from index.facets import Facets
from search_app.address import DIMENSIONS, Address, value_label
from search_app.components.markup import escape, label

#: Options of one filter that are offered at most, the most frequent ones.
_MOST_OPTIONS = 16
#: Key of whether the options are open, in the state of the visit.
OPEN_FACETS = "facets"
_LONGEST = 24


def draw_chips(address: Address, go: Callable[[Address], None]) -> None:
    """A button for each chosen value that takes it back, and one that takes all back; nothing where none is chosen."""
    chosen = address.chosen()
    if not chosen:
        return
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for number, (dimension, value) in enumerate(chosen):
            st.button(
                f"{label(value_label(dimension, value), _LONGEST)} ✕",
                key=f"chip-{number}",
                help=f"去掉{DIMENSIONS[dimension]}：{label(value_label(dimension, value))}",
                on_click=go,
                args=(address.toggled(dimension, value),),
            )
        if len(chosen) > 1:
            st.button("清除全部筛选", key="chip-all", type="tertiary", on_click=go, args=(address.without(),))


def draw_facets(facets: Mapping[str, Facets], address: Address, go: Callable[[Address], None]) -> None:
    """Every filter's options with their counts; a click chooses one, another takes it back.

    Args:
        facets: for each filter, what the answers that pass the other filters have.
        address: what is chosen.
        go: called with the address that a click leads to.
    """
    # Dozens of buttons that few open cost a browser as long as the answers do: they are drawn once they are looked at.
    with st.expander("筛选", icon=":material/filter_alt:", key=OPEN_FACETS, on_change="rerun") as box:
        if not box.open:
            return
        drawn = [_draw_options(dimension, facets[dimension], address, go) for dimension in DIMENSIONS]
        if not any(drawn):
            st.caption("这些回答没有写明科室、医院等级、职称或时间，不能筛选。")


def draw_dead_end(address: Address, gains: Sequence[tuple[str, int]], without_filters: int, go: Callable[[Address], None]) -> None:
    """Say that the filters leave nothing, and offer to drop each that does, and all where not just one does.

    Args:
        address: the question and its filters.
        gains: (filter, answers there are without it), most first.
        without_filters: answers there are without any; may be none even where dropping one filter brings some.
        go: called with the address that a click leads to.
    """
    st.info("在所选范围内没有能回答这个问题的内容。")
    for dimension, count in gains:
        values = "、".join(label(value_label(dimension, value), _LONGEST) for value in address.values(dimension))
        st.button(
            f"去掉{DIMENSIONS[dimension]}“{values}”，有 {count} 条",
            key=f"drop-{dimension}",
            on_click=go,
            args=(address.without(dimension),),
            wrap=True,
        )
    if without_filters and len(gains) != 1:
        st.button(f"清除全部筛选，有 {without_filters} 条", key="drop-all", on_click=go, args=(address.without(),), wrap=True)


def _options(facets: Facets, dimension: str, chosen: Sequence[str]) -> dict[str, int]:
    """The values of a filter that are offered, with their counts, in order; what is chosen is among them.

    It stands there even where it leaves nothing, so that it can be taken back where it was chosen.
    """
    if dimension == "since":
        # From a year in which nothing was published, there is what there is from the next.
        later = {value: max((count for year, count in facets.since.items() if year >= int(value)), default=0) for value in chosen}
        counts = {str(year): count for year, count in facets.since.items()}
    else:
        counts = {"department": facets.departments, "tier": facets.hospital_tiers, "title": facets.doctor_titles}[dimension]
        later = {value: counts.get(value, 0) for value in chosen}
    first = dict(list(counts.items())[:_MOST_OPTIONS])
    return {value: count for value, count in later.items() if value not in first} | first


def _draw_options(dimension: str, facets: Facets, address: Address, go: Callable[[Address], None]) -> bool:
    chosen = address.values(dimension)
    options = _options(facets, dimension, chosen)
    if not options:
        return False
    st.html(f'<p class="found">{escape(DIMENSIONS[dimension])}</p>')
    with st.container(horizontal=True, gap="xsmall", key=f"options-{dimension}"):
        for value, count in options.items():
            mark = "✓ " if value in chosen else ""
            st.button(
                f"{mark}{label(value_label(dimension, value), _LONGEST)}（{count}）",
                key=f"option-{dimension}-{zlib.crc32(value.encode())}",
                type="primary" if value in chosen else "secondary",
                on_click=go,
                args=(address.toggled(dimension, value),),
            )
    return True
