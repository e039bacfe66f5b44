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

from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.record import DoctorAnswer
from corpus.segment import dictionary_frequency

_NO_DIGIT_BEFORE = r"(?<!\d)(?<!\d[.,\-])(?<![A-Za-z])"
_NO_DIGIT_AFTER = r"(?!\d)(?![.,\-]\d)"
_GAP = r"[ \-—–]?"
# What follows a quantity: three groups of digits before it are values, no telephone.
_UNIT_AFTER = r"(?!\s*(?:mg|μg|ug|ml|mmol|mol|g|kg|cm|mm|iu|u/|kcal|元|万|毫|微|克|升|单位|次|步|%|℃|×|\*|/))"

_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])")
_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])(?<!\d[.\-])([1-9]\d{5}) ?((?:19|20)\d{2})(\d{2})(\d{2}) ?(\d{3}[\dXx])(?![\dA-Za-z])")
_OLD_ID_NUMBER = re.compile(rf"((?:身份证|证件)(?:号码|号)?(?:是|为)?\s*[:：]?\s*)([1-9]\d{{14}}){_NO_DIGIT_AFTER}")
_LINK = r"(?:号码|账号|帐号|号|id)?\s*(?:就是|是|为|[:：=]|[(（])?\s*"
_WECHAT = re.compile(
    rf"((?<![A-Za-z])(?:微信|威信|薇信|v信|weixin|wechat|加v|加薇|vx|wx){_LINK})((?=[A-Za-z0-9_\-]*[\d_])[A-Za-z][A-Za-z0-9_\-]{{5,19}}|[A-Za-z][A-Za-z0-9_\-]{{7,19}}|1[3-9]\d{{9}}|\d{{6,11}})(?![A-Za-z0-9_@.])",
    re.IGNORECASE,
)
_QQ = re.compile(rf"((?<![A-Za-z])(?:qq|扣扣|企鹅)(?:群)?{_LINK})([1-9]\d{{4,10}}){_NO_DIGIT_AFTER}", re.IGNORECASE)
_MOBILE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:(?:\+|00)?86[ \-]?)?"
    rf"(?:1[3-9]\d{{9}}(?!\s?/\s?[A-Za-zμ升毫])|1[3-9]\d(?P<gap>[ \-—–.])\d{{4}}(?P=gap)\d{{4}}{_UNIT_AFTER}|1[3-9]\d{{2}}(?P<gap2>[ \-])\d{{3}}(?P=gap2)\d{{4}}{_UNIT_AFTER}){_NO_DIGIT_AFTER}"
)
_LANDLINE = re.compile(
    rf"{_NO_DIGIT_BEFORE}(?:[(（]0\d{{2,3}}[)）]\s?|(?:\+?86[ \-]?)?0(?:10|2\d|[3-9]\d{{2}}){_GAP})[2-8]\d{{2,3}}[ \-]?\d{{4}}"
    rf"(?:\s?(?:转|分机|-)\s?\d{{1,5}})?{_UNIT_AFTER}{_NO_DIGIT_AFTER}"
)
_LOCAL_LINE = re.compile(
    rf"((?:电话|座机|固话|宅电|联系方式)(?:号码)?(?:是|为)?\s*[:：]?\s*)([2-8]\d{{2,3}}[ \-]?\d{{4}}){_UNIT_AFTER}{_NO_DIGIT_AFTER}"
)

# Family names of nearly everybody (the hundred most frequent, and some that are no other word); two characters first.
_SURNAMES = (
    "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|"
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江"
    "尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝]"
)
_NAME_END = r"(?=$|[\s,，。.;；:：!！?？、()（）的]|今年|现年|男|女|是|来自|住|家住|\d)"
_A_NAME = rf"((?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}})"
# Behind these words stands a name; behind 本人 mostly an illness, unless sex or age follow.
_NAME = re.compile(
    rf"((?:我(?:的名字|的姓名)?叫做?|我的(?:名字|姓名)是|我名叫|本人(?:姓名|名字)?叫|本人名叫|(?<![\u4e00-\u9fff])(?:患者|本人)?姓名\s*(?:是|为|[:：]))\s*[:：]?\s*){_A_NAME}{_NAME_END}"
)
_NAME_BEFORE_AGE = re.compile(
    rf"((?<![\u4e00-\u9fff])本人(?:姓名|是)?\s*[:：]?\s*){_A_NAME}(?=[\s,，、]*(?:男|女|今年|现年|\d{{1,3}}\s*岁))"
)
# More often than this the dictionary has seen words (司机, 农民, 高龄 begin with a family name too), less often people.
_FREQUENCY_OF_WORDS = 10


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
    replace("手机号", _MOBILE)
    replace("座机", _LANDLINE)
    replace("座机", _LOCAL_LINE, 2)
    replace("姓名", _NAME, 2, _is_no_illness)
    replace("姓名", _NAME_BEFORE_AGE, 2, _is_no_word)
    return Masked(text, counts)


def mask_record(record: DoctorAnswer) -> tuple[DoctorAnswer, Counter[str]]:
    """The record with question and answer masked, and how many of each kind; doctors' own names and hospitals stay."""
    question, answer = mask(record.question), mask(record.answer)
    counts = question.counts + answer.counts
    if not counts:
        return record, counts
    return dataclasses.replace(record, question=question.text, answer=answer.text), counts


def _has_birthday(found: re.Match[str]) -> bool:
    try:
        date(int(found[2]), int(found[3]), int(found[4]))
    except ValueError:
        return False
    return True


def _is_no_illness(found: re.Match[str]) -> bool:
    """高血压 and 白癜风 begin with a family name; 常失眠 ends in an illness."""
    terms = load_medical_terms(MEDICAL_TERMS)
    return not any(found[2][start:] in terms for start in (0, 1))


def _is_no_word(found: re.Match[str]) -> bool:
    return _is_no_illness(found) and dictionary_frequency(found[2]) < _FREQUENCY_OF_WORDS
