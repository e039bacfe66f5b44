"""A page's visible lines, and what a single line can be: a date, a button, a disclaimer, a question, an end that was cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.clean import clean_line

# How often a page was read, as it is written (`corpus.record.parse_views` reads it).
_COUNT = r"\d[\d,.]*\s*[千万亿kKwW]?\+?"
_DAY = r"\d{4}\s*[-/.年]\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}日?|月)?"
_VAGUE_DAY = r"昨天|前天|今天|刚刚|\d{1,3}\s*(?:秒|分钟|小时|天|周|个月|年)前|\d{1,2}\s*[-/月]\s*\d{1,2}日?(?![-/\d])"
_PUBLISHED_WORDS = r"(?:发布于|发布时间|发表于|发表时间|更新于|更新时间|发布日期)"
_CLOCK = r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
_PUBLISHED = re.compile(rf"{_PUBLISHED_WORDS}\s*[:：]?\s*(?:({_DAY})|{_VAGUE_DAY}){_CLOCK}")
_PUBLISHED_ALONE = re.compile(rf"{_PUBLISHED_WORDS}\s*[:：]?")
_DAY_ALONE = re.compile(rf"(?:{_DAY}|{_VAGUE_DAY}){_CLOCK}")
VIEWS = re.compile(rf"({_COUNT})\s*次?\s*(?:浏览|阅读|观看)|(?:浏览量?|阅读量?)\s*[:：]?\s*({_COUNT})\s*次?")
_VIEWS_WORD = re.compile(r"次?(?:浏览|阅读|观看|播放)(?:量|次数)?")
_COUNT_ALONE = re.compile(_COUNT)
# A line that says nothing but when and how often: at an answer's end it is the answer's own.
META = re.compile(
    rf"(?:{_PUBLISHED_WORDS}?\s*[:：]?\s*(\d{{4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}日?){_CLOCK})?"
    rf"\s*(?:({_COUNT})\s*次?\s*(?:浏览|阅读|观看|播放))?"
)
# How much may stand behind an article's date in its line (a source, an editor), and how long the line may be.
_LONGEST_TAIL = 20
_LONGEST_DATE_LINE = 120
_LONGEST_BRAND = 200
# A link to the rest of a text, with the sentence's end before it.
_LONGEST_LINK_TAIL = 200

BRAND = re.compile(r"(\S{2,12})\s*[|｜]\s*\S*(?:医典|百科|健康|医生|平台|网站?)\S*")
_MENU_WORDS = (
    "了解疾病", "自测工具", "行动指南", "延展阅读", "了解详情", "查看详情", "查看全部", "查看更多", "展开全文", "展开全部", "展开", "收起",
    "免费咨询", "立即咨询", "在线咨询", "去咨询", "我要提问", "向医生提问", "预约挂号", "点赞", "收藏", "分享", "有用", "没用", "举报", "评论", "打开APP",
    "首页", "登录", "注册", "返回", "返回顶部", "下一页", "上一页", "相关问题", "相关问答", "热门问题", "问医生", "医生回答", "专家解答", "详情", "更多",
    "播放", "语音", "视频", "搜索", "目录", "阅读全文", "点击展开", "换一换", "复制链接", "全文", "查看全文", "赞", "去问诊", "立即问诊", "问诊", "咨询医生", "向TA提问", "分享到微信", "广告", "关于我们", "联系我们",
    "立即下载APP", "下载APP", "热门文章", "相关文章", "相关推荐", "语音时长", "问", "答", "问医生回答", "Q", "A",
)  # fmt: skip
# Nothing is given back: 展开全文 can be read as one word or as two, and a blank as a word's or as what parts two, so that a menu of thirty
# words with another word behind them could be read in a billion ways. The longest word comes first.
MENU = re.compile(
    rf"(?:(?>{'|'.join(sorted(map(re.escape, _MENU_WORDS), key=len, reverse=True))})\s*+[(（]?+\d*+[)）]?+[\s|｜·>»›/、]*+)++"
)
DISCLAIMERS = re.compile(
    r"(?:本内容|本文|本页面?|以上内容|本站|温馨提示|免责声明)[^。]{0,40}(?:不能作为|不作为|仅供参考|不能代替|不能替代|不构成|版权).*|"
    r".*(?:版权所有|ICP备|ICP证|公网安备|互联网药品信息服务).*|©.*|Copyright.*",
    re.IGNORECASE,
)
# Headings of what a page shows below its answers.
SECTION_HEADING = re.compile(
    r"(?:网友|用户|全部|最新|热门|精彩|精选)?(?:评论|留言)(?:区|列表)?\s*(?:[(（]?\d*[)）]?)|"
    r"(?:相关|热门|推荐|最新)(?:文章|问答|推荐|阅读|疾病|医生|专家|医院|视频|科普)|(?:医生|专家|名医|好医生)推荐|在线医生|"
    r"猜你喜欢|猜你想看|为你推荐|大家(?:都|还)?在(?:问|看|搜)"
)
_PEOPLE_HEADING = re.compile(r"(?:相关|热门|推荐|在线|知名|本院|值班|坐诊)?(?:医生|专家|名医|好医生|医师)(?:推荐|团队|列表|介绍)?|名医堂")
BYLINE = re.compile(r"(?:作者|来源|编辑|责任编辑|责编|审核|审稿|撰文|文|供稿|稿源|医学编辑)\s*[:：/].{0,30}|(?:作者|来源|编辑|审核)[:：]?")

_LINK_WORDS = r"(?:查看|阅读|点击|展开|显示)(?:全部|全文|更多|详情|详细)(?:回答|内容)?|(?:全部|全文|更多|详情|详细|展开)"
_CLOSERS = r"[”’\"')」』】]*"
_LINK_TAIL = re.compile(
    rf"\s*(?:(?:\.{{2,}}|…+)\s*[\[【(（]?(?:{_LINK_WORDS})?[\]】)）]?|[\[【(（](?:{_LINK_WORDS})[\]】)）]|(?:{_LINK_WORDS})\s*(?:>+|»)"
    r"|(?:查看|阅读|点击|展开)(?:全部|全文|更多|详情)(?:回答|内容)?)\s*(?:>+|»)?$"
)
# A link's word right behind a whole sentence belongs to no sentence.
_WORD_TAIL = re.compile(rf"(?<=[。！？!?])\s*(?:了解详情|{_LINK_WORDS})$")
# A sentence's end may be followed by what closes it, by an aside in brackets or by a smile; 1~ is half a range.
_SENTENCE_END = re.compile(
    rf"(?:[。！？!?]|(?<!\d)[~～]){_CLOSERS}(?:[(（【][^()（）【】]{{1,20}}[)）】]{_CLOSERS}[。！？!?]?)?[\s\U0001F300-\U0001FAFF\u2600-\u27bf]*$|(?<!\d)\.$"
)
_QUESTION_LIKE = re.compile(
    r"[?？]$|怎么|怎样|什么|为什么|为何|吗$|呢$|哪些|哪里|如何|多久|多少|能不能|可不可以|是不是|要不要|会不会|症状|原因$|办法$|方法$"
)


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


def visible_lines(text: str) -> list[Line]:
    """Numbered lines that hold something, cleaned; every line end that Unicode knows counts."""
    cleaned = ((number, clean_line(line)) for number, line in enumerate(re.split("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", text), start=1))
    return [Line(number, line) for number, line in cleaned if line]


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """The lines, with what markup broke in two put together again: `发布于` and its date, a count and `次浏览`."""
    whole: list[Line] = []
    for line in lines:
        last = whole[-1].text if whole else ""
        if (_PUBLISHED_ALONE.fullmatch(last) and _DAY_ALONE.fullmatch(line.text)) or (
            _VIEWS_WORD.fullmatch(line.text) and _COUNT_ALONE.fullmatch(last)
        ):
            whole[-1] = replace(whole[-1], text=f"{last} {line.text}", parts="")
        else:
            whole.append(line)
    return whole


def published_in(line: Line) -> re.Match[str] | None:
    """`发布于` and a date (group 1; None for 昨天) in a line that is about nothing else but a title, an editor and views."""
    text = line.spaced
    if len(text) > _LONGEST_DATE_LINE or not (found := _PUBLISHED.search(text)):
        return None
    tail = VIEWS.sub("", text[found.end() :]).strip()
    return found if len(tail) <= _LONGEST_TAIL and not is_sentence(tail) else None


def is_bare_date(line: Line) -> bool:
    """Nothing but a date, without a word that says of what."""
    return len(line.spaced) <= _LONGEST_DATE_LINE and bool(_DAY_ALONE.fullmatch(VIEWS.sub("", line.spaced).strip()))


def is_boilerplate(text: str) -> bool:
    """What pages say around their content."""
    return bool(MENU.fullmatch(text) or ends_page_part(text) or _LINK_TAIL.fullmatch(text))


def ends_page_part(text: str) -> bool:
    """A disclaimer or the site's name: no part of a page goes on across it."""
    return bool(DISCLAIMERS.fullmatch(text) or (len(text) <= _LONGEST_BRAND and BRAND.fullmatch(text)))


def is_people_heading(text: str) -> bool:
    """The heading over a list of doctors, who answer nothing there."""
    return bool(_PEOPLE_HEADING.fullmatch(text.rstrip(":：")))


def is_sentence(text: str) -> bool:
    """Ends as a sentence does."""
    return bool(_SENTENCE_END.search(text[-_LONGEST_LINK_TAIL:]))


def is_question_like(text: str) -> bool:
    """Asks something, or is a title that asks (`咽喉肌肉痉挛症状`)."""
    return bool(_QUESTION_LIKE.search(text))


def site_name(lines: Sequence[Line]) -> str | None:
    """`某某医典 | 为大家写的医学百科` gives `某某医典`."""
    return next((found[1] for line in lines if len(line.text) <= _LONGEST_BRAND and (found := BRAND.fullmatch(line.text))), None)


def without_link(texts: Sequence[str]) -> tuple[str, bool]:
    """A text's lines without the link to the rest of it, and whether it was cut off: it does not end as a sentence does.

    A whole sentence with a link behind it (`……痛醒。[详情]`) is not cut off.
    """
    if not texts:
        return "", False
    # Only at the end: looked for from every place of a long line, a pattern that must reach the end costs the square of its length.
    body, tail = texts[-1][:-_LONGEST_LINK_TAIL], texts[-1][-_LONGEST_LINK_TAIL:]
    last = body + _LINK_TAIL.sub("", _WORD_TAIL.sub("", tail))
    truncated = not is_sentence(last)
    return "\n".join([*texts[:-1], last.rstrip(".…") if truncated else last]), truncated
