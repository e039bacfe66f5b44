"""Whether a doctor's clause tells to leave something: a harm that is named and warned of (避免熬夜), or a word that tells it by itself (戒烟)."""

from __future__ import annotations

import re

from corpus.stance import Around, Stance
from corpus.stance.advice_after import BY_ITSELF, FALLS_SHORT, HARMFUL, USELESS
from corpus.stance.negation_reach import GAP, NEEDLESS, TURN, governing, is_double, last_match, without_seeming_negations

_AGAINST = re.compile(
    "不要|不能|不可以|不可|不宜|不建议|不主张|不推荐|不提倡|不应该?|不得|不许|不准|切忌|切勿|切莫|勿|忌|禁止|禁忌|禁用|禁|别|避免|避开|杜绝|停止|停用|减少|远离|防止|慎用|谨慎|慎重"
    "|不适合|不适宜|不吃|不喝|不做|(?:最好|尽量|暂时?|先|目前)不要?|不再|谢绝|戒|少(?=吃|喝|食|饮|用|做|抽|碰|接触|搬|提|熬|看|玩|走|爬|去|有)|少$|限制|控制|不(?:抽|沾|熬|穿|提|搬|用手)|拒绝|脱离|预防|防(?!晒|治|护|范|疫|御)|停(?=掉|吃|喝|服)|当心|小心|注意不|以免|免"
)
#: Who leaves it already is told nothing: 不熬夜的人也会失眠.
_WHO_DOES_NOT = re.compile("^[^,]{0,8}?(?:的(?:人(?!群)|患者|男性|女性)|者)(?:也|都|还|同样|很|可能|会|就|更|往往|容易|[^,]{0,6}好转)")
_NOT_ABSTAINED = re.compile(
    "(?:(?<!必须)(?<!必需)(?:不|没有?|未|无法|难以|已经?|曾经?|以前|之前|才刚?|正在|刚刚?|(?:如果|若|只要|一旦|会|虽然?|即使)[^,]{0,4}))$"
)
_ABSTAINED = re.compile(
    "^(?:了(?!吧)|过|(?:已|都|才)?(?:有|快|近)?[\\d一二两三四五六七八九十半几多]+(?:年|个月|天|周)|失败|成功|后(?!,?(?:再|才能))|以后|之后|期间|过程|门诊|药|治疗|困难|引起|导致|日|多年|很久|者|的人)"
)


def harm(around: Around) -> Stance | None:
    """Something to avoid counts only where a clause, or the list it stands in, tells to."""
    left = without_seeming_negations(around.left)
    if governing(NEEDLESS, left, GAP) is not None or re.search("(?:如果|若|因|由于|因为|可以?|可能)[^,]{0,2}$", left):
        return None
    negation = governing(_AGAINST, left, GAP)
    if _WHO_DOES_NOT.match(around.right):
        return None
    if negation and (is_double(negation) or re.search("把|将|拿", negation.between)):
        return None  # 不要把白酒塞进牙洞 does not tell to drink none
    if negation or (re.search("不$", left) and not around.right.startswith(("吗", "是"))):
        return Stance.AGAINST
    if (
        around.carried
        and (found := last_match(_AGAINST, without_seeming_negations(around.carried)))
        and not TURN.search(around.carried[found.end() :])
    ):
        return Stance.AGAINST
    return Stance.AGAINST if HARMFUL.match(around.right) else None


def abstains(around: Around) -> Stance | None:
    """What a clause says of a word that tells to leave something by itself (戒烟, 忌酒): AGAINST; None where it is not told."""
    left = without_seeming_negations(around.left)
    if governing(NEEDLESS, left, GAP) is not None or _NOT_ABSTAINED.search(left):
        return None
    if _ABSTAINED.match(around.right) or _WHO_DOES_NOT.match(around.right):
        return None
    if BY_ITSELF.search(left) and FALLS_SHORT.search(around.right):
        return None
    return None if USELESS.match(around.right) else Stance.AGAINST
