"""The corpus page: what the index holds, counted; the newest and the longest answers; a plain filter over the questions."""

from __future__ import annotations

import streamlit as st

from corpus.record import KIND_NAMES
from index.generation import IndexFolderError
from search_app.components.facts import bars, facts, record_list, share
from search_app.components.failure import draw_failure
from search_app.resources import current_holdings

PER_PAGE = 20
MOST = 8
LONGEST_FILTER = 100

st.title("语料一览", anchor=False)
try:
    with st.spinner("正在统计……"):
        opened = current_holdings()
except IndexFolderError as error:
    draw_failure("暂时没有可看的语料。", error)
    st.stop()

store, overview = opened.store, opened.overview
if overview.examples == overview.records:
    st.info("这里全是示例内容，未经执业医师审核，其中的医生和医院都不存在。", icon=":material/info:")
elif overview.examples:
    st.info(f"其中 {overview.examples} 条是示例内容，未经执业医师审核。", icon=":material/info:")
kinds = "，".join(f"{KIND_NAMES[kind]} {count}" for kind, count in overview.facets["kind"].items())
st.html(
    facts(
        [
            ("记录", f"{overview.records} 条（{kinds}）"),
            ("医生", f"{overview.doctors} 位，来自 {overview.hospitals} 家医院" if overview.doctors else ""),
            ("写明日期", share(overview.records - overview.without["published"], overview.records)),
            ("有原文链接", share(overview.records - overview.without["url"], overview.records)),
            ("回答长度", f"平均 {overview.mean_length:.0f} 字，最长 {overview.longest} 字"),
            ("来源截断", f"{overview.truncated} 条" if overview.truncated else ""),
            ("没有题目", f"{overview.unquestioned} 条" if overview.unquestioned else ""),
        ]
    )
)

st.subheader("在问题里找字", anchor=False)
wanted = st.text_input(
    "问题里有这些字",
    key="find",
    type="search",
    max_chars=LONGEST_FILTER,
    placeholder="例如：抽筋 孕妇",
    help="按字面查找，几个词用空格隔开，都要有。要按意思找，请用搜索页。",
    bind="query-params",
)
if (wanted or "").strip():
    count, _ = store.matching(wanted, 0)
    if not count:
        st.info("没有一个问题里有这些字。可以少写几个字，或到搜索页按意思找。", icon=":material/search_off:")
    else:
        pages = -(-count // PER_PAGE)
        st.caption(f"{count} 条" + (f"，每页 {PER_PAGE} 条" if pages > 1 else ""))
        listed = st.container()
        # The key holds the words: another filter begins at its first page.
        page = st.pagination(pages, key=f"page-{wanted}", max_visible_pages=5) if pages > 1 else 1
        listed.html(record_list(store.matching(wanted, PER_PAGE, (page - 1) * PER_PAGE)[1]))

st.subheader("分布", anchor=False)
facets, without = overview.facets, overview.without
st.html(
    bars("科室", facets["department"], missing=without["department"])
    + bars("医院等级", facets["hospital_tier"], missing=without["hospital_tier"])
    + bars("医生职称", facets["doctor_title"], missing=without["doctor_title"])
    + bars("发布年份", {f"{year} 年": count for year, count in overview.years.items()}, missing=without["published"])
    + bars("来源", facets["source"])
)

newest, longest = st.tabs(["最新的", "最长的"])
with newest:
    if overview.years:
        st.html(record_list(store.newest(MOST)))
    else:
        st.markdown("没有一条写明日期。")
with longest:
    st.html(record_list(store.longest(MOST)))
