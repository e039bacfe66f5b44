"""Whether a doctor's clause says that something comes from a word in it: 由受凉引起, 与受凉无关, 考虑感冒, 排除感染."""

from __future__ import annotations

import re

from corpus.stance import Around, Stance
from corpus.stance.negation_reach import last_match, without_seeming_negations

_DENIES_CAUSE = re.compile(
    "(?:谈不上|算不上|(?:不一定|未必|不见得|不全|不都|并不|不会|并非|不单纯|不)是?(?:因为?|由于?|因)?|不像)[^,]{0,1}$"
)
_UNLIKE = re.compile(
    "不(?=因|由)|不是|不[太大]?可能是?|不能说是?|不考虑|谈不上|算不上|说不上|(?:没有?|无)证据(?:表明|证明|显示)|并非|不像|不一定|不都|不会是|非|未必|不见得|不全|不单纯|没有|无|未见"
)
_CAUSE_BEFORE = re.compile(
    "由|因(?!此|而)|与|跟|同(?!时|房|样)|和|见于|原因|诱因|病因|考虑|可能|多是|多为|常为|常是|属于|诊断|怀疑|主要是|主要有|主要为|常见|包括|比如|例如|如(?!果)|像|是(?!否)|为|有(?!助|利|效)|受|来自|来源于"
)
#: The clause speaks of causes at all.
_SPEAKS_OF_CAUSES = re.compile("由|因(?!此|而)|与|跟|见于|原因|诱因|病因|考虑|可能|多是|多为|主要是|常见|引起|导致|有关|诱发|造成")
#: Names what it may be right before the word; a disease needs this, for diseases are named for many reasons.
_CAUSE_NAMED = re.compile(
    "(?:由于?|因为?|与|跟|见于|原因(?:是|有|为|包括|可能)*|考虑(?:是|为|有|可能)*|可能(?:是|为|由|有|患|存在)|多(?:是|为|由|因|见于)|属于|诊断(?:是|为)?|怀疑(?:是|为|有)?|主要(?:是|由|为)|常(?:是|为|由|见)(?:于|的?有|的?是)?|像是?|(?:就|应该|应当|这|还|大概|估计|不排除|考虑|症状)是|不排除|有无|符合|患有|排查|存在)[^,]{0,2}$"
)
_CAUSE_AFTER = re.compile(
    "^[^,]{0,14}(?:引起|导致|所致|造成|诱发|引发|有关|相关|的?原因(?!不明)|的?缘故|而致|致使|惹的|的可能性?(?!不大|很?小|较?[小低]|不高|不)|可能性(?:较?大|大|比较大)|可能$|的情况$|的表现|就?都?也?会(?:产生|出现))"
)
_CAUSE_DENIED_AFTER = re.compile(
    "^[^,]{0,8}(?:无关|没有?(?:什么|直接|多大|太大|必然|任何|明显|一定)?的?(?:关系|联系|相关)|关系不大|不相关|不会(?:引起|导致)|的?可能性?(?:不大|很?小|较?[小低]|不高)|可能不大)"
    "|^[^,因]{0,8}不是(?:其|它)?的?(?:主要|常见|直接|真正|根本)?的?原因(?!之)"
)
#: 跟受凉没关系 denies a cause; 偶尔熬夜没关系 says that it does no harm.
_NO_MATTER_AFTER = re.compile("^[^,]{0,8}没有?(?:什么|多大|太大)?关系")
_NAMES_RELATION = re.compile("(?:与|和|跟|同)[^,]{0,8}$")
#: Neither one nor the other: 很难说是受凉, 不确定是否.
_UNSURE = re.compile("(?:难说|不好说|说不准|看不出|[不无]法?[能敢]?确定)[^,]{0,4}$")
#: Ruled out, or to be ruled out, or less likely than what comes after: 可以排除感染引起的, 与其说是缺钙.
_NOT_RULED_OUT = re.compile("不(?:能|可以?)?(?:完全)?(?:排除|除外)")
#: When it is not ruled out something is told, and nothing of what it is: 不能排除心梗时不要按摩.
_AS_LONG_AS = re.compile("^[^,]{0,2}(?:时|之?前|以前|的?情况下|者|的(?:患者|病人|人|话)|就|[不别勿禁慎])")
_RULED_OUT = re.compile("(?:排除|与其说?)[^,]{0,4}$")
#: What is the cause where it is so: 不是细菌感染时不要用, 如果不是缺钙.
_ONLY_IF = re.compile("(?:如果|若|假如|要是|倘若|万一|只要)")
_ONLY_IF_AFTER = re.compile("^(?:引起|导致|所致|造成)?(?:时(?!间)|者|的(?!问题|原因|缘故)(?=[^,])|[^,]{0,4}就(?!是))")
#: What is told to be avoided is told elsewhere (避免劳累), and names no cause.
_TO_AVOID_BEFORE = re.compile("(?:避免|防止|预防|以免|不要|减少|控制|切忌|忌|戒|别|少|勿)[^,]{0,8}$")
#: The word is a patient's, or what is explained, and explains nothing.
_NO_CAUSE_AFTER = re.compile(
    "^(?:者|患者|病人|的人|治疗|的?症状|的?表现有|的?(?:病因|类型)|科|药|术|史|检查|的?治疗|的?预防|(?:是|属于?)(?:[一个]|指|由|因|常见|慢性)"
    "|[^,]{0,3}(?:和|与|跟|由|因)[^,]*(?:有关|相关|引起|所致|导致|造成))"
)
#: The word is what something leads to, or what is treated, and no cause.
_EFFECT_BEFORE = re.compile(
    "(?:影响到?|存在|(?:引起|导致|造成|诱发|引发|致|继发|合并|并发|预防|防止|避免|控制|治疗|抗|以免|容易|出现|伴有?|发生|加重|加剧|消除|减少|缓解|减轻|增加|改善|表现为|症状是|会有|排除|变成|发展为|转为|转成|治|缓解|根治|防|出现了|感到|觉得|有无|得|患|缓冲|没有|注意|调节|掌握|监测|检查|查|做|清除|称为?|叫做?|俗称|例如|属|针对|对)(?:[^,]{0,1}|[^,]{0,6}、|[^,]{0,4}和|局部|反复|严重|一些|各种|这种|慢性|急性|患者的?|再次|继发性?|病情|相应的?))$"
)


def cause(around: Around, listed: bool) -> Stance | None:
    """What a clause says of a word as a cause; `listed`: whether a sign anywhere in it will do, and need not touch the word."""
    if _NOT_RULED_OUT.search(around.left) and _AS_LONG_AS.match(around.right):
        return None
    left = without_seeming_negations(_NOT_RULED_OUT.sub("考虑为", around.left))
    if _NO_MATTER_AFTER.match(around.right) and not _NAMES_RELATION.search(left):
        return None
    if _CAUSE_DENIED_AFTER.match(around.right):
        return Stance.NEEDLESS
    if _RULED_OUT.search(left) or _UNSURE.search(left):
        return None
    causes = bool(_CAUSE_AFTER.match(around.right))
    denial = last_match(_UNLIKE, left)
    if denial and len(left) - denial.end() <= 4 and not re.search("[^,]就是|而是|可能", left[denial.end() :]):
        if _ONLY_IF.search(left) or _ONLY_IF_AFTER.match(around.right):
            return None
        return Stance.NEEDLESS if _DENIES_CAUSE.search(left) or causes else None
    if _TO_AVOID_BEFORE.search(left) or (_EFFECT_BEFORE.search(left) and not causes) or _NO_CAUSE_AFTER.match(around.right):
        return None
    if causes:
        return Stance.FOR
    before = f"{around.carried},{left}" if around.carried else left
    if not listed:
        return Stance.FOR if _CAUSE_NAMED.search(left) else None
    return Stance.FOR if _CAUSE_BEFORE.search(before[-24:]) and _SPEAKS_OF_CAUSES.search(before) else None
