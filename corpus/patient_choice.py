"""Which of the people whom a question names is the patient: evidence for each, weighed together.

A conditional logit (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974): the patient is the one for whom the
weighted sum of the evidence is highest. The weights are fitted on questions written for this project (`scripts/fit_patient.py`) and kept
in `lexicon/patient.toml`.
"""

from __future__ import annotations

import functools
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.lexicon import PATIENT

SELF = "我"
#: How near somebody stands: named only as whose relative, aside (a neighbour, the dead), near.
NAMED, ASIDE, NEAR = 0, 1, 2
#: A body that complains, or a state of it: what makes a clause one about whoever it names.
COMPLAINT = re.compile(
    "疼|痛|痒|肿|烧(?!烤|水)|咳|喘|吐|晕|麻(?!烦)|酸|胀|闷|血|泻|拉肚|拉稀|腹|便|尿|失眠|睡不|没劲|没力|乏|难受|不舒服|不得劲|恶心|反胃|发[冷热抖黑]|抽筋|抽搐|出汗|鼻|嗓|喉|牙|"
    "眼(?!镜|见)|耳|头(?!像|天|回|次)|胸|心[慌口脏悸]|背|腰|腿|手[腕指脚臂抖心]|胳膊|脚|膝|肩|颈|脖|胃|肝|肾|肺|肚|皮肤|疹|斑|痘|结节|月经|例假|姨妈|怀孕|怀着|孕|喂奶|哺乳|产后|月子|"
    "感冒|流感|过敏|高血压|糖尿病|血压|血糖|血脂|尿酸|怕[冷热光风]|瘦了|摔|扭了|撞|烫|伤|咬|吃了|得了|确诊|查出|看不清|睁不|磨牙|口臭|打呼"
)
CHILD = "(?:小)?(?:儿子|女儿|闺女|孙女|外孙女?|孙子|侄子|侄女|外甥女?|小孩子?|孩子|宝宝|宝贝|娃娃|娃儿?|婴儿|小宝|(?<!用)大宝(?!面霜|护肤)|二宝|老大|老二|小朋友|小家伙|小不点|丫头|囡囡|囝囝|小囡|小子|幺儿|幺妹|幺女|仔仔(?!细)|伢崽?|毛毛头?(?![虫雨])|毛头|乖孙|小姑娘|小外甥|小侄女?|千金(?![片方胶])|细路仔?|男仔|女仔|细仔|细妹|小人儿|(?<!怀)(?<!怀了)(?<!怀着)双胞胎)(?!的?婚)"
#: From so many characters a question is a story, which mostly begins with the patient.
_STORY = 60
#: With fewer marks than one in so many characters it was dictated.
_DICTATED = 60
_AGE = re.compile("今年|岁|[一二三四五六七八九]?十[一二三四五六七八九]?(?=[,。了的有得]|$)|个月(?:大|了)|周了")
_EXPECTS = re.compile("怀孕|怀着|孕|喂奶|哺乳|产后|月子|要孩子|要个孩子")
#: What tells nothing of anybody: marks, who was struck out, who makes whom do something.
_NOTHING = re.compile("[#,。!?;\\s让叫给的帮替就也都要]")
#: What is told of somebody ends with what they do to the next one: 我给 (孩子捂汗).
_ACTS = re.compile("(?:给|帮|替|带|陪|喂|让|抱|把|用)(?:,|$)")
_ASKS = re.compile("吗|呢|怎么|咋|要不要|能不能|可不可以|用不用|该不该|会不会|什么|啥|多久|多少|哪|是不是|还是|[么不没](?:,|$)")
_MARK = re.compile("[,。!?;]")


class Evidence(NamedTuple):
    """What speaks for somebody as the patient; all but `complaints`, `share` and `pieces` are 0 or 1."""

    near: float
    aside: float
    theirs: float
    first: float
    last: float
    first_of_a_story: float
    last_of_a_story: float
    last_dictated: float
    self: float
    self_last: float
    complaints: float
    self_complains: float
    expects: float
    well_beside_another: float
    is_child: float
    acts: float
    age: float
    self_age: float
    asked_of: float
    at_the_end: float
    share: float
    pieces: float
    pronouns: float


#: The names of what is weighed.
EVIDENCE = Evidence._fields


@dataclass(slots=True)
class Told:
    """Somebody a question names: where something is said of them, and how near they stand.

    Attributes:
        name: the noun that names them, `SELF` for the asker, empty for what is said before anybody is named.
        is_theirs: first named by a pronoun, as 他爸 or 她姥姥: the relative of somebody told of before.
        rank: how near they stand.
        last: their turn when they were last named; the highest came last.
        pronouns: how often 他 or 她 meant them.
        spans: [start, end) of what is said of them.
    """

    name: str
    is_theirs: bool = False
    rank: int = NAMED
    last: int = -1
    pronouns: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)


def is_child(name: str) -> bool:
    """Whether a noun names a child."""
    return bool(re.fullmatch(CHILD, name))


def is_told_nothing(one: Told, said: str) -> bool:
    """Whether nothing is told of somebody but that they act: 我给 (孩子捂汗)."""
    return len(_NOTHING.sub("", said.replace(one.name, ""))) <= 1


def evidence_of(everybody: Sequence[Told], said: Sequence[str], key: str) -> list[Evidence]:
    """What speaks for each as the patient.

    Args:
        everybody: all who could be.
        said: what is said of each.
        key: the search key of the whole question.
    """
    latest = max((one.last for one in everybody), default=0)
    first = min(everybody, key=lambda one: min(one.spans, default=(len(key), 0)), default=None)
    is_story = len(key) > _STORY
    is_dictated = len(_MARK.findall(key)) < len(key) / _DICTATED
    complaints = [len(COMPLAINT.findall(_EXPECTS.sub("", text))) for text in said]
    found = []
    for one, text, own in zip(everybody, said, complaints, strict=True):
        is_self, is_last, is_first = one.name == SELF, one.last == latest, one is first
        expects, has_age = bool(_EXPECTS.search(text)), bool(_AGE.search(text))
        found.append(
            Evidence(
                near=one.rank == NEAR,
                aside=one.rank == ASIDE,
                theirs=one.is_theirs,
                first=is_first,
                last=is_last,
                first_of_a_story=is_first and is_story,
                last_of_a_story=is_last and is_story,
                last_dictated=is_last and is_dictated,
                self=is_self,
                self_last=is_self and is_last,
                complaints=math.log1p(own),
                self_complains=is_self and own > 0,
                expects=expects,
                well_beside_another=own == 0 and max(complaints) > 0,
                is_child=is_child(one.name),
                acts=bool(_ACTS.search(text)),
                age=has_age,
                self_age=is_self and has_age,
                asked_of=bool(_ASKS.search(text)),
                at_the_end=max((end for _, end in one.spans), default=0) == len(key),
                share=len(text) / len(key),
                pieces=math.log1p(len(one.spans)),
                pronouns=one.pronouns > 0,
            )
        )
    return found


def likeliest(evidence: Sequence[Sequence[float]], weights: Sequence[float] | None = None) -> int:
    """The place of the one with the highest weighted evidence, the last of equals; `weights` other than the fitted ones for trying out."""
    weighed = weights or fitted_weights()
    scores = [sum(weight * value for weight, value in zip(weighed, values, strict=True)) for values in evidence]
    return max(range(len(scores)), key=lambda place: (scores[place], place))


@functools.cache
def fitted_weights() -> tuple[float, ...]:
    """The weights of the data file, in the order of `EVIDENCE`."""
    with PATIENT.open("rb") as file:
        table = tomllib.load(file)["weights"]
    return tuple(float(table[name]) for name in EVIDENCE)
