"""The search page: a question in one's own words, doctors' answers under it."""

from __future__ import annotations

import streamlit as st

from corpus.emergencies import find_emergencies
from index.definitions import Definitions
from index.encoder import EncoderError
from index.generation import IndexFolderError
from index.results import Result
from index.search import MAX_QUESTION, QuestionError, Searcher
from search_app.address import Address
from search_app.components.agreement import agreement_box
from search_app.components.card import result_card
from search_app.components.definition import definition_card
from search_app.components.emergency import emergency_banner
from search_app.components.examples import EXAMPLES
from search_app.components.failure import draw_failure, offer_another_try
from search_app.components.filters import draw_chips, draw_dead_end, draw_facets
from search_app.components.focus import FOCUS_SCRIPT
from search_app.components.markup import escape
from search_app.components.questions import question_list
from search_app.components.style import SEARCH_STYLE
from search_app.feedback import offer_feedback
from search_app.limits import TooFastError, take_turn
from search_app.listing import FIRST, MOST, PAGE, Listing, list_answers
from search_app.resources import current_count, current_searcher, open_ahead, ranking_arm

RECENT = 8
DISCLAIMER = (
    '<p class="disclaimer">这里展示的是医生过去写下的回答，<strong>不是诊断，不能代替就诊</strong>。'
    '胸痛、呼吸困难、意识不清、大出血等急症，请立即拨打 <a href="tel:120">120</a>。</p>'
)


def go(address: Address) -> None:
    """Lead the page to an address. All at once: each change of the address is a step that the back button takes back."""
    st.query_params.from_dict(address.parameters())
    st.session_state["q"] = st.session_state["asked"] = address.question
    st.session_state["shown"] = FIRST


def ask(question: str) -> None:
    """Ask another question under the same filters."""
    go(Address.read(st.query_params).with_question(question))


def ask_typed() -> None:
    """Ask what was typed."""
    ask(st.session_state["q"] or "")


def show_more() -> None:
    """Let more cards follow those that are there."""
    st.session_state["shown"] = st.session_state.get("shown", FIRST) + PAGE


def recent_questions(current: str = "") -> list[str]:
    """What was asked in this visit, newest first."""
    return [question for question in st.session_state.get("recent", []) if question != current]


def remember(question: str) -> None:
    """Keep a question for `recent_questions`; it is kept nowhere else and gone with the visit."""
    st.session_state["recent"] = [question, *recent_questions(question)][:RECENT]


@st.cache_resource(max_entries=2, show_spinner=False)
def definitions_of(generation: str, _searcher: Searcher) -> Definitions:
    """The definitions of a generation, read once."""
    return Definitions(_searcher.store)


def draw_first_visit() -> None:
    """What there is before a question: recent questions, examples by topic. Nobody waits for the encoder to see them."""
    count = current_count()
    open_ahead()
    question_list("最近问过", recent_questions(), "recent", ask)
    st.html('<h2 class="section-title">试试这些问题</h2>')
    for number, (tab, questions) in enumerate(zip(st.tabs(list(EXAMPLES)), EXAMPLES.values(), strict=True)):
        with tab:
            question_list("", questions, f"example-{number}", ask)
    # A plain link: on a phone the way to the other pages is folded away.
    st.html(f'<p class="found">索引里有 {count} 条记录，<a href="./corpus" target="_self">看看都有什么</a>。</p>')
    st.html(FOCUS_SCRIPT, unsafe_allow_javascript=True)


def draw_no_answer(listing: Listing) -> None:
    """Say that nothing answers, and what is nearest; to what is hardly about health nothing is near."""
    st.info("没有找到能回答这个问题的内容。这里只有医生对健康问题的回答；可以换个说法，或说得更具体些。身体不适请直接就诊。")
    if listing.found.off_topic:
        return
    if listing.department:
        st.html(
            f'<p class="found">索引里与它最接近的内容多属于<strong>{escape(listing.department)}</strong>；'
            "拿不准看哪个科，可以先问医院的导诊台或挂全科。</p>"
        )
    question_list("最接近的问题（不一定与您问的有关）", listing.related, "nearest", ask)


def draw_answers(listing: Listing) -> None:
    """The list: how much there is, what it agrees on, the cards, what else to ask."""
    together = "，意思相近的合在一起" if any(card.similar for card in listing.cards) else ""
    for_whom = f"，按{'、'.join(listing.found.for_whom)}的情况排列" if listing.found.for_whom else ""
    found = f"找到 {listing.total} 条相关回答{together}{escape(for_whom)}"
    if listing.found.only_near:
        found = (
            f"找到 {listing.total} 条相近的回答{escape(for_whom)}，但<strong>拿不准有没有正好回答它的</strong>，请看清说的是不是您的情况"
        )
    st.html(f'<p class="found" role="status">{found}</p>')
    # The best answer first: on a phone whatever stands before it is all that is seen.
    best, *others = listing.cards
    _draw_card(listing, best, 1)
    if listing.definition:
        # On a wide screen it stands in the margin beside the first card (`style.SEARCH_STYLE`).
        st.container(key="beside").html(definition_card(listing.definition))
    if listing.found.agreement:
        st.html(agreement_box(listing.found.agreement))
    for position, result in enumerate(others, start=2):
        _draw_card(listing, result, position)
    if listing.more:
        st.button("更多回答", key="more", on_click=show_more, width="stretch")
    elif len(listing.cards) >= MOST:
        st.caption(f"只列出最相关的 {MOST} 组。换个更具体的说法，或用筛选缩小范围。")
    question_list("延展阅读", listing.related, "related", ask)


def _draw_card(listing: Listing, result: Result, position: int) -> None:
    st.html(result_card(result, position))
    offer_feedback(listing.found, result, position)


def draw_found(searcher: Searcher, address: Address) -> None:
    """Search the address and draw what it finds."""
    try:
        with st.spinner("正在找相近的回答……"):
            take_turn()
            definitions = definitions_of(searcher.generation_name, searcher)
            listing = list_answers(searcher, definitions, address, st.session_state.get("shown", FIRST), arm=ranking_arm())
    except TooFastError as error:
        st.info(f"{error}。")
        offer_another_try()
        return
    except QuestionError as error:
        st.info(f"{error}。")
        return
    except IndexFolderError as error:  # a server that was there when the index was opened
        draw_failure("这一次没能搜索。", error)
        return
    remember(address.question)
    if listing.found.corrections:
        changes = "，".join(f"“{change.typed}”按“{change.searched}”搜索" for change in listing.found.corrections)
        st.html(f'<p class="found">{escape(changes)}。</p>')
    if listing.found.values:
        meant = "，".join(f"“{value.typed}”也按“{value.words[0]}”查找" for value in listing.found.values)
        st.html(f'<p class="found">{escape(meant)}（按常用参考范围；是否异常，以化验单和医生的判断为准）。</p>')
    if listing.found.shortened:
        st.html(f'<p class="found">问题很长，只按开头和结尾共 {MAX_QUESTION} 字搜索。</p>')
    if listing.cards or address.chosen():
        draw_facets(listing.facets, address, go)
    if listing.cards:
        with st.container(key="answers"):
            draw_answers(listing)
    elif listing.to_drop or listing.without_filters:
        draw_dead_end(address, listing.to_drop, listing.without_filters, go)
    else:
        draw_no_answer(listing)
    question_list("最近问过", recent_questions(address.question), "recent", ask)


address = Address.read(st.query_params)
if st.session_state.get("asked") != address.question:
    # The address was opened, or the browser went back: the box follows.
    st.session_state["q"] = st.session_state["asked"] = address.question
    st.session_state["shown"] = FIRST

st.html(SEARCH_STYLE)
# Filled below, once the question is known, and before the index is opened: nobody in danger waits for an encoder.
emergency = st.container()
st.title("医生怎么说", anchor=False)
# Without a limit of its own: the box would take nothing of a long story that is pasted, and its counter hides what is typed.
st.text_input("用自己的话问", key="q", type="search", placeholder="例如：半夜小腿老抽筋咋回事", on_change=ask_typed)
if flags := find_emergencies(address.question):
    emergency.html(emergency_banner(flags))
st.html(DISCLAIMER)
draw_chips(address, go)

try:
    if address.question.strip():
        with st.spinner("正在打开索引，第一次需要十几秒……"):
            searcher = current_searcher()
        draw_found(searcher, address)
    else:
        draw_first_visit()
except (IndexFolderError, EncoderError) as error:
    draw_failure("暂时不能搜索。", error)
