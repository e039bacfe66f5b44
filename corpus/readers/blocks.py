"""The blocks of a page: a question, who answers, the answer.

Credentials are what a block is found by. The line above them is its question, what follows is its answer, up to the next
block's question. Credentials that a doctor quotes (`推荐专家：` and two lines below it), that close an answer like a
signature, or that stand in a list of doctors, begin no block.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.readers.credentials import MAX_LINES, Credentials, parse_credentials
from corpus.readers.lines import (
    META,
    SECTION_HEADING,
    Line,
    ends_page_part,
    is_boilerplate,
    is_people_heading,
    is_question_like,
    is_sentence,
    published_in,
)
from corpus.record import parse_date, parse_views

DISEASE_HEADING = "了解疾病"

_DESCRIPTION = re.compile(r"(?:患者|病情|问题|疾病|详细|具体|症状)?(?:描述|补充|情况说明|病史)\s*[:：]")
_SPECIALITY = re.compile(r"(?:专业)?擅长\s*[:：]|(?:医生|个人|专家|医师)?简介\s*[:：]|从医经历\s*[:：]|主治\s*[:：]")
_OPEN_END = (",", "，", "、", ";", "；")
_LINK_LIKE = re.compile(r"(?!.*[您你])(?!.*[?？].)(?![\d一二三四五六七八九十(（①-⑳•·\-])[^，,、;；:：。!！]{1,20}")
_DOSE = re.compile(r"[每服片粒克升滴剂]|mg|ml", re.IGNORECASE)
# A doctor's word of warning or advice; 能不能 asks, 区别 and 反应 are other words.
_ASKS = re.compile("能不能|可不可以|是不是|要不要|会不会|好不好|有没有|需不需要|需要.{0,8}吗")
_ADVICE = re.compile(r"[不忌勿慎需]|(?<!失)禁|(?<![区性级鉴差类个分])别|(?<![反适效响])应|避免|必[要须]|就[医诊]|复[查诊]|注意(?!事项)")
_HOSPITAL_SHAPE = re.compile(r"[^\s。，,、;；:：!！?？…]{2,20}(?:\s[^\s。，,、;；:：!！?？…]{1,10})?")
_NUMBER = re.compile(r"(\d{1,3})\s*[.、)）]?\s*")
_UNIT = re.compile(r"[岁个月天年周次度期级型种代胎号分秒点毫厘%％℃.\-~—至到/×x]|\d")
_LONGEST_QUESTION = 120
# Above this, a sentence in front of the first credentials is an article's and no question.
_LONGEST_FIRST_STATEMENT = 60
# A short line that ends that many answers of one page is a button of the page.
_REPEATS_OF_A_BUTTON = 3
_LONGEST_BUTTON = 20


@dataclass(slots=True)
class Block:
    """One answer as it stands on the page; `question` is empty where the page gives none.

    Attributes:
        start: index of its first line in the page: its question, else its credentials.
    """

    start: int
    question: list[Line]
    credentials: Credentials
    header: Line
    answer: list[Line] = field(default_factory=list)
    published: date | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class _Header:
    """Credentials at `start`; `end` is the first line behind them."""

    start: int
    who: Credentials

    @property
    def end(self) -> int:
        return self.start + self.who.lines


def find_headers(lines: Sequence[Line]) -> list[int]:
    """Where in the page credentials stand that begin a block."""
    return [header.start for header in _headers(lines)]


def find_blocks(lines: Sequence[Line]) -> tuple[list[Block], list[Line], list[Line]]:
    """The blocks, a question at the end of the page that nobody answers (the page was cut there), and what else was taken off there."""
    headers = _headers(lines)
    blocks: list[Block] = []
    for at, header in enumerate(headers):
        end = headers[at + 1].start if at + 1 < len(headers) else len(lines)
        above = blocks[-1].answer if blocks else list(lines[: header.start])
        question, rest = _split_question(above, is_first=not blocks)
        start = header.start
        if blocks and _is_the_answer_before(question, rest):
            # A second doctor answers the same question.
            question, rest = list(blocks[-1].question), above
        else:
            while question and lines[start] is not question[0]:
                start -= 1
        if blocks:
            blocks[-1].answer = rest
        answer = list(lines[header.end : end])
        blocks.append(Block(start, question, header.who, lines[header.start], answer, published=header.who.published))
    if not blocks:
        return [], [], []
    _drop_specialities(blocks)
    _give_departments_back(blocks, lines)
    _cut_at_boilerplate(blocks[-1])
    _take_meta(blocks)
    _drop_buttons(blocks)
    _drop_numbers(blocks)
    return blocks, *_trim_last(blocks)


def _headers(lines: Sequence[Line]) -> list[_Header]:
    found = _candidates(lines)
    any_doctor = any(header.who.doctor for header in found)
    while True:
        kept = [header for at, header in enumerate(found) if not _is_no_block(lines, found, at, any_doctor)]
        if len(kept) == len(found):
            break
        found = kept
    return _with_unknown_hospitals(lines, found)


def _candidates(lines: Sequence[Line]) -> list[_Header]:
    texts = [line.spaced for line in lines]
    found: list[_Header] = []
    at = 0
    while at < len(lines):
        above = _content_above(lines, at)
        may_be_question = (
            above is not None and len(above.text) <= _LONGEST_QUESTION and not above.text.endswith((*_OPEN_END, ":", "：", "…"))
        )
        who = parse_credentials(texts[at : at + MAX_LINES], after_question=may_be_question and (not found or at > found[-1].end))
        if who is None:
            at += 1
            continue
        found.append(_Header(at, who))
        at += who.lines
    return found


def _content_above(lines: Sequence[Line], at: int) -> Line | None:
    """The nearest line above that is no button, within the same part of the page."""
    for index in range(at - 1, -1, -1):
        if ends_page_part(lines[index].text):
            return None
        if not is_boilerplate(lines[index].text):
            return lines[index]
    return None


def _is_no_block(lines: Sequence[Line], found: Sequence[_Header], at: int, any_doctor: bool) -> bool:
    """Whether credentials are quoted in an answer, sign it, or stand in a list of doctors."""
    header = found[at]
    above = _content_above(lines, header.start)
    below = _content(lines[header.end : found[at + 1].start if at + 1 < len(found) else len(lines)])
    inside = at > 0  # of the answer before
    between = _content(lines[found[at - 1].end : header.start]) if inside else []
    if above is not None:
        if inside and above.text.endswith(_OPEN_END):
            return True
        if (
            above.text.endswith((":", "："))
            and not is_question_like(above.text.rstrip(":："))
            and (inside or is_people_heading(above.text))
        ):
            return True
        if is_people_heading(above.text) and len(below) <= (at + 1 < len(found)):
            return True
    # In a list what is said of one doctor stands between him and the next.
    if below and _SPECIALITY.match(below[0].text) and (len(below) == 1 or (above is not None and _SPECIALITY.match(above.text))):
        return True
    if not inside:
        return False
    if header.who.doctor is None and any_doctor and (above is None or not is_question_like(above.text) or len(between) < 2):
        return True
    # A whole sentence above, and below at most the next question: the doctor signed.
    if above is None or not is_sentence(above.text) or is_question_like(above.text):
        return False
    if at + 1 == len(found):
        return not below and len(between) == 1
    return not below or (len(below) == 1 and not below[0].text.endswith("。"))


def _content(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if not is_boilerplate(line.text)]


def _with_unknown_hospitals(lines: Sequence[Line], found: list[_Header]) -> list[_Header]:
    """Where most doctors of the page have a hospital under them, a short line in its place is one, whatever it is called."""
    doctors = [header for header in found if header.who.doctor]
    if sum(header.who.hospital is not None for header in doctors) * 2 <= len(doctors):
        return found
    result: list[_Header] = []
    for at, header in enumerate(found):
        below = lines[header.end : found[at + 1].start if at + 1 < len(found) else len(lines)]
        enough_left = len(_content(below)) >= (3 if at + 1 < len(found) else 2)
        if header.who.doctor and header.who.hospital is None and enough_left and _HOSPITAL_SHAPE.fullmatch(below[0].spaced):
            hospital, _, tier = below[0].spaced.partition(" ")
            who = replace(header.who, lines=header.who.lines + 1, hospital=hospital, hospital_tier=tier or None)
            result.append(_Header(header.start, who))
        else:
            result.append(header)
    return result


def _split_question(above: Sequence[Line], *, is_first: bool) -> tuple[list[Line], list[Line]]:
    """The question at the end of what stands above credentials (a title, or a title and a description), and the rest.

    Of two lines or more the last is a question, however long: every block has one. A single line is the answer before,
    unless it is too short for that.
    """
    candidates = list(above)
    while candidates and is_boilerplate(candidates[-1].text):
        if is_first and ends_page_part(candidates[-1].text):
            return [], list(above)
        candidates.pop()
    if not candidates:
        return [], []
    last = candidates[-1]
    for length in (1, 2, 3):
        if length < len(candidates) and _DESCRIPTION.match(candidates[-length].text):
            return candidates[-length - 1 :], candidates[: -length - 1]
    content = _content(candidates)
    is_statement = len(last.text) > _LONGEST_QUESTION or (last.text.endswith("。") and len(last.text) > 40)
    if is_statement and (len(last.text) > _LONGEST_FIRST_STATEMENT if is_first else len(content) < 2):
        return [], list(above)
    # A question and what the patient adds to it; the answer before keeps a line at least.
    asks = len(content) > (1 if is_first else 2) and content[-2].text.endswith(("?", "？"))
    if asks and last.text.endswith("。") and not is_question_like(last.text) and candidates[-2] is content[-2]:
        return candidates[-2:], candidates[:-2]
    return [last], candidates[:-1]


def _is_the_answer_before(question: Sequence[Line], rest: Sequence[Line]) -> bool:
    """Whether what was taken for a question is a statement and all that stands under the credentials before."""
    return len(question) == 1 and not _content(rest) and question[0].text.endswith("。") and not is_question_like(question[0].text)


def _drop_specialities(blocks: Sequence[Block]) -> None:
    """`擅长：……` under the credentials is said of the doctor and not by the doctor."""
    for block in blocks:
        if len(block.answer) > 1 and _SPECIALITY.match(block.answer[0].text):
            block.answer.pop(0)


def _give_departments_back(blocks: Sequence[Block], lines: Sequence[Line]) -> None:
    """A department on a line of its own is the answer's where the answer would be empty, or where hardly a block has one."""
    having = [block for block in blocks if block.credentials.department_line]
    is_rare = len(blocks) > 1 and len(having) * 2 < len(blocks)
    for block in having:
        if is_rare or not block.answer:
            start = next(at for at, line in enumerate(lines) if line is block.header)
            block.answer.insert(0, lines[start + block.credentials.lines - 1])
            block.credentials = block.credentials.without_department_line()


def _take_meta(blocks: Sequence[Block]) -> None:
    """Lines that only say when and how often, at the end of an answer, are its date and views."""
    for block in blocks:
        while len(block.answer) > 1:
            if is_boilerplate(block.answer[-1].text):
                block.answer.pop()
                continue
            found = META.fullmatch(block.answer[-1].spaced)
            if not found or block.answer[-2].text.endswith((":", "：")):  # 复查时间：and a date is the doctor's own
                break
            block.published = block.published or parse_date(found[1])
            block.views = block.views or parse_views(found[2])
            block.answer.pop()


def _drop_buttons(blocks: Sequence[Block]) -> None:
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
            and not is_sentence(block.answer[-1].text)
            and not _DOSE.search(block.answer[-1].text)
        )
        buttons = {end for end, count in ends.items() if count >= _REPEATS_OF_A_BUTTON}
        if not buttons:
            return
        for block in blocks:
            if len(block.answer) > 1 and shape(block.answer[-1]) in buttons:
                block.answer.pop()


def _drop_numbers(blocks: Sequence[Block]) -> None:
    """Numbers that count the questions of a page up by one are badges and no part of the questions; 2岁 is."""
    numbered = [_NUMBER.match(block.question[0].spaced) if block.question else None for block in blocks]
    numbers = [int(found[1]) for found in numbered if found]
    if len(numbers) < max(2, len(blocks)) or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return
    rests = [block.question[0].spaced[found.end() :] for block, found in zip(blocks, numbered, strict=True) if found]
    if any(not rest or _UNIT.match(rest) for rest in rests):
        return
    for block, found in zip(blocks, numbered, strict=True):
        if found:
            text = block.question[0].text.removeprefix(found[0].strip()).strip()
            block.question[0] = replace(block.question[0], text=text, parts="")


def _trim_last(blocks: Sequence[Block]) -> tuple[list[Line], list[Line]]:
    """Take off the last answer what the page shows under it: a single question, which nobody answers, or other lines.

    The other answers tell how many lines an answer has on this page. Beyond that, short lines without punctuation or numbering
    are links; whole sentences, list items and long lines stay, and so does what may be a dose or a warning.
    """
    longest = max((len(block.answer) for block in blocks[:-1]), default=0)
    last = blocks[-1].answer
    extra: list[Line] = []
    if longest:
        while len(last) > longest and _LINK_LIKE.fullmatch(last[-1].text) and not _is_advice(last[-1].text):
            extra.insert(0, last.pop())
        # An end mark may be a question's; 您 is whom the doctor asks.
        if len(last) > longest and not extra and last[-1].text.endswith(("?", "？")) and not re.search("[您你]", last[-1].text):
            extra.insert(0, last.pop())
    elif len(last) > 1 and _is_lone_question(last[-1].text):
        extra.insert(0, last.pop())
    # Under a heading of the page's own (热门文章) stand links, not a question that was cut off from its answer.
    is_question = len(extra) == 1 and len(extra[0].text) <= 40 and is_question_like(extra[0].text)
    return (extra, []) if is_question else ([], extra)


def _is_advice(text: str) -> bool:
    return bool(_ADVICE.search(_ASKS.sub("", text)) or _DOSE.search(text))


def _is_lone_question(text: str) -> bool:
    return not text.endswith("。") and len(text) <= 40 and is_question_like(text) and not re.search("[您你]|[?？].", text)


def _cut_at_boilerplate(block: Block) -> None:
    """The last block ends where the page's own footer or next section begins."""
    for index, line in enumerate(block.answer):
        if not index:
            continue
        if ends_page_part(line.text) or line.text == DISEASE_HEADING or SECTION_HEADING.fullmatch(line.text.rstrip(":：")):
            block.answer = block.answer[:index]
            return
        if begins_article(block.answer, index):
            block.answer = block.answer[: index - 1]  # a title stands before the date
            return


def begins_article(lines: Sequence[Line], at: int) -> bool:
    """Whether a date at this place is an article's, with a body under it, and not an answer's own."""
    if not published_in(lines[at]) or _credentials_near(lines, at):
        return False
    return any(is_sentence(line.text) and not META.fullmatch(line.spaced) for line in lines[at + 1 : at + 4])


def _credentials_near(lines: Sequence[Line], at: int) -> bool:
    texts = [line.spaced for line in lines[at + 1 : at + 3 + MAX_LINES]]
    return any(parse_credentials(texts[start : start + MAX_LINES]) for start in range(min(3, len(texts))))
