"""What the world calls our fields: column names of tables and keys of JSON, Chinese and English; and what it puts in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpus.readers.credentials import is_tier
from corpus.record import KIND_NAMES, RecordError, is_no_text

# A field's names, best first: where a source has several, the first that is filled wins; the question's are joined, since
# `title` and `ask` of the same consultation are its short and its long form. Names of any text come last among the answer's, and
# serve it only where no other does, since what stands under them may be the patient's (`_of_one_author`).
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "编号", "record_id", "doc_id", "docid"),
    "kind": ("kind", "类型", "记录类型"),
    "question": (
        "question", "问题", "标题", "title", "ask", "提问", "患者提问", "咨询问题", "问", "query", "问题描述", "问题标题", "问诊标题", "提问标题", "题目", "提问内容", "问题内容",
        "咨询内容", "咨询标题", "主诉", "病情描述", "患者问题", "用户问题", "question_text", "question_title", "questions", "input", "instruction", "q",
    ),
    "answer": (
        "answer", "回答", "答案", "医生回答", "回答内容", "答复", "答复内容", "回复", "医生回复", "回复内容", "医生答复", "答", "解答", "医生解答", "医生建议", "专家回答",
        "回答文本", "answer_text", "answers", "response", "reply", "output", "a", "text", "content", "内容", "正文",
    ),
    "doctor": ("doctor", "医生", "医生姓名", "doctor_name", "doctorname", "医生名", "医生名字", "回答医生", "回复医生", "答复医生", "专家", "专家姓名", "医师", "医师姓名", "姓名"),
    "doctor_title": ("doctor_title", "doctortitle", "职称", "医生职称", "医师职称", "专家职称", "头衔", "professional_title", "job_title"),
    "hospital": ("hospital", "医院", "医院名称", "hospital_name", "hospitalname", "所属医院", "所在医院", "执业医院", "医疗机构", "机构", "单位", "工作单位", "所在单位", "执业机构"),
    "hospital_tier": (
        "hospital_tier", "等级", "医院等级", "医院级别", "级别", "tier", "level", "hospital_level", "hospital_grade", "hospitallevel",
    ),
    "department": ("department", "科室", "科室名称", "所属科室", "dept", "department_name", "二级科室", "一级科室"),
    "published": (
        "published", "日期", "发布日期", "发布时间", "回答时间", "回复时间", "回答日期", "回复日期", "时间", "date", "time", "publish_date", "publish_time", "published_at", "create_time",
    ),
    "views": ("views", "浏览", "浏览量", "浏览数", "浏览次数", "阅读量", "阅读数", "阅读次数", "view_count"),
    "disease": ("disease", "疾病", "疾病名称", "病种", "病名", "disease_name"),
    "truncated": ("truncated", "截断", "是否截断"),
    "url": ("url", "链接", "网址", "来源链接", "原文链接", "链接地址", "来源网址", "link", "href"),
    "source": ("source", "来源"),
    "notice": ("notice", "提示", "声明"),
}  # fmt: skip
_FIELD_BY_ALIAS = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
# Names of any text: beside the number of a question, and nothing else, it is that question's.
_ANY_TEXT = {"text", "content", "内容", "正文"}
_QUESTION_NUMBERS = {"question_id", "que_id", "qid"}
# What a prompt tells the model; the question stands beside it.
_PROMPT, _PROMPTED = "instruction", "input"
_TELLS_A_MODEL = re.compile(
    r"你(?:现在)?(?:是|扮演|作为)|作为(?:一[名位个])?.{0,8}(?:医生|医师|专家|助手)|请(?:根据|回答|给出|以)|根据.{0,12}(?:问题|描述|症状|提问)|回答.{0,6}(?:问题|提问)|you are|as an? |answer the|based on",
    re.IGNORECASE,
)
# Letters that programs name their variables by, too: names of columns only together, in a header like one.
_LETTERS = {"q", "a"}
_LETTERS_BESIDE = 8
_PLAIN_CELL = re.compile(r"[\w .-]{1,20}")
# Where these are, a person without a role is the patient.
_OF_PATIENTS = {"性别", "年龄", "sex", "gender", "age"}
_OF_A_PERSON = {"姓名"}
_OF_A_WORKPLACE = {"单位", "工作单位"}
# A rank: of a hospital or of a doctor, as its value says.
_RANK = "级别"

_KIND_NAMES = {
    "回答": "answer", "问答": "answer", "答案": "answer", "医生回答": "answer", "qa": "answer",
    "文章": "article", "资讯": "article", "科普": "article",
    "疾病": "disease", "疾病介绍": "disease", "疾病百科": "disease",
}  # fmt: skip
# Under this name a value that we do not know is a mistake; 类型 may mean anything (图文, 内科).
_OWN_KIND_NAME = "kind"

# `问题(必填)`, `*回答`, `医 生`: what forms add to a column's name.
_FORM_MARKS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]|[*＊:：\ufeff\u200b\"']")
_BLANK_IN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def plain_name(name: Any) -> str:
    """A column's name as we compare it: `Doctor Title ` and `doctor-title` are `doctor_title`, `*问题(必填)` is `问题`."""
    text = str(name).strip()
    bare = _BLANK_IN_CHINESE.sub("", _FORM_MARKS.sub("", text).strip()) or text
    return re.sub(r"[\s\-]+", "_", bare.lower())


def known_names(names: Iterable[Any]) -> list[str]:
    """Those of the names, which stand beside each other, that we know, be it as a column that is of no use."""
    names = list(map(str, names))
    known = _field_by_name(names).keys() | _ANY_TEXT
    return [name for name in names if plain_name(name) in known]


def names_an_answer(names: Iterable[Any]) -> bool:
    """Whether one of the names, which stand beside each other, is the answer's."""
    return "answer" in _field_by_name(map(str, names)).values()


def _field_by_name(names: Iterable[str]) -> dict[str, str]:
    """Plain name -> our field, of those of the names that mean one beside the others."""
    plain = {plain_name(name): name.strip() for name in names if name.strip()}
    return {name: _FIELD_BY_ALIAS[name] for name in plain if name in _FIELD_BY_ALIAS and not _means_something_else(name, plain)}


def _means_something_else(name: str, plain: Mapping[str, str]) -> bool:
    """Whether a name that we know is none of ours beside the others (plain name -> as it is written)."""
    others = plain.keys() - {name}

    def has(field: str) -> bool:
        return any(_FIELD_BY_ALIAS.get(other) == field for other in others - _OF_A_PERSON - _OF_A_WORKPLACE)

    if name in _LETTERS:
        beside = plain.keys() - _LETTERS
        known = beside & _FIELD_BY_ALIAS.keys()
        is_header = all(other in known or (_PLAIN_CELL.fullmatch(plain[other]) and len(other) > 1) for other in beside)
        has_other_letter = plain.keys() >= _LETTERS and (known or len(plain) <= _LETTERS_BESIDE)
        answers_it = has("answer" if _FIELD_BY_ALIAS[name] == "question" else "question")
        return not (is_header and (has_other_letter or answers_it))
    if name in _ANY_TEXT:
        return bool(others) and others <= _QUESTION_NUMBERS
    if name == _PROMPTED:
        return any(_FIELD_BY_ALIAS.get(other) == "question" and other != _PROMPT and other not in _LETTERS for other in others)
    if name in _OF_A_PERSON:
        return bool(others & _OF_PATIENTS) or has("doctor") or (has("hospital") and not has("doctor_title"))
    if name in _OF_A_WORKPLACE:
        # Beside a doctor's column and another name it is the workplace of whoever bears that name.
        return bool(others & _OF_PATIENTS) or has("hospital") or (has("doctor") and bool(others & _OF_A_PERSON))
    return False


def is_header(names: Sequence[Any], columns: Mapping[str, str]) -> bool:
    """Whether a row names the columns of a table: the answer's, or those given by hand, and nothing that is long as a text is."""
    filled = [str(name).strip() for name in names if name is not None and str(name).strip()]
    if columns:
        return {plain_name(column) for column in columns.values()} <= {plain_name(name) for name in filled}
    return names_an_answer(filled) and (len(filled) == 1 or len(known_names(filled)) > 1 or all(len(name) <= 20 for name in filled))


def field_map(names: Iterable[Any], columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Which of the source's columns make each of our fields, in order of preference.

    A field named by hand in `columns` is read from that column alone, and the column serves no other field.
    """
    by_plain: dict[str, str] = {}
    for name in map(str, names):
        by_plain.setdefault(plain_name(name), name)
    mapping: dict[str, list[str]] = {}
    taken: set[str] = set()
    for field, column in columns.items():
        if plain_name(column) in by_plain:
            mapping[field] = [by_plain[plain_name(column)]]
            taken.add(by_plain[plain_name(column)])
    known = _field_by_name(by_plain.values())
    for field, aliases in ALIASES.items():
        if field in mapping:
            continue
        found = [by_plain[alias] for alias in aliases if alias in known and by_plain[alias] not in taken]
        if found:
            mapping[field] = _of_one_author(found) if field == "answer" else found
    if _RANK in known and by_plain[_RANK] not in taken and not {"hospital_tier", "doctor_title"} & columns.keys():
        mapping.setdefault("doctor_title", []).append(by_plain[_RANK])
    return mapping


def _of_one_author(names: list[str]) -> list[str]:
    """Columns that an answer is read from, the first one that is filled: a column of any text may be the patient's, so none beside others."""
    return [name for name in names if plain_name(name) not in _ANY_TEXT] or names[:1]


def raw_fields(row: Mapping[str, Any], mapping: Mapping[str, list[str]]) -> dict[str, Any]:
    """A row of the source as raw fields of a record.

    Raises:
        RecordError: the question is an object and no text.
    """
    raw: dict[str, Any] = {}
    for field, names in mapping.items():
        filled = [name for name in names if row.get(name) not in (None, "") and _says(field, name, row[name], mapping)]
        if not filled:
            continue
        value = row[filled[0]]
        if field == "question":
            value = _joined([_question_text(row[name]) for name in _without_prompt(filled, row)])
        elif field == "kind":
            value = _kind(value, filled[0])
        if value is not None:
            raw[field] = value
    return raw


def _says(field: str, name: str, value: Any, mapping: Mapping[str, list[str]]) -> bool:
    """Whether a column that serves two fields, hospital's tier and doctor's title, says this one."""
    if field not in ("hospital_tier", "doctor_title") or not all(
        name in mapping.get(other, ()) for other in ("hospital_tier", "doctor_title")
    ):
        return True
    return is_tier(str(value)) == (field == "hospital_tier")


def _without_prompt(names: list[str], row: Mapping[str, Any]) -> list[str]:
    """The question's columns that are filled, without what only tells a model what to do where there is a question beside it."""
    if any(plain_name(name) == _PROMPTED for name in names):
        return [name for name in names if plain_name(name) != _PROMPT or not _TELLS_A_MODEL.search(str(row[name]))]
    return names


def _kind(value: Any, column: str) -> Any:
    word = str(value).strip().lower()
    if word in KIND_NAMES:
        return word
    return _KIND_NAMES.get(word, value if plain_name(column) == _OWN_KIND_NAME else None)


def _question_text(value: Any) -> str:
    if isinstance(value, dict):
        raise RecordError("问题字段里是嵌套的对象，应为一段文字")
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_question_text, value)))
    return "" if is_no_text(value) else str(value).strip()


def _joined(texts: Iterable[str]) -> str:
    """A title and a longer question: the longer alone where it begins with the other, else both."""
    kept: list[str] = []
    for text in texts:
        if text and not any(text in other for other in kept):
            kept = [other for other in kept if other not in text] + [text]
    return " ".join(kept)
