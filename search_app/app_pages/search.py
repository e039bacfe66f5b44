"""The search page: a question in one's own words, doctors' answers under it."""

from __future__ import annotations

import streamlit as st

from corpus.emergencies import find_emergencies
from index.encoder import EncoderError
from index.generation import IndexFolderError
from index.search import MAX_QUESTION, QuestionError
from search_app.components.agreement import agreement_box
from search_app.components.card import result_card
from search_app.components.emergency import emergency_banner
from search_app.components.filters import clear_filters, draw_filters
from search_app.components.markup import STYLE
from search_app.resources import current_searcher

SHOWN = 10
NEAREST = 4
EXAMPLES = (
    "半夜小腿老抽筋咋回事",
    "孩子发烧39度精神还行要去医院吗",
    "胃里反酸烧心怎么办",
    "血压高可以停药吗",
    "怀孕了能吃感冒药吗",
    "老人晚上睡不着有什么办法",
)
DISCLAIMER = (
    '<p class="disclaimer">这里展示的是医生过去写下的回答，<strong>不是诊断，不能代替就诊</strong>。'
    '胸痛、呼吸困难、意识不清、大出血等急症，请立即拨打 <a href="tel:120">120</a>。</p>'
)


def ask(question: str) -> None:
    """Put a question into the box."""
    st.session_state["q"] = question


st.html(STYLE)
# Filled below, once the question is known, and before the index is opened: nobody in danger waits for an encoder.
emergency = st.container()
st.title("医生怎么说", anchor=False)
question = st.text_input(
    "用自己的话问",
    key="q",
    type="search",
    max_chars=MAX_QUESTION,
    placeholder="例如：半夜小腿老抽筋咋回事",
    bind="query-params",
)
if flags := find_emergencies(question or ""):
    emergency.html(emergency_banner(flags))
st.html(DISCLAIMER)

try:
    with st.spinner("正在打开索引，第一次需要十几秒……"):
        searcher = current_searcher()
except (IndexFolderError, EncoderError) as error:
    st.error("暂时不能搜索。")
    st.code(str(error), language=None, wrap_lines=True)
    st.stop()

store = searcher.store
filters = draw_filters(store.facet("department"), store.facet("hospital_tier"), store.facet("doctor_title"), list(store.years()))

if not (question or "").strip():
    st.markdown("**试试这些问题**")
    for number, example in enumerate(EXAMPLES):
        st.button(example, key=f"example-{number}", on_click=ask, args=(example,), type="tertiary")
    st.caption(f"索引里有 {len(store)} 条记录。")
    st.stop()

try:
    found = searcher.search(question, top=SHOWN, filters=filters)
except QuestionError as error:
    st.info(str(error))
    st.stop()

if not found.results:
    st.info("没有找到符合条件的回答。" + ("可以放宽筛选再试。" if filters else "换个说法再试试。"))
    if filters:
        st.button("清除全部筛选", on_click=clear_filters)
    st.stop()

if found.corrections:
    changes = "，".join(f"“{change.typed}”按“{change.searched}”搜索" for change in found.corrections)
    st.caption(f"{changes}。")

if not found.answered:
    st.info("没有找到能回答这个问题的内容。下面只是索引里最接近的问题，不一定与您问的有关；身体不适请直接就诊。")
    nearest = dict.fromkeys(result.record.question for result in found.results if result.record.question)
    for number, other in enumerate(list(nearest)[:NEAREST]):
        st.button(other, key=f"nearest-{number}", on_click=ask, args=(other,), type="tertiary")
    st.stop()

for_whom = f"，按{'、'.join(found.for_whom)}的情况排列" if found.for_whom else ""
st.caption(f"最相关的 {len(found.results)} 条{for_whom}")
if found.agreement:
    st.html(agreement_box(found.agreement))
for result in found.results:
    st.html(result_card(result))
