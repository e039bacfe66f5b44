"""What a typed question is warned of: the emergencies that rules name, or else that it sounds like one.

Rules speak first, since they know what it is and what to do until help comes; where the words as typed name nothing, they read them put
right (wo ba xiongtong, 脑出写), which alone is no reason to take a warning back. Where none fires and the question still sounds like an
emergency (`corpus.emergency_likelihood`), the warning says so, and to go to the emergency department, or, where it is nearly certain, to call 120.
Where one fires and the question sounds like none at all (a film, a dream, an illness long over), it is not believed, so that a warning keeps
its weight. What is asked (会不会有事，要不要去医院) is calm in any emergency and alone takes no warning back.
"""

from __future__ import annotations

from corpus.asking import without_asking
from corpus.clean import clean_line
from corpus.emergency_likelihood import URGENCY_TABLE, Table, likelihood, load_table, probability
from corpus.red_flags import Action, RedFlag, find_red_flags
from corpus.spelling import put_right

SOUNDS_URGENT = "sounds-urgent"
#: A rule is not believed under this probability of an emergency (docs/RED_FLAGS.md has what that costs and saves) ...
DOUBTED = 0.05
#: ... but always in a text longer than those it was measured on: a story's other words drown the sentence that counts, ...
LONGEST_DOUBTED = 260
#: ... in one so short that the name of the emergency is nearly all of it (老人抽搐怎么办), which leaves nothing that could speak for it.
SHORTEST_DOUBTED = 17
#: What has fewer characters only sounds like what it has in common with others (感冒, 头晕): there rules alone speak.
SHORTEST_HEARD = 7
#: What has fewer than this has few n-grams, each of which weighs much: there it must sound like one this much at least.
SHORTEST_PLAIN, SHORT_THRESHOLD = 10, 0.85
#: Longer texts are read as they are typed: their slips leave enough that is spelt right.
LONGEST_PUT_RIGHT = 300
#: Where no rule speaks, 120 is named from here only: of what reached it in sets left out, nineteen in twenty were emergencies.
NEARLY_CERTAIN = 0.95
#: A rule about suicide or violence is always believed: people speak of those in quiet words.
_DOUBTED_ACTIONS = frozenset({Action.AMBULANCE, Action.EMERGENCY_ROOM})
#: So is one about what kills while it is doubted: something swallowed or breathed in, blood that somebody saw, who does not wake or breathe.
NEVER_DOUBTED = frozenset(
    {
        *("pesticide", "corrosive", "household-poison", "named-poison", "rodent-bait", "mushroom", "aconite", "button-battery", "magnets"),
        *("overdose", "child-medicine", "iron", "insulin-overdose", "methotrexate-daily", "dose-tenfold", "opioid", "drugs-of-abuse"),
        *("co", "gas-inhalation", "hematemesis", "hemoptysis", "lower-gi-bleeding", "massive-bleeding", "bleeding-faint", "abruption"),
        *("postpartum-haemorrhage", "vaginal-haemorrhage", "postop-bleeding", "ruptured-ectopic", "self-harm-bleeding"),
        *("unresponsive", "collapse", "cardiac-arrest", "shock", "breathless", "choking", "apnea-infant", "milk-aspiration", "low-oxygen"),
        *("arrest-said-of-somebody", "arrest-in-sleep", "arrest-likely", "stridor", "croup-infant-distress", "drowning", "battery-injury"),
    }
)
_CONDITION = "要尽快处理的急症"
_CALL = (
    "请现在就拨打120，把看到的情况告诉接线员，照接线员说的做；等的时候不要让病人走动，也不要喂水喂药。"
    "如果是有了伤害自己的念头，也可以打12356，有人会听您说。"
)
_GO = (
    "有人叫不醒、喘不上气、大出血、抽搐或者疼得受不了，请立即拨打120；没有这些，也请尽快去医院急诊看一看。"
    "拿不准时可以打120问。如果是有了伤害自己的念头，可以打12356，有人会听您说。"
)


def find_emergencies(question: str) -> tuple[RedFlag, ...]:
    """The emergencies of a question, most urgent first; none for most questions. Never raises on any text."""
    flags = find_red_flags(question)
    if not flags and len(question) <= LONGEST_PUT_RIGHT:
        meant = put_right(clean_line(question))
        if meant.changes and (flags := find_red_flags(meant.text)):
            question = meant.text
    table = load_table()
    urgent = probability(question, table)
    if flags:
        return () if urgent < DOUBTED and _may_be_doubted(flags, question, table) else flags
    length = len(question.strip())
    if length < SHORTEST_HEARD or urgent < (table.threshold if length >= SHORTEST_PLAIN else SHORT_THRESHOLD):
        return ()
    words = likelihood(question).words
    if not words:  # blanks and marks, in a language that was never learnt
        return ()
    urgency = load_table(URGENCY_TABLE)
    calls = urgent >= NEARLY_CERTAIN and probability(question, urgency) >= urgency.threshold
    action, advice = (Action.AMBULANCE, _CALL) if calls else (Action.EMERGENCY_ROOM, _GO)
    return (RedFlag(_CONDITION, action, advice, words, SOUNDS_URGENT),)


def _may_be_doubted(flags: tuple[RedFlag, ...], question: str, table: Table) -> bool:
    """Whether no rule that fired is one that is always believed, and what the question tells sounds like no emergency either."""
    if not SHORTEST_DOUBTED <= len(question) <= LONGEST_DOUBTED:
        return False
    if any(flag.action not in _DOUBTED_ACTIONS or flag.rule in NEVER_DOUBTED for flag in flags):
        return False
    return probability(without_asking(question), table) < DOUBTED
