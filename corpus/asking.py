"""A question without what it asks: 宝宝脸上起了湿疹怎么办 tells the same of the child as 宝宝脸上起了湿疹.

Who asks 会不会有事 or 能不能吃火锅 is calmer on average than who tells and asks nothing, but that is a habit of typing, not a state of
health. What is learnt from questions is therefore learnt from them with and without their asking words (`scripts/fit_emergencies.py`).
"""

from __future__ import annotations

import re

#: Less than this left over says nothing of its own: 会不会死, 怎么回事.
SHORTEST_TOLD = 2

_CLAUSE = re.compile(r"[^，,。.！!？?；;、…~～\n]+|[，,。.！!？?；;、…~～\n]+")
_MARKS = re.compile(r"([，,。.！!？?；;、…~～])[，,。.！!？?；;、…~～\s]+")
_EDGES = re.compile(r"^[，,。.！!？?；;、…~～\s]+|[，,。.！!？?；;、…~～\s]+$")
# 怎么叫都不醒, 没什么, 哪儿都疼 ask nothing.
_NOT_ALL = r"(?!.{0,4}[都也])"
_NOT_ASKED = r"(?<![没无不多])"
_OPENS = re.compile(
    "(?:(?:我|俺|咱)?想(?:问|知道|请教|咨询)(?:一?下)?|请问|求教|求助)?"
    "(?:这|那)?(?:个)?(?:到底|究竟|应该|现在|还|我|俺|那|该|得|要|都|是|算|会|能|有|可以|需要|用|属于|由于|因为|吃|用|挂|看|去|上|做|查|怕|为)*"
    "(?:"
    rf"怎么(?!会){_NOT_ALL}|怎样|怎办|如何|咋(?:个|样)?{_NOT_ALL}|{_NOT_ASKED}什么{_NOT_ALL}|{_NOT_ASKED}啥{_NOT_ALL}|为何|哪{_NOT_ALL}|谁(?!.{{0,2}}都)"
    "|能不能|能否|可不可以|可否|可以不可以|要不要|会不会|是不是|是否|有没有(?:事|关系|问题|危险|必要|影响|办法|什么|可能|救|用|后遗|大碍)|该不该|用不用|需不需要|需要不需要"
    "|要不要紧|要紧不|严不严重|正不正常|行不行|好不好(?!.{0,2}[都也])|算不算|来得及不|有无|多久(?=$|能|会|才|可以|好|就|一次|以后|之后)|多少(?=钱|天|次|片|度|合适|算|才|为)|几(?=天|个月|点|次)(?=.{1,6}[能好会才])"
    ")"
)
# What ends in a particle: the asking begins where somebody wonders whether, and else the particle alone goes.
_WONDERS = re.compile(
    "(?:我)?(?:现在|还|这|是|算|都|那|就|也|明天|今天)*(?:能|可以|要|(?<![一年社学机])会(?!儿)|需要|(?<![没使])用|该|应该|有事|有问题|有关系|有危险|有必要|有影响|有救|有用|没事|没问题|正常|严重|要紧|危险|行|(?<![刚最正])好|管用|是|算|得|还)"
)
_PARTICLE = re.compile(r"(?:吗|嘛|么|呢|吧|不|没|没有|伐|不啊|吗啊|没啊)$")
_FILLER = re.compile(r"^(?:请问|求助|谢谢|医生|大夫|在线等|急|急急急|帮帮我)$")


def without_asking(text: str) -> str:
    """The text without the words that ask; the text itself where nothing else stands there."""
    told = told_beside_asking(text)
    return told if sum(letter.isalnum() for letter in told) >= SHORTEST_TOLD else text


def told_beside_asking(text: str) -> str:
    """The same, but empty where a text only asks."""
    told = "".join(_told(part) for part in _CLAUSE.findall(text))
    return _EDGES.sub("", _MARKS.sub(r"\1", told))


def _told(part: str) -> str:
    """What a clause tells; clauses between blanks are told apart too."""
    return "".join(piece if piece.isspace() else _told_once(piece) for piece in re.split(r"(\s+)", part))


def _told_once(clause: str) -> str:
    if _FILLER.match(clause):
        return ""
    opened = _OPENS.search(clause)
    if opened:
        return clause[: opened.start()]
    particle = _PARTICLE.search(clause)
    if not particle or len(clause) < 3:
        return clause
    wonders = _WONDERS.search(clause)
    return clause[: wonders.start()] if wonders else clause[: particle.start()]
