"""The filters: what can be chosen is what the index holds, and every choice stands in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from index.answers import Filters

ANY_TIME = "不限"
KEYS = ("department", "tier", "title", "since")


def draw_filters(departments: Mapping[str, int], tiers: Mapping[str, int], titles: Mapping[str, int], years: Sequence[int]) -> Filters:
    """Draw the widgets and give what is chosen. The counts are those of the whole index."""
    chosen = sum(bool(st.session_state.get(key)) and st.session_state.get(key) != ANY_TIME for key in KEYS)
    with st.expander("筛选" + (f"（已选 {chosen} 项）" if chosen else ""), icon=":material/filter_alt:"):
        left, right = st.columns(2)
        with left:
            department = _choose("科室", "department", list(departments))
            title = _choose("医生职称", "title", list(titles))
        with right:
            tier = _choose("医院等级", "tier", list(tiers))
            since = st.selectbox(
                "发布时间", [ANY_TIME, *(f"{year}年以来" for year in years)], key="since", bind="query-params", disabled=not years
            )
    return Filters(
        departments=tuple(department),
        hospital_tiers=tuple(tier),
        doctor_titles=tuple(title),
        since=date(int(since[:4]), 1, 1) if since and since != ANY_TIME else None,
    )


def _choose(label: str, key: str, options: list[str]) -> list[str]:
    return st.multiselect(label, options, key=key, bind="query-params", placeholder="不限", disabled=not options)


def clear_filters() -> None:
    """Take every filter back."""
    for key in KEYS:
        st.session_state[key] = ANY_TIME if key == "since" else []
