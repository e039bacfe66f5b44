from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.brackets import expand
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.points import POINTS, concepts, opposites, read_points
from corpus.stance import Role, Sentence, Stance


def points(answer: str) -> list[str]:
    return [mention.point for mention in read_points(answer)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("可以热敷。", ["热敷"]),
        ("抽筋时拉伸小腿，平时多喝点温水，注意保暖。", ["拉伸", "多喝水", "注意保暖"]),
        ("建议口服补钙，多晒太阳。", ["补钙", "多晒太阳"]),
        ("不要忘记补钙。", ["补钙"]),
        ("不仅要补钙，还要晒太阳。", ["补钙", "多晒太阳"]),
        ("不要紧张，多喝水。", ["放松心情", "多喝水"]),
        ("不要熬夜多休息。", ["避免熬夜", "多休息"]),
        ("戒酒、减重、控制血压。", ["戒酒", "减轻体重", "控制血压"]),
        ("热敷无效时手术治疗。", ["手术治疗"]),
        ("如果是缺钙引起的，可以补钙。", ["与缺钙有关", "补钙"]),
    ],
)
def test_advice_counts_where_it_is_given(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("不要热敷。", ["不要热敷"]),
        ("不建议热敷。", ["不要热敷"]),
        ("急性期不要热敷、按摩、拔罐。", ["不要热敷", "不要推拿按摩", "不要拔罐"]),
        ("热敷不可取。", ["不要热敷"]),
        ("不需要补钙。", ["不必补钙"]),
        ("补钙没用。", ["不必补钙"]),
        ("补钙对抽筋作用不大。", ["不必补钙"]),
        ("抗生素没有用。", ["不必用抗生素"]),
        ("热敷没有什么作用。", ["不必热敷"]),
        ("感冒不用抗生素。", ["不必用抗生素"]),
        ("肾不好，别吃布洛芬。", ["不要用布洛芬"]),  # who warns of one medicine does not warn of its kind
        ("不用去医院。", ["不必去医院就诊检查"]),
        ("没有必要做CT。", ["不必拍片或做CT"]),
        ("抽筋与缺钙无关。", ["不一定与缺钙有关"]),
        ("不是缺钙，是疲劳引起的。", ["不一定与缺钙有关", "与疲劳劳累有关"]),
        ("避免熬夜、饮酒、辛辣刺激。", ["避免熬夜", "戒酒", "少吃辛辣刺激"]),
        ("忌烟酒，辛辣，海鲜。", ["戒烟酒", "少吃辛辣刺激", "少吃海鲜发物"]),
        ("不要自行停药。", ["不要自行用药停药"]),
        ("拔罐就不要做了。", ["不要拔罐"]),
        ("拔罐就不要了。", ["不要拔罐"]),
        ("拔罐就不用做了。", ["不必拔罐"]),
        ("补钙是错误的。", ["不要补钙"]),
        ("补钙的做法是不对的。", ["不要补钙"]),
        ("建议暂停补钙。", ["不要补钙"]),
        ("停掉布洛芬。", ["不要用布洛芬"]),
        ("跑步跳绳先停，补钙。", ["避免剧烈运动", "补钙"]),
        ("按摩不但没用，反而有害。", ["不必推拿按摩"]),
        ("并非一定要输液。", ["不必输液治疗"]),
        ("感冒并不是都要输液。", ["不必输液治疗"]),
        ("并非都需要手术。", ["不必手术治疗"]),
        ("受凉不是主要原因。", ["不一定与受凉有关"]),
        ("受凉并不是真正的原因，缺钙才是。", ["不一定与受凉有关", "与缺钙有关"]),
    ],
)
def test_what_is_turned_away_is_a_point_of_its_own(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "热敷过吗？",
        "可以热敷吗",
        "要不要热敷由医生决定。",
        "热敷后反而加重。",
        "不要过度拉伸。",
        "先不要急着开刀。",
        "补钙过量会便秘。",
        "血常规正常，不用再查。",
        "阿司匹林可引起胃出血。",
        "您正在吃的布洛芬是元凶。",
        "预防感染。",
        "熬夜、饮酒。",
        "我是一名妇产科医生。",
        "这是器质性病变。",
        "吃辣椒等刺激性食物。",
        "不要把白酒塞进牙洞。",
        "孩子吃了退烧药降下来，若在吃普利类药要当心。",
        "不用马上去医院。",
        "呼气试验前抗生素和铋剂停4周以上。",
        "用胰岛素、磺脲类的会低血糖。",
        "上感，吃抗生素 不用",
        "以上是对“宝宝发烧要不要去医院”这个问题的建议，希望对您有帮助。",
        "",
    ],
)
def test_what_is_asked_told_or_feared_is_no_point(answer: str) -> None:
    assert points(answer) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # What can be stopped is needed no longer; when that is told of some later day, or denied, it is no point against.
        ("头孢可以停了。", ["不必用头孢"]),
        ("输液可以停了。", ["不必输液治疗"]),
        ("热退后输液可以停。", []),
        ("如果不烧了输液就可以停。", []),
        ("头孢停了又发烧。", []),
        ("停了药又犯。", []),
        ("不要停了头孢。", []),
        ("不要停用头孢。", []),
        ("头孢不可以停。", []),
        ("输液不可以停。", ["输液治疗"]),
        ("补钙不要停。", ["补钙"]),
        ("不要暂停补钙。", ["补钙"]),
        ("不要停止热敷。", ["热敷"]),
        ("停用头孢。", ["不要用头孢"]),
        ("正常的性生活停经十天。", []),
        # Neighbours of the new words that say something else.
        ("二甲双胍要暂停，当天去医院。", ["去医院就诊检查"]),
        ("看每小时呼吸暂停次数和查血常规。", ["查血常规"]),
        ("补钙不用吃太多。", ["补钙"]),
        ("手术治疗不需要担心。", ["手术治疗"]),
        ("输液不是错误的。", ["输液治疗"]),
        ("热敷就是少受凉。", ["热敷"]),
        ("受凉是主要原因。", ["与受凉有关"]),
        ("受凉不是唯一原因。", ["与受凉有关"]),
    ],
)
def test_what_is_stopped_or_denied_is_not_advised(answer: str, expected: list[str]) -> None:
    assert [point for point in points(answer) if point != "避免受凉"] == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("针灸、推拿都没用。", ["不必针灸", "不必推拿按摩"]),
        ("针灸和推拿都没有用。", ["不必针灸", "不必推拿按摩"]),
        ("热敷或冷敷都不合适。", ["不要热敷", "不要冷敷"]),
        ("热敷、按摩、拔罐都不可取。", ["不要热敷", "不要推拿按摩", "不要拔罐"]),
        ("头孢、阿莫西林都没用。", ["不必用头孢", "不必用阿莫西林"]),
        ("含可待因、右美沙芬的都不适合。", ["不要用可待因", "不要用右美沙芬"]),
        # Without 都 it is said of the last, and the first is open.
        ("针灸、推拿没用，可以热敷。", ["不必推拿按摩", "热敷"]),
        ("输液和针灸可以停了。", ["不必针灸"]),
        # Another clause, a refusal of what follows, or none.
        ("可以热敷和补钙，按摩没用。", ["热敷", "补钙", "不必推拿按摩"]),
        ("可以热敷、按摩，不要拔罐。", ["热敷", "推拿按摩", "不要拔罐"]),
        ("要低盐饮食、热敷并且禁忌辛辣。", ["低盐饮食", "热敷", "少吃辛辣刺激"]),
        ("针灸、推拿都可以。", ["针灸", "推拿按摩"]),
        ("热敷、按摩都不能代替手术。", ["热敷", "推拿按摩"]),
    ],
)
def test_a_refusal_after_a_list_goes_back_to_its_items(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Without a doctor: against, and no ban on what a doctor has ordered.
        ("平时不乱用利尿剂。", ["不要自行用利尿剂"]),
        ("别自己用抗生素。", ["不要自行用抗生素"]),
        ("止痛不自己用布洛芬。", ["不要自行用布洛芬"]),
        ("不擅自加用激素药。", ["不要自行用激素药"]),
        ("不随便吃止痛药。", ["不要自行用退热止痛药"]),
        ("不要随意服用抗生素。", ["不要自行用药停药", "不要自行用抗生素"]),
        ("布洛芬不要自己吃。", ["不要自行用布洛芬"]),
        ("2个月以下不自己给退烧药。", ["不要自行用退热止痛药"]),
        # Who takes it already is told not to stop it, or something that is no use of it.
        ("别自己停降压药。", ["不要自行用药停药"]),
        ("降压药别自己加倍。", []),
        ("疼痛不自行缓解可用布洛芬。", ["用退热止痛药"]),
        ("可以自己买布洛芬吃。", ["用退热止痛药"]),
        # A way of doing it is refused, and not the medicine.
        ("含服硝苯地平这种快速降压的做法不要用。", []),
        ("含服硝苯地平片，这种做法不可取。", []),
        ("可以用硝苯地平，不要用阿司匹林。", ["用降压药", "不要用阿司匹林"]),
        # A refusal is of what stands with it in its own clause; 别 of 别嘌醇 is none.
        ("如别嘌醇、非布司他、苯溴马隆须遵医嘱，肾结石者不宜用苯溴马隆。", ["坚持服药", "不要用苯溴马隆"]),
        ("布洛芬可以用，阿司匹林禁用。", ["用退热止痛药", "不要用阿司匹林"]),
        ("可用布洛芬，不宜用阿司匹林。", ["用退热止痛药", "不要用阿司匹林"]),
        ("别用非布司他。", ["不要用非布司他"]),
        # Who warns of one kind does not warn of all that it is counted among.
        ("普利类禁用。", ["不要用普利类"]),
        ("降压药禁用。", ["不要用降压药"]),
        # Little of it is no advice to have it.
        ("红肉、普通鱼虾每天控制在一掌左右。", []),
        ("红肉和普通鱼虾限量吃。", []),
        ("限盐、别多吃杨桃。", ["低盐饮食"]),
        ("可以吃红肉，每天适量。", ["吃瘦肉红肉"]),
        ("退烧药不要吃。", ["不要用退热止痛药"]),
    ],
)
def test_a_refusal_is_of_what_it_names(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


def test_no_name_of_a_medicine_forbids_what_stands_behind_it() -> None:
    names = [term for term, kind in load_medical_terms(MEDICAL_TERMS).items() if kind == "drug" and "戒" not in term]
    assert len(names) > 500
    assert not [name for name in names if "用退热止痛药" not in points(f"选择{name}、布洛芬。")]


@pytest.mark.parametrize(
    "answer", ["要戒烟。", "最好戒烟。", "必须戒烟。", "戒烟限酒。", "戒烟、运动。", "平时不抽烟、不喝酒。", "建议您戒烟"]
)
def test_who_is_told_to_abstain(answer: str) -> None:
    assert {"戒烟", "戒烟酒"} & set(points(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "不用戒烟。",
        "不必戒烟。",
        "不需要戒烟。",
        "戒了烟。",
        "已经戒烟三年。",
        "不戒烟会加重。",
        "要不要戒烟？",
        "戒烟后咳嗽。",
        "去戒烟门诊。",
    ],
)
def test_who_is_not_told_to_abstain(answer: str) -> None:
    assert "戒烟" not in points(answer)


def test_a_forgotten_dose_is_no_stopped_one() -> None:
    assert points("为防漏服，用手机闹钟提醒。") == ["避免漏服"]
    assert points("漏服时用手机闹钟提醒。") == []
    assert points("不要自行停药。") == ["不要自行用药停药"]


def test_what_may_be_read_either_way_is_not_read() -> None:
    assert points("不要自己点含有各种散瞳成分的眼药水。") == []
    assert points("避免受凉，热敷。") == ["避免受凉"]


def test_a_list_hands_its_verb_on() -> None:
    assert points("查血常规，尿常规，肝功能。") == ["查血常规", "查尿常规", "查肝功能"]
    assert points("去骨科或神经内科就诊，不用看皮肤科。") == ["看骨科", "看神经内科"]


def test_the_medical_lexicon_adds_what_the_table_does_not_name() -> None:
    assert "甲氨蝶呤" in load_medical_terms(MEDICAL_TERMS)
    assert "甲氨蝶呤" not in POINTS.read_text(encoding="utf-8")
    mention = read_points("风湿免疫科医生常用甲氨蝶呤。")[-1]
    assert (mention.point, mention.section, mention.term) == ("用甲氨蝶呤", "drug", "甲氨蝶呤")
    assert points("多由结膜炎引起。") == ["与结膜炎有关"]


def test_a_longer_word_hides_the_shorter() -> None:
    assert points("不要滥用抗生素。") == ["不要滥用抗生素"]
    assert points("考虑过敏性鼻炎。") == ["与过敏性鼻炎有关"]
    assert points("复查血糖，低血糖要当心。") == ["定期复查", "查血糖"]


def test_a_mention_is_a_whole_sentence_and_says_whom_it_is_for() -> None:
    answer = "先拉伸。孕妇禁用布洛芬，可以热敷！"
    mentions = {mention.point: mention for mention in read_points(answer)}
    assert answer[mentions["拉伸"].start : mentions["拉伸"].end] == "先拉伸。"
    assert answer[mentions["热敷"].start : mentions["热敷"].end] == "孕妇禁用布洛芬，可以热敷！"
    assert mentions["拉伸"].groups == ()
    assert mentions["不要用布洛芬"].groups == ("孕妇",)
    assert mentions["热敷"].stance is Stance.FOR


def test_half_and_full_width_read_alike() -> None:
    assert points("建议做ＣＴ，查血常规") == points("建议做CT,查血常规") == ["拍片或做CT", "查血常规"]


@settings(deadline=None)  # the first example loads the tables
@given(st.text(alphabet="不要别热敷补钙吗？。，、（）:抽筋没用的是与缺有关CT 1孕妇", max_size=60))
def test_any_text_is_read_and_every_mention_lies_in_it(answer: str) -> None:
    mentions = read_points(answer)
    assert all(answer[mention.start : mention.end].strip() == answer[mention.start : mention.end] != "" for mention in mentions)
    assert len({(mention.point, mention.start) for mention in mentions}) == len(mentions)


@given(st.sampled_from(["热敷", "按摩", "拔罐", "补钙", "针灸"]), st.sampled_from(["不要", "不建议", "禁止", "切忌", "不宜"]))
def test_a_forbidden_act_never_supports_it(act: str, forbidding: str) -> None:
    stance = Sentence(f"急性期{forbidding}{act}。").stance(3 + len(forbidding), 3 + len(forbidding) + len(act), Role.ACT)
    assert stance is Stance.AGAINST


def test_the_table_is_whole() -> None:
    data = tomllib.loads(POINTS.read_text(encoding="utf-8"))
    names = [concept.name for concept in concepts()]
    assert len(names) == len(set(names)) >= 200
    assert {concept.section for concept in concepts()} == set(data) - {"not", "opposite"}
    assert {name for pair in opposites() for name in pair} <= set(names)
    for section in set(data) - {"not", "opposite"}:
        owners: dict[str, str] = {}
        for name, wordings in data[section].items():
            assert wordings, name
            for text in (text for wording in wordings if "~" not in wording for text in expand(wording.removeprefix("!"))):
                assert len(text) > 1 or "(" in name, (name, text)
                assert owners.setdefault(text, name) == name, f"{text} stands for {owners[text]} and {name}"


def test_wordings_expand() -> None:
    assert expand("多(喝|饮)(温|热)?水") == ["多喝温水", "多喝热水", "多喝水", "多饮温水", "多饮热水", "多饮水"]
    with pytest.raises(ValueError, match="括号"):
        expand("多(喝水")
