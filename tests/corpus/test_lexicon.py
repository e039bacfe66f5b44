from __future__ import annotations

from corpus.clean import search_key
from corpus.lexicon import MISSPELLINGS, load_everyday_words, load_lookalikes, load_misspellings, load_stopwords, read_lines
from corpus.likelihood import medical_words
from corpus.misspelling import KEPT
from corpus.synonyms import synonym_groups

#: Words that laymen mix up and that must never be searched for one another.
NEVER_THE_SAME = [
    ("中风", "感冒"), ("头晕", "头痛"), ("甲亢", "甲减"), ("高血压", "低血压"), ("高血糖", "低血糖"), ("心梗", "脑梗"), ("咯血", "呕血"), ("胸痛", "胃痛"),
    ("病毒", "细菌"), ("疣", "痣"), ("早产", "流产"), ("便秘", "腹泻"), ("脑梗死", "脑出血"), ("乙肝", "丙肝"), ("水痘", "带状疱疹"), ("风疹", "麻疹"),
    ("布洛芬", "对乙酰氨基酚"), ("胰岛素", "二甲双胍"), ("1型糖尿病", "2型糖尿病"), ("流感", "感冒"), ("阴道炎", "宫颈炎"), ("肾结石", "胆结石"), ("近视", "远视"),
]  # fmt: skip


def test_no_group_equates_what_differs() -> None:
    for one, other in NEVER_THE_SAME:
        assert not [group for group in synonym_groups() if one in group and other in group], (one, other)


def test_groups_are_tidy_and_differ_in_no_negation() -> None:
    for line in read_lines(MISSPELLINGS.parent / "synonyms.tsv"):
        group = line.split("\t")
        assert len(group) >= 2, line
        assert all(word == word.strip() and 1 <= len(word) <= 16 for word in group), line
        assert len({search_key(word) for word in group}) == len(group), line
    assert len(synonym_groups()) >= 1200


def test_misspellings_are_no_words_of_ours() -> None:
    table = load_misspellings()
    assert len(table) >= 400
    for wrong, right in table.items():
        assert wrong not in medical_words(), wrong
        assert right not in wrong, wrong
        assert right not in table, right
        assert abs(len(wrong) - len(right)) <= 1, wrong
        assert [c for c in wrong if c in KEPT] == [c for c in right if c in KEPT], wrong
        # A wrong form that is the beginning of a right word would double what follows.
        assert not [word for word in medical_words() if wrong in word], wrong


def test_lookalikes_are_mutual_and_everyday_words_are_chinese() -> None:
    alike = load_lookalikes()
    assert all(one in alike[other] for one, others in alike.items() for other in others)
    assert all("\u4e00" <= character <= "\u9fff" for word in load_everyday_words() for character in word)


def test_stop_words_turn_no_meaning() -> None:
    stop = load_stopwords()
    negations = {"不", "没", "无", "未", "非", "别", "没有", "不是", "不能", "不会", "不要", "勿", "莫", "否", "禁", "忌"}
    assert not negations & stop
    assert not [word for word in stop if set(word) & set("不没无未非别勿莫否")]
    assert not {"为什么", "怎么办", "怎么", "原因", "多久", "吗啡"} & stop
