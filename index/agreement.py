"""Where doctors agree: the points that several of them make in their answers to a question.

Each point comes with its sentences, word for word, and with who wrote them. Nothing is summarised, and nothing is
counted twice: two answers of one doctor are one voice, and so are two copies of a sentence without a doctor.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.audience import Fit, fit, spoken_of, vocabulary
from corpus.clean import folded, search_key
from corpus.conditions import Asker, is_event
from corpus.emergencies import find_emergencies
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.points import Mention
from corpus.record import DoctorAnswer
from corpus.ruled_out import without_ruled_out
from corpus.segment import content_words
from corpus.synonyms import synonym_pairs, synonyms_of
from corpus.values import values_of
from index.ranked_answer import RankedAnswer
from index.sources import Sources, sources_of

#: Points that are shown, and the sources that make one.
MOST_POINTS = 8
LEAST_SOURCES = 2
#: Words of illness that tell no illness from another.
_NO_TOPIC = frozenset({"发作", "治疗", "手术", "检查", "症状", "疼痛", "难受", "不适", "不舒服", "疾病", "急性", "慢性", "并发症", "药物"})
#: Parts of the body that tell nothing apart.
_WHOLE_BODY = frozenset({"肌肉", "身体", "全身", "皮肤", "局部", "神经", "血管", "骨头", "关节", "四肢"})
_COMPLAINTS = ("symptom", "drug", "test", "treatment")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A whole sentence of a record's answer, verbatim."""

    record: DoctorAnswer
    text: str


@dataclass(frozen=True, slots=True)
class AgreedPoint:
    """A point that several sources make.

    Attributes:
        point: its name (补钙, 不要热敷, 与受凉有关).
        sources: who makes it.
        sentences: one of each record that makes it, best record first.
    """

    point: str
    sources: Sources
    sentences: tuple[Evidence, ...]

    @property
    def note(self) -> str:
        """`3 位医生提到` and the like, to show beside the point."""
        return f"{self.sources.phrase()}提到"

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {
            "point": self.point,
            "doctors": list(self.sources.doctors),
            "answers": self.sources.answers,
            "examples": self.sources.examples,
            "sentences": [{"id": evidence.record.id, "text": evidence.text} for evidence in self.sentences],
        }


def find_agreement(question: str, candidates: Sequence[RankedAnswer], for_whom: tuple[str, ...] = ()) -> tuple[AgreedPoint, ...]:
    """The points that at least two sources make, most supported first, at most `MOST_POINTS`.

    What is said under a condition counts only for an asker who is known to meet it (`corpus.conditions`), and what is said for
    the case that something grave happens only where the question is of an emergency.

    Args:
        question: as it is searched; a disease that it names is no cause worth telling.
        candidates: the relevant answers, best first. Articles and definitions are no doctors' answers and support nothing, nor
            does an answer that is not for the asker: what is right for an adult may harm an infant.
        for_whom: the groups of the asker.
    """
    # 血压180/110 names 高血压, to whom it must not be said what those without it may do.
    meant = [search_key(word) for value in values_of(question, for_whom) for word in value.words]
    named = " ".join([search_key(question), *synonyms_of(question), *meant])
    # Who says 没有发烧 is not told what a fever wants.
    told = without_ruled_out(question)
    there = named if told == question else " ".join([search_key(told), *synonyms_of(told), *meant])
    topics, body_parts = topics_of(question), body_parts_of(told)
    is_urgent = functools.cache(lambda: bool(find_emergencies(question)))
    # Dozens of candidates, few audiences; the question is read for each of these.
    asker_for = functools.cache(lambda audience: Asker.of(question, named, there, {*audience, *for_whom}))
    found: dict[str, list[Evidence]] = {}
    for candidate in candidates:
        if (
            candidate.record.kind != "answer"
            or fit(for_whom, candidate.audience) is not Fit.SAME
            or not is_about(candidate.record, topics, body_parts)
        ):
            continue
        asker = asker_for(candidate.audience)
        made: dict[str, Mention] = {}
        for mention in candidate.points:
            if mention.section == "disease" and mention.term in named:
                continue
            unmet = [group for group in mention.groups if not asker.meets(group)]
            # In an emergency what is to be done in case of something (没了呼吸就做心肺复苏) must not be kept back; medicines must.
            if not unmet or (mention.section != "drug" and all(map(is_event, unmet)) and is_urgent()):
                made.setdefault(mention.point, mention)
        for point, mention in made.items():
            found.setdefault(point, []).append(Evidence(candidate.record, candidate.record.answer[mention.start : mention.end]))
    points = [_agreed(point, evidence) for point, evidence in found.items()]
    return tuple(sorted((point for point in points if len(point.sources) >= LEAST_SOURCES), key=_support, reverse=True)[:MOST_POINTS])


def topics_of(question: str) -> frozenset[str]:
    """What a question is about: its diseases with their synonyms, else its symptoms, medicines and tests, else parts of the body.

    What it says is not there is none of it. Empty where it names none that we know. A score alone does not tell 胃疼吃什么药 from
    牙疼吃什么药, and what helps a tooth can harm a stomach.
    """
    classes = load_medical_terms(MEDICAL_TERMS)
    question = without_ruled_out(question)
    others: dict[str, set[str]] = {}
    for asked, other in synonym_pairs(question):
        others.setdefault(asked, set()).add(other)
    words = {word: _kind(word, others.get(word, set()), classes) for word in (*content_words(question), *others)}
    for kinds in (("disease",), _COMPLAINTS, ("body",)):
        named = [word for word, kind in words.items() if kind in kinds and word not in _NO_TOPIC]
        # 怀孕 tells who has the 腰疼; but 孕吐 by itself is what is asked about.
        named = [word for word in named if not _is_person(word)] or named
        # 鼻炎 is what 过敏性鼻炎 is, and 过敏 is not; but 胃溃疡 is quite another ulcer than 口腔溃疡.
        heads = [word for word in named if not any(word != whole and _is_part(word, whole, words[whole]) for whole in named)]
        if heads:
            return frozenset(heads).union(*(others.get(word, ()) for word in heads))
    return frozenset()


def _is_person(word: str) -> bool:
    """Whether a word tells who asks (怀孕, 宝宝) and not what about."""
    dimension = vocabulary().dimension
    return any(dimension[group] in ("life", "state") for group in spoken_of(word))


def _kind(word: str, others: set[str], classes: dict[str, str]) -> str:
    """The lexicon's class of a word or of its synonyms. Who speaks of something that only our synonyms know (睡不着) complains of it."""
    kinds = [classes[known] for known in (word, *sorted(others)) if known in classes]
    return kinds[0] if kinds else "symptom" if others else ""


def _is_part(word: str, whole: str, kind: str) -> bool:
    """Whether a word of a question is only part of another: any part of a disease, and of a symptom all but its head."""
    return word in whole and (kind == "disease" or not whole.endswith(word))


def body_parts_of(text: str) -> frozenset[str]:
    """The parts of the body that a text names."""
    classes = load_medical_terms(MEDICAL_TERMS)
    return frozenset(word for word in content_words(text) if classes.get(word) == "body") - _WHOLE_BODY


def is_about(record: DoctorAnswer, topics: frozenset[str], body_parts: frozenset[str] = frozenset()) -> bool:
    """Whether a record's question, or its answer where it has none, names one of the topics, and not of other parts of the body.

    No topics or no parts of the body are any. Two names of one part share a character: 小腿 and 腿部, 眼皮 and 眼睛.
    """
    text = folded(record.question or record.answer)
    if topics and not any(topic in text for topic in topics):
        return False
    others = body_parts_of(record.question) if body_parts else frozenset()
    return not others or any(set(one) & set(other) - {"部"} for one in body_parts for other in others)


def _agreed(point: str, evidence: Iterable[Evidence]) -> AgreedPoint:
    sentences = _distinct(evidence)
    return AgreedPoint(point, sources_of(piece.record for piece in sentences), sentences)


def _support(point: AgreedPoint) -> tuple[int, int, int]:
    """What points are ordered by: real answers first, doctors before the unnamed, examples last. Equals keep the order of the records."""
    doctors = len(point.sources.doctors)
    return doctors + point.sources.answers, doctors, point.sources.examples


def _distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence without copies: of equal sentences that no doctor's name stands behind, the first."""
    kept: dict[tuple[str, str], Evidence] = {}
    for piece in evidence:
        unnamed = piece.record.is_example or not piece.record.doctor
        kept.setdefault(("text", folded(piece.text)) if unnamed else ("id", piece.record.id), piece)
    return tuple(kept.values())
