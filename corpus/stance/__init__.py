"""What a doctor's sentence says of a word in it: do it, leave it, it is not needed, or nothing that counts.

The same words are advice in one clause and a warning in the next: 热敷, 不要热敷, 热敷没用, 热敷过吗, 热敷后加重. So whether
a wording supports a point (`corpus.points`) is read from what stands around it in its clause (`corpus.stance.sentence`): something to do in
`corpus.stance.advice`, something to leave in `corpus.stance.avoidance`, what it comes from in `corpus.stance.causes`. `corpus.happening.reading` reads
patients, who tell what they have; this reads doctors, who say what to do, so that the two share little more than the idea:
here 不要 and 避免 are advice of their own and no denial. Where a clause can be read either way nothing is read from it,
because a point that no doctor made is worse than one that is missed.

All of it works on the search key of one sentence (half width, lower case).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """FOR: do it, or it is so. AGAINST: leave it. NEEDLESS: it is not needed, does not help, or need not be so.

    UNGUIDED: leave it unless a doctor says so (不乱用利尿剂, 别自己吃布洛芬).
    """

    FOR = "for"
    AGAINST = "against"
    NEEDLESS = "needless"
    UNGUIDED = "unguided"


class Role(StrEnum):
    """What kind of word it is, which decides what sign it needs.

    ACT: something to do; the word suffices. USE: a drug or a treatment's name; must be said to be used. TEST: must be said to
    be done, and not what it showed. PLACE: a department to go to. HARM: something to avoid; must be said to be avoided.
    CAUSE: must be said to cause.
    """

    ACT = "act"
    USE = "use"
    TEST = "test"
    PLACE = "place"
    HARM = "harm"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a word: `left` reaches to the beginning of its clause and `right` to the end of it.

    `carried` is what the clauses before it hand on to a clause that is little more than the word; else it is empty. `rest` is
    what comes after the clause, where the word ends it.
    """

    clause: str
    left: str
    right: str
    carried: str
    rest: str
