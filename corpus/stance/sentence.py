"""A doctor's sentence, cut into clauses, and what it says of a word in one of them.

A clause that asks, leaves open what to do or tells what others do and say is passed over for every kind of word; what the others say is
read by the kind of word (`corpus.stance.Role`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus.hearsay import is_hearsay, is_taken_back
from corpus.stance import Around, Role, Stance
from corpus.stance.advice import advice
from corpus.stance.avoidance import abstains, harm
from corpus.stance.causes import cause

#: What ends a clause. The mark of a list (、) does not: 避免熬夜、饮酒 is one piece of advice.
_CLAUSE_END = re.compile(r"[,;:!?。…()\[\]【】\s]+|\.(?!\d)")
#: A clause that holds little more than its word goes on with what the clause before it said (查血常规,尿常规).
_BARE = 3
_REACH_BACK = 4

_ASKS = re.compile(r"(?:[?]|吗|呢|么|没有?|了没)[?!。]*$")
#: A clause that leaves open what to do: by its form, by a word that asks, by one that asks for no answer, or by what it hangs on.
_UNDECIDED = re.compile(
    "(?P<verb>[^时,])(?:不|没)(?P=verb)|(?P<act>[^,])可不(?P=act)|可有可无"  # 要不要, 吃不吃, 可做可不做; 时不时 is often
    "|是否|能否|可否|有无|与否|多大(?!关系|作用|用|意义|必要|帮助|效果)|什么时候|什么情况|哪些(?:药|人|情况)|哪种|为什么|为何"
    "|难道|谁说|何必|何苦|何须|怎么(?:能|可能|会)|岂|哪(?:里|儿|有|能)(?!不)|凭什么|用得着"
    "|不(?:代表|等于|意味着?|说明)"
    "|取决于|因人而异|(?:要看|得看|^看)[^,看]{0,8}(?:情况|病情|结果|程度)$|(?:(?<!看)看(?!看)|视)[^,]{0,10}(?:而定|再定|来定|再说|再决定|来决定)|决定[^,]{0,6}还是|是[^,]{1,8}还是|由[^,]{1,8}决定"
)
#: What decides between two may be told in a clause of its own: 手术还是保守治疗，取决于分型.
_CHOICE = re.compile(
    "还是[^;。!?]{0,16}(?:取决于|因人而异|(?:看|视)[^,]{0,10}(?:情况|病情|结果|程度|类型|分型|大小|位置|而定)|[由让][^,]{1,8}决定)"
)

#: What may follow a medicine's name and ends its clause no less than the name would.
_FORM = re.compile("(?:缓释|控释|分散|肠溶)?(?:片|胶囊|颗粒|口服液|类|药物?|治疗|疗法)?")


class Sentence:
    """The search key of one sentence, cut into clauses."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._clauses = list(_clauses(key))
        self._asks = bool(_ASKS.search(key)) or key.endswith(("吗", "吗。"))

    def stance(self, start: int, end: int, role: Role, *, listed: bool = True) -> Stance | None:
        """What the sentence says of the word at [start, end); None where it says nothing that counts.

        `listed`: for a CAUSE, whether a sign anywhere in the clause will do; a disease's name needs one that touches it.
        """
        around = self._around(start, end)
        if self._is_open(start, around):
            return None
        if role is Role.CAUSE:
            return cause(around, listed)
        if role is Role.HARM:
            return harm(around)
        return advice(around, role, self.key[start:end])

    def abstains(self, start: int, end: int) -> Stance | None:
        """What the sentence says of a word that tells to leave something by itself (戒烟, 忌酒): AGAINST; None where it is not told.

        不用戒烟, 不戒烟, 已经戒烟三年, 戒烟后 and 要不要戒烟 tell nobody to.
        """
        around = self._around(start, end)
        return None if self._is_open(start, around) else abstains(around)

    def _is_open(self, start: int, around: Around) -> bool:
        """Whether the clause of a word asks, leaves open, or tells what others do and say, or is taken back by the next."""
        clause = around.clause
        if self._asks or _UNDECIDED.search(clause) or _ASKS.search(clause) or is_taken_back(around.rest):
            return True
        number = self._number(start)
        if is_hearsay(clause, self.key[slice(*self._clauses[number - 1])] if number else ""):
            return True
        return bool(_CHOICE.search(self.key[self._clauses[number][0] :])) and "还是" in clause

    def around(self, start: int, end: int) -> tuple[list[str], str, str]:
        """The clauses before the one that a word at [start, end) stands in, nearest first, and its own before and behind the word."""
        number = self._number(start)
        first, last = self._clauses[number]
        before = []
        for one, other in zip(self._clauses[number - 1 :: -1] if number else [], self._clauses[number:0:-1], strict=True):
            if re.search("[;:。!?]", self.key[one[1] : other[0]]):
                break
            before.append(self.key[slice(*one)])
        return before, self.key[first:start], self.key[end : max(last, end)]

    def rest_after(self, start: int) -> str:
        """The clauses behind the one that a place lies in, with commas between, to where the sentence or its half ends."""
        number = self._number(start)
        following: list[str] = []
        for one, other in pairwise(self._clauses[number:]):
            if re.search("[;:。!?]", self.key[one[1] : other[0]]):
                break
            following.append(self.key[slice(*other)])
        return ",".join(following)

    def clause_of(self, start: int) -> str:
        """The clause that a place lies in."""
        return next((self.key[first:last] for first, last in self._clauses if first <= start < last), self.key)

    def _number(self, start: int) -> int:
        """The number of the clause that a place lies in; of a mark, the last."""
        return next((at for at, (first, last) in enumerate(self._clauses) if first <= start < last), len(self._clauses) - 1)

    def _around(self, start: int, end: int) -> Around:
        number = self._number(start)
        first, last = self._clauses[number]
        last = max(last, end)
        carried = ""
        listed = "、" in self.key[first:last] and self.key[max(first - 1, 0) : first] in ("(", ":")
        if start - first + last - end <= _BARE or listed:
            carried = ",".join(self.key[slice(*clause)] for clause in self._clauses[max(number - _REACH_BACK, 0) : number])
        rest = self.key[last:] if _FORM.fullmatch(self.key, end, last) else ""
        return Around(self.key[first:last], self.key[first:start], self.key[end:last], carried, rest)


def _clauses(key: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _CLAUSE_END.finditer(key):
        if mark.start() > start:
            yield start, mark.start()
        start = mark.end()
    if start < len(key):
        yield start, len(key)
