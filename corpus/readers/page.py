"""Saved encyclopaedia pages as visible lines: an article, the disease it explains, and blocks of a doctor's answer.

The grammar, whatever the markup was (`html.py` turns HTML into the same lines):

    page     = { anything | article | disease | block }
    article  = title, "发布于 DATE" ["N次浏览"], body lines, until a boilerplate line or the next part
    disease  = "了解疾病", name, definition lines, until "了解详情"
    block    = question line, credentials (see credentials.py), answer lines, until the next block's question

A page's three parts are told by what is in them, not by where they stand, since sites put the sidebar anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from corpus.clean import clean_line
from corpus.readers.credentials import MAX_LINES, Credentials, parse_credentials
from corpus.readers.source import ReadError, Rejection, Source
from corpus.record import DoctorAnswer, RecordError, make_record, parse_date, parse_views

NAME = "page"
DESCRIPTION = "保存下来的问答网页的文字（问题、医生、医院、回答）"

_PUBLISHED = re.compile(r"(?:发布于|发布时间|发表于|更新于|更新时间|发布日期)\s*[:：]?\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})")
_VIEWS = re.compile(r"(\d[\d,.]*\s*[万wW]?)\s*次?\s*(?:浏览|阅读|观看)|(?:浏览量?|阅读量?)\s*[:：]?\s*(\d[\d,.]*\s*[万wW]?)\s*次?")
_BRAND = re.compile(r"(\S{2,12})\s*[|｜]\s*\S*(?:医典|百科|健康|医生|平台|网站?)\S*")
_DISEASE_HEADING = "了解疾病"
_DISEASE_END = ("了解详情", "查看详情", "详情", "查看更多", "更多")

_MENU_WORDS = (
    "了解疾病", "自测工具", "行动指南", "延展阅读", "了解详情", "查看详情", "查看全部", "查看更多", "展开全文", "展开全部", "展开", "收起",
    "免费咨询", "立即咨询", "在线咨询", "去咨询", "我要提问", "向医生提问", "预约挂号", "点赞", "收藏", "分享", "有用", "没用", "举报", "评论", "打开APP",
    "首页", "登录", "注册", "返回", "返回顶部", "下一页", "上一页", "相关问题", "相关问答", "热门问题", "问医生", "医生回答", "专家解答", "详情", "更多",
    "播放", "语音", "视频", "搜索", "目录", "阅读全文", "点击展开", "换一换", "复制链接", "全文", "查看全文", "赞", "去问诊", "立即问诊", "问诊", "咨询医生", "向TA提问", "分享到微信", "广告", "关于我们", "联系我们",
    "立即下载APP", "下载APP", "热门文章", "相关文章", "相关推荐", "医生回答", "语音时长", "问", "答", "Q", "A",
)  # fmt: skip
_MENU = re.compile(rf"(?:(?:{'|'.join(sorted(map(re.escape, _MENU_WORDS), key=len, reverse=True))})\s*(?:[(（]?\d*[)）]?)[\s|｜·>»›/、]*)+")
# A line that says nothing but when and how often: at an answer's end it is the answer's own.
_META = re.compile(
    r"(?:(?:发布于|发布时间|发表于|更新于|更新时间|发布日期)?\s*[:：]?\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?)(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?)?"
    r"\s*(?:(\d[\d,.]*\s*[万wW]?)\s*次?\s*(?:浏览|阅读|观看|播放))?"
)
_DISCLAIMERS = re.compile(
    r"(?:本内容|本文|本页面?|以上内容|本站|温馨提示|免责声明)[^。]{0,40}(?:不能作为|不作为|仅供参考|不能代替|不能替代|不构成|版权).*|"
    r".*(?:版权所有|ICP备|ICP证|公网安备|互联网药品信息服务).*|©.*|Copyright.*",
    re.IGNORECASE,
)

_QUESTION_LABEL = re.compile(r"^(?:问题?|提问|Q|患者提问|患者问)\s*\d*\s*[:：.、]\s*", re.IGNORECASE)
_ANSWER_LABEL = re.compile(r"^(?:答|回答|A|医生回答|医生答|解答)\s*[:：]\s*", re.IGNORECASE)
_LINK_WORDS = r"(?:查看|阅读|点击|展开|显示)(?:全部|全文|更多|详情|详细)(?:回答|内容)?|(?:全部|全文|更多|详情|详细|展开)"
_LINK_TAIL = re.compile(
    rf"\s*(?:(?:\.{{2,}}|…+)\s*[\[【(（]?(?:{_LINK_WORDS})?[\]】)）]?|[\[【(（](?:{_LINK_WORDS})[\]】)）]|(?:{_LINK_WORDS})\s*(?:>+|»)"
    r"|(?:查看|阅读|点击|展开)(?:全部|全文|更多|详情)(?:回答|内容)?)\s*(?:>+|»)?$"
)
_SENTENCE_END = re.compile(r"[。！？!?](?:[”’\"')）」』】]*)$|(?<!\d)\.$")
_QUESTION_LIKE = re.compile(
    r"[?？]$|怎么|怎样|什么|为什么|为何|吗$|呢$|哪些|哪里|如何|多久|多少|能不能|可不可以|是不是|要不要|会不会|症状|原因$|办法$|方法$"
)
_LINK_LIKE = re.compile(r"(?![\d一二三四五六七八九十(（①-⑳•·\-])[^，,、;；:：。!！]{1,20}")
_DOSE = re.compile(r"[每服片粒克升滴剂]|mg|ml", re.IGNORECASE)
_LONGEST_QUESTION = 120
# A short line that ends that many answers of one page is a button of the page.
_REPEATS_OF_A_BUTTON = 3
_LONGEST_BUTTON = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A visible line.

    Attributes:
        number: where it stands in the file (1-based).
        text: as a reader sees it.
        parts: the same with a blank between what different elements hold, since a page may set `三甲` apart from the hospital by
            its style alone; empty where that is no difference.
    """

    number: int
    text: str
    parts: str = ""

    @property
    def spaced(self) -> str:
        """The text with its elements set apart."""
        return self.parts or self.text


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the page says of itself outside its visible text (HTML gives it, plain text does not)."""

    url: str | None = None
    site: str | None = None
    heading: str | None = None


@dataclass(slots=True)
class _Block:
    question: Line | None
    credentials: Credentials
    header: Line
    answer: list[Line] = field(default_factory=list)
    published: date | None = None
    views: int | None = None


def sniff(source: Source) -> bool:
    """Text in which somebody answers with credentials, or that says when it was published."""
    if "\x00" in source.head_text:
        return False
    texts = [line.spaced for line in visible_lines(source.head_text)]
    return any(_PUBLISHED.match(text) for text in texts) or any(parse_credentials(texts[at : at + MAX_LINES]) for at in range(len(texts)))


def read(source: Source) -> Iterator[DoctorAnswer | Rejection]:
    """The records of one saved page."""
    yield from read_lines(source, visible_lines(source.text()))


def visible_lines(text: str) -> list[Line]:
    """Numbered lines that hold something, cleaned."""
    cleaned = ((number, clean_line(line)) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1))
    return [Line(number, line) for number, line in cleaned if line]


def read_lines(source: Source, lines: Sequence[Line], context: PageContext | None = None) -> Iterator[DoctorAnswer | Rejection]:
    """The records of a page given as visible lines, in the order: article, disease, answers.

    Raises:
        ReadError: no part of the grammar is in the lines.
    """
    context = context or PageContext()
    blocks, strays = _blocks(lines)
    first_header = next((at for at, line in enumerate(lines) if blocks and line is blocks[0].header), None)
    common = {"url": context.url, "source": context.site or _brand(lines)}
    disease = _disease(lines)
    article = _article(lines, first_header, context.heading)
    if disease:
        common["disease"] = disease["question"]
    found = 0
    for number, raw in [(part["line"], part) for part in (article, disease) if part]:
        try:
            yield make_record(common | raw, default_source=source.default_source)
            found += 1
        except RecordError as error:
            yield Rejection(source.path, number, f"{'文章' if raw['kind'] == 'article' else '疾病'}：{error}", raw["question"][:40])
    for block in blocks:
        answer, truncated = _answer(block.answer)
        question = _QUESTION_LABEL.sub("", block.question.text) if block.question else ""
        who = block.credentials
        raw = common | {
            "kind": "answer",
            "question": question,
            "answer": answer,
            "truncated": truncated,
            "doctor": who.doctor,
            "doctor_title": who.doctor_title,
            "hospital": who.hospital,
            "hospital_tier": who.hospital_tier,
            "department": who.department,
            "published": block.published,
            "views": block.views,
        }
        try:
            yield make_record(raw, default_source=source.default_source)
            found += 1
        except RecordError as error:
            line = block.question or block.header
            yield Rejection(source.path, line.number, f"问答不完整：{error}", (question or block.header.text)[:40])
    for stray in strays:
        yield Rejection(source.path, stray.number, "问答不完整：只有问题，后面没有医生和回答", stray.text[:40])
    if not found and not strays and not blocks:
        raise ReadError("没有找到问答、文章或疾病介绍；网页可能没有保存完整")


def _is_boilerplate(text: str) -> bool:
    return bool(_MENU.fullmatch(text) or _DISCLAIMERS.fullmatch(text) or _BRAND.fullmatch(text) or _LINK_TAIL.fullmatch(text))


def _brand(lines: Sequence[Line]) -> str | None:
    return next((found[1] for line in lines if (found := _BRAND.fullmatch(line.text))), None)


def _blocks(lines: Sequence[Line]) -> tuple[list[_Block], list[Line]]:
    """The answer blocks, and a question at the end of the page that nobody answers (the page was cut there)."""
    texts = [line.spaced for line in lines]
    blocks: list[_Block] = []
    at = 0
    while at < len(lines):
        who = parse_credentials(texts[at : at + MAX_LINES])
        if who is None:
            if blocks:
                blocks[-1].answer.append(lines[at])
            at += 1
            continue
        question = _take_question(blocks, lines, at)
        blocks.append(_Block(question, who, lines[at]))
        at += who.lines
    if not blocks:
        return [], []
    _cut_at_boilerplate(blocks[-1])
    _take_meta(blocks)
    _drop_buttons(blocks)
    return blocks, _trim_last(blocks)


def _take_meta(blocks: list[_Block]) -> None:
    """Lines that only say when and how often, at the end of an answer, are its date and views."""
    for block in blocks:
        while len(block.answer) > 1:
            if _is_boilerplate(block.answer[-1].text):
                block.answer.pop()
                continue
            found = _META.fullmatch(block.answer[-1].spaced)
            if not found or block.answer[-2].text.endswith((":", "：")):  # 复查时间：and a date is the doctor's own
                break
            block.published = block.published or parse_date(found[1])
            block.views = block.views or parse_views(found[2])
            block.answer.pop()


def _drop_buttons(blocks: list[_Block]) -> None:
    """Short lines that end many answers alike (digits apart) are the page's buttons and counters, whatever they say."""

    def shape(line: Line) -> str:
        # 每天3次 and 每天2次 are doses, whatever ends the other answers.
        return line.text if _DOSE.search(line.text) else re.sub(r"\d+", "0", line.text)

    while True:
        ends = Counter(
            shape(block.answer[-1])
            for block in blocks
            if len(block.answer) > 1
            and len(block.answer[-1].text) <= _LONGEST_BUTTON
            and not _SENTENCE_END.search(block.answer[-1].text)
            and not _DOSE.search(block.answer[-1].text)
        )
        buttons = {end for end, count in ends.items() if count >= _REPEATS_OF_A_BUTTON}
        if not buttons:
            return
        for block in blocks:
            if len(block.answer) > 1 and shape(block.answer[-1]) in buttons:
                block.answer.pop()


def _trim_last(blocks: list[_Block]) -> list[Line]:
    """Take off the last answer what the page shows under it; a single question there is one that nobody answers.

    The other answers tell how many lines an answer has on this page. Beyond that, short lines without punctuation or numbering
    are links; whole sentences, list items and long lines stay.
    """
    longest = max((len(block.answer) for block in blocks[:-1]), default=0)
    last = blocks[-1].answer
    extra: list[Line] = []
    if longest:
        while len(last) > longest and _LINK_LIKE.fullmatch(last[-1].text):
            extra.insert(0, last.pop())
        # An end mark may be a question's.
        if len(last) > longest and not extra and last[-1].text.endswith(("?", "？")):
            extra.insert(0, last.pop())
    elif len(last) > 1 and not last[-1].text.endswith("。") and len(last[-1].text) <= 40 and _QUESTION_LIKE.search(last[-1].text):
        extra.insert(0, last.pop())
    # Under a heading of the page's own (热门文章) stand links, not a question that was cut off from its answer.
    return extra if len(extra) == 1 and len(extra[0].text) <= 40 and _QUESTION_LIKE.search(extra[0].text) else []


def _take_question(blocks: list[_Block], lines: Sequence[Line], at: int) -> Line | None:
    """The line before the credentials, unless it must be the previous block's only answer."""
    candidates = blocks[-1].answer if blocks else list(lines[:at])
    while candidates and _is_boilerplate(candidates[-1].text):
        candidates = candidates[:-1]
    if not candidates:
        return None
    line = candidates[-1]
    looks_like_answer = len(line.text) > _LONGEST_QUESTION or (line.text.endswith("。") and len(line.text) > 40)
    if blocks and looks_like_answer:
        return None
    if blocks:
        blocks[-1].answer = candidates[:-1]
    return None if looks_like_answer else line


def _cut_at_boilerplate(block: _Block) -> None:
    """The last block ends where the page's own footer or next section begins."""
    for index, line in enumerate(block.answer):
        if not index:
            continue
        if _DISCLAIMERS.fullmatch(line.text) or _BRAND.fullmatch(line.text) or line.text == _DISEASE_HEADING:
            block.answer = block.answer[:index]
            return
        if _begins_article(block.answer, index):
            block.answer = block.answer[: index - 1]  # a title stands before the date
            return


def _begins_article(lines: Sequence[Line], at: int) -> bool:
    """Whether a date at this place is an article's, with a body under it, and not an answer's own."""
    if not _PUBLISHED.search(lines[at].spaced):
        return False
    return any(_SENTENCE_END.search(line.text) and not _META.fullmatch(line.spaced) for line in lines[at + 1 : at + 4])


def _answer(lines: Sequence[Line]) -> tuple[str, bool]:
    """The answer's text, and whether the page cut it off: it does not end as a sentence does."""
    texts = [line.text for line in lines]
    # What is taken off the end has been; at the start only a button can stand. In between everything is the doctor's.
    while texts and _MENU.fullmatch(texts[0]):
        texts.pop(0)
    if not texts:
        return "", False
    texts[0] = _ANSWER_LABEL.sub("", texts[0])
    return _without_link(texts)


def _without_link(texts: Sequence[str]) -> tuple[str, bool]:
    """A text's lines without the link to the rest of it, and whether it was cut off: it does not end as a sentence does.

    A whole sentence with a link behind it (`……痛醒。[详情]`) is not cut off.
    """
    if not texts:
        return "", False
    last = _LINK_TAIL.sub("", texts[-1])
    truncated = not _SENTENCE_END.search(last)
    return "\n".join([*texts[:-1], last.rstrip(".…") if truncated else last]), truncated


def _article(lines: Sequence[Line], first_header: int | None, heading: str | None) -> dict[str, Any] | None:
    """The article around the first `发布于`.

    Args:
        lines: the page.
        first_header: index of the first block's credentials, None without blocks.
        heading: what the markup marks as the page's heading; it is the title where it stands before the date.
    """
    dates = [index for index, line in enumerate(lines) if _PUBLISHED.search(line.spaced)]
    if first_header is not None:
        # Behind the first credentials a date is an answer's, unless a text follows that no doctor answers with.
        dates = [
            index for index in dates if index < first_header or (_begins_article(lines, index) and not _credentials_near(lines, index))
        ]
    if not dates:
        return None
    at = dates[0]
    head = _PUBLISHED.split(lines[at].spaced)[0].strip()
    titles = [line for line in lines[:at] if not _is_boilerplate(line.text)]
    title = head or (titles[-1].text if titles else "")
    if heading and any(line.text == heading for line in lines[:at]):
        title = heading
    published = parse_date(_PUBLISHED.search(lines[at].spaced)[1])  # type: ignore[index]
    views: int | None = None
    body: list[str] = []
    for index, line in enumerate(lines[at:], start=at):
        without_date = _PUBLISHED.sub(" ", line.spaced)
        if views is None and not body and (seen := _VIEWS.search(without_date)):
            views = parse_views(next(filter(None, seen.groups())))
            continue
        if index == at:
            continue
        if first_header is not None and index >= first_header > at:
            # The line before the first credentials is that block's question.
            body = body[:-1]
            break
        if _DISCLAIMERS.fullmatch(line.text) or _BRAND.fullmatch(line.text) or line.text == _DISEASE_HEADING:
            break
        if not _is_boilerplate(line.text):
            body.append(line.text)
    answer, truncated = _without_link(body)
    return {
        "kind": "article",
        "line": lines[at].number,
        "question": title,
        "answer": answer,
        "published": published,
        "views": views,
        "truncated": truncated,
    }


def _credentials_near(lines: Sequence[Line], at: int) -> bool:
    texts = [line.spaced for line in lines[at + 1 : at + 3 + MAX_LINES]]
    return any(parse_credentials(texts[start : start + MAX_LINES]) for start in range(min(3, len(texts))))


def _disease(lines: Sequence[Line]) -> dict[str, Any] | None:
    """The first `了解疾病` that is followed by a short name and a definition, not by the rest of a menu."""
    for at, line in enumerate(lines):
        if line.text.rstrip(":：") != _DISEASE_HEADING or at + 2 >= len(lines):
            continue
        name = lines[at + 1].text
        if len(name) > 30 or _is_boilerplate(name):
            continue
        definition: list[str] = []
        for number, later in enumerate(lines[at + 2 :], start=at + 2):
            ends = later.text in _DISEASE_END or _is_boilerplate(later.text) or _PUBLISHED.search(later.text)
            following = [rest.spaced for rest in lines[number + 1 : number + 1 + MAX_LINES]]
            if ends or parse_credentials(following) or (definition and number + 1 < len(lines) and _PUBLISHED.search(following[0])):
                break
            definition.append(later.text)
        answer, truncated = _without_link(definition)
        if answer:
            return {
                "kind": "disease",
                "line": lines[at + 1].number,
                "question": name,
                "disease": name,
                "answer": answer,
                "truncated": truncated,
            }
    return None
