"""What tells who a person is, found in questions and answers and masked: numbers, addresses, and names after 我叫.

For an operator who must not keep what askers wrote of themselves. A pattern masks only what has the whole shape of such a
thing, since a wrongly masked dose or lab value harms more than it protects: numbers to call for help (120, 110, 119, 12356),
dates, doses and values stay. Rules, not certainty: a name that nobody introduces is not found.

A mask (`[手机号]`) has no shape that is masked, so masking twice is masking once.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote

from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.record import DoctorAnswer, content_id
from corpus.segment import dictionary_frequency

_NO_DIGIT_BEFORE = r"(?<!\d)(?<!\d[.,\-])(?<![A-Za-z])"
_NO_DIGIT_AFTER = r"(?!\d)(?![.,\-]\d)"
_GAP = r"[ \-—–]?"
# What follows a quantity: three groups of digits before it are values, no telephone.
_UNIT = r"\s*(?:mg|μg|ug|ml|mmol|mol|g|kg|cm|mm|(?i:m?iu|copies|cps)|u/|kcal|元|万|毫|微|克|升|单位|拷贝|次|步|%|℃|×|\*|/)"
_UNIT_AFTER = rf"(?!{_UNIT})"
_QUANTITY = re.compile(_UNIT)
# What follows a value of a laboratory: eleven digits in one before it are no telephone, unless a word for one goes before them.
_LABORATORY_UNIT = re.compile(r"\s*(?:(?:m?iu|mg|μg|ug|ng|pg|ml|m?mol|copies|cps)(?![a-z])|u/|拷贝|国际单位)", re.IGNORECASE)
_TO_CALL = re.compile(r"(?<!\[)(?:电话|手机|联系方式|联系|号码|致电|拨打|tel|phone)(?:号码?)?(?:就?是|为)?\s?[:：]?\s?$", re.IGNORECASE)
# HCG分别是158 1230 4560: what was counted stands before the number, with other values between at most.
_COUNTED = re.compile(
    r"(?:hcg|[dr]na|血小板|白细胞|红细胞|孕酮|雌二醇|病毒载?量|滴度|铁蛋白|激酶|转氨酶|甲胎蛋白|afp|cea|ca\d{2,3}|bnp|定量|计数|数值|指标)"
    r"(?:值|水平|结果|定量|计数){0,2}(?:分别|依次)?(?:是|为|达|高达)?\s?[:：=]?\s?(?:[1-9]\d{0,5}(?:\.\d{1,4})?[\s,，、]{1,2}){0,3}$",
    re.IGNORECASE,
)
# Nothing else is counted in eleven digits.
_VIRUS_LOAD = re.compile(r"(?:[dr]na|病毒)(?:定量|载量|结果|值){0,2}(?:是|为|达|高达)?\s?[:：=]?\s?$", re.IGNORECASE)
_LOOK_BACK = 60

_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])")
_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])(?<!\d[.\-])([1-9]\d{5})[ \-]?((?:19|20)\d{2})(\d{2})(\d{2})[ \-]?(\d{3}[\dXx])(?![\dA-Za-z])")
_OLD_ID_NUMBER = re.compile(rf"((?:身份证|证件)(?:号码|号)?(?:是|为)?\s*[:：]?\s*)([1-9]\d{{14}}){_NO_DIGIT_AFTER}")
_LINK = r"(?:号码|账号|帐号|号|id)?\s*+(?:就是|是|为)?\s*+[:：=]?\s*+[「『“\"(（【]?\s*+"
# 可以加Venlafaxine is a medicine; behind 加v a number or a mark must follow.
_ADD_ME = r"加v(?!itamin|it[a-k]\d)(?=[\s\d号是为就:：=「『“\"(（【]|[a-z_\-]*\d)|加微"
_WECHAT = re.compile(
    rf"((?<![A-Za-z])(?:微信|威信|薇信|v信|weixin|wechat|{_ADD_ME}|加薇|vx|wx){_LINK})((?=[A-Za-z0-9_\-]*[\d_])[A-Za-z][A-Za-z0-9_\-]{{5,19}}|[A-Za-z][A-Za-z0-9_\-]{{7,19}}|1[3-9]\d{{9}}|\d{{6,11}})(?![A-Za-z0-9_@.])",
    re.IGNORECASE,
)
_QQ = re.compile(rf"((?<![A-Za-z])(?:qq|扣扣|企鹅)(?:群)?{_LINK})([1-9]\d{{4,10}}){_NO_DIGIT_AFTER}", re.IGNORECASE)
_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)?86[ \-]?)?"
    rf"(?:1[3-9]\d{{9}}(?!\s?/\s?[A-Za-zμ升毫])|1[3-9]\d(?P<gap>[ \-—–.])\d{{4}}(?P=gap)\d{{4}}|1[3-9]\d{{2}}(?P<gap2>[ \-])\d{{3}}(?P=gap2)\d{{4}}){_NO_DIGIT_AFTER}"
)
_LANDLINE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:[(（]0\d{{2,3}}[)）]\s?|(?:\+?86[ \-]?)?0(?:10|2\d|[3-9]\d{{2}}){_GAP})[2-8]\d{{2,3}}[ \-]?\d{{4}}"
    rf"(?:\s?(?:转|分机|-)\s?\d{{1,5}})?{_UNIT_AFTER}{_NO_DIGIT_AFTER}"
)
_LOCAL_LINE = re.compile(
    rf"((?:电话|座机|固话|宅电|联系方式)(?:号码)?(?:是|为)?\s*[:：]?\s*)([2-8]\d{{2,3}}[ \-]?\d{{4}}){_UNIT_AFTER}{_NO_DIGIT_AFTER}"
)
# 电话20230115随访: the day of a call; behind 是 or a colon stands the number itself.
_DAY_OF_A_CALL = re.compile(r"[^是为:：]*20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

# Family names of nearly everybody (the hundred most frequent, and some that are no other word); two characters first.
_SURNAMES = (
    "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江"
    "尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝]"
)
_NAME_END = r"(?=$|[\s,，。.;；:：!！?？、()（）的]|今年|现年|男|女|是|来自|住|家住|\d)"
# What people go on with without a stop; the name is then the shortest (我叫李娜想咨询).
_GOES_ON = r"(?=想|请|咨询|最近|目前|现在|今天|昨天|前几天|这几天|因为|得了|患有|一直|您好|你好)"
_A_NAME = rf"((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}{_NAME_END}|(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}?{_GOES_ON})"
_WHOSE_NAME = r"(?<![\u4e00-\u9fff])(?:病人|患者|患儿|孩子|宝宝|就诊人|就诊者|本人)?姓名"
# Behind these words stands a name; behind 姓名 and a blank often the next heading (姓名 单位), behind 本人 and 患者 mostly an
# illness, unless sex or age follow.
_NAME = re.compile(
    rf"((?:我(?:的名字|的姓名)?叫做?|我的(?:名字|姓名)是|我名叫|本人(?:姓名|名字)?叫|本人名叫|{_WHOSE_NAME}\s?(?:是|为|[:：]))\s*+[:：]?\s*+){_A_NAME}"
)
_NAME_BEHIND_A_BLANK = re.compile(rf"({_WHOSE_NAME}\s++){_A_NAME}")
_NAME_BEFORE_AGE = re.compile(
    rf"((?<![\u4e00-\u9fff])(?:本人|患者|病人|患儿)(?:姓名|是)?\s*+[:：]?\s*+)(?!时年|于[今昨近])((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}})"
    r"(?=[\s,，、]{0,4}(?:[男女](?![友朋儿孩人])|今年|现年|\d{1,3}\s?岁))"
)
# Of these a name is made of none (全身痒 begins with a family name).
_OF_AN_ILLNESS = re.compile("[痒痛疼肿胀咳吐泻癌症病疹疮癣疖瘤尿屎血汗喘晕]")
# More often than this the dictionary has seen words (司机, 农民, 高龄 begin with a family name too), less often people.
_FREQUENCY_OF_WORDS = 10
# And words that are this frequent begin a phrase and no name (江苏人).
_FREQUENCY_OF_BEGINNINGS = 1000


# What askers, and whoever copied them, may have written anything into.
_FREE_FIELDS = ("question", "answer", "disease", "department", "notice")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without what was found in it, and how many of each kind that was."""

    text: str
    counts: Counter[str]


def mask(text: str) -> Masked:
    """Mask what tells who a person is; the text must be clean (`corpus.clean`), so that full-width digits are digits."""
    counts: Counter[str] = Counter()

    def replace(kind: str, pattern: re.Pattern[str], value: int = 0, holds: Callable[[re.Match[str]], bool] | None = None) -> None:
        nonlocal text

        def masked(found: re.Match[str]) -> str:
            if holds and not holds(found):
                return found[0]
            counts[kind] += 1
            before = found[0][: found.start(value) - found.start()]
            return f"{before}[{kind}]"

        text = pattern.sub(masked, text)

    replace("邮箱", _EMAIL)
    replace("证件号", _ID_NUMBER, holds=_has_birthday)
    replace("证件号", _OLD_ID_NUMBER, 2)
    replace("微信号", _WECHAT, 2)
    replace("QQ号", _QQ, 2)
    replace("手机号", _MOBILE, holds=_is_to_call)
    replace("座机", _LANDLINE)
    replace("座机", _LOCAL_LINE, 2, lambda found: not _DAY_OF_A_CALL.fullmatch(found[0]))
    replace("姓名", _NAME, 2, _is_no_illness)
    replace("姓名", _NAME_BEHIND_A_BLANK, 2, _is_no_word)
    replace("姓名", _NAME_BEFORE_AGE, 2, _is_no_word)
    return Masked(text, counts)


def mask_record(record: DoctorAnswer) -> tuple[DoctorAnswer, Counter[str]]:
    """The record with what askers wrote masked, and how many of each kind; doctors' own names and hospitals stay.

    An id or an address that holds such a thing is of no use with a mask in it: the record gets the id of its (masked) content,
    and no address.
    """
    counts: Counter[str] = Counter()
    changed: dict[str, Any] = {}
    for name in _FREE_FIELDS:
        if text := getattr(record, name):
            masked = mask(text)
            counts += masked.counts
            if masked.counts:
                changed[name] = masked.text
    in_url = mask(unquote(record.url)).counts if record.url else Counter()
    if in_url:
        changed["url"] = None
    in_id = mask(record.id).counts
    if in_id and record.id == _content_id(record):  # a hash may look like a number
        in_id.clear()
    record = dataclasses.replace(record, **changed) if changed else record
    if in_id:
        record = dataclasses.replace(record, id=_content_id(record))
    return record, counts + in_url + in_id


def _content_id(record: DoctorAnswer) -> str:
    return content_id(record.kind, record.question, record.answer, record.doctor, record.hospital)


def _has_birthday(found: re.Match[str]) -> bool:
    try:
        date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return False
    return True


def _is_to_call(found: re.Match[str]) -> bool:
    """Whether eleven digits are a telephone: a word for one goes before them, or neither a unit behind nor what was counted before."""
    before = found.string[max(found.start() - _LOOK_BACK, 0) : found.start()]
    if _TO_CALL.search(before):
        return True
    if found["gap"] or found["gap2"]:
        return not _QUANTITY.match(found.string, found.end()) and not _COUNTED.search(before)
    return not _LABORATORY_UNIT.match(found.string, found.end()) and not _VIRUS_LOAD.search(before)


def _is_no_illness(found: re.Match[str]) -> bool:
    """高血压 and 白癜风 begin with a family name; 常失眠 ends in an illness."""
    name = found[2]
    terms = load_medical_terms(MEDICAL_TERMS)
    return not any(part in terms for part in (name, name[1:], name[:2])) and not _OF_AN_ILLNESS.search(name, 1)


def _is_no_word(found: re.Match[str]) -> bool:
    name = found[2]
    if not _is_no_illness(found) or dictionary_frequency(name) >= _FREQUENCY_OF_WORDS:
        return False
    return len(name) < 3 or dictionary_frequency(name[:2]) < _FREQUENCY_OF_BEGINNINGS
