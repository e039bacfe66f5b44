from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.brackets import expand
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.points import POINTS, concepts, opposites, read_points
from corpus.stance import Role, Stance
from corpus.stance.sentence import Sentence


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
        ("没什么必要做核磁。", ["不必做磁共振"]),
        ("用不着输液。", ["不必输液治疗"]),
        ("犯不着去住院。", ["不必住院治疗"]),
        ("不是每个结节都要手术。", ["不必手术治疗"]),
        ("暂时不需要手术。", ["不必手术治疗"]),
        ("一般不建议手术。", ["不要手术治疗"]),
        ("我不同意给他输液。", ["不要输液治疗"]),
        ("跟缺钙没多大关系。", ["不一定与缺钙有关"]),
        ("没有证据表明与遗传有关。", ["不一定与遗传有关"]),
        ("与其说是缺钙，不如说是疲劳引起的。", ["与疲劳劳累有关"]),
        ("不能排除缺钙引起的。", ["与缺钙有关"]),
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


NOT_ENOUGH = [
    "光吃消炎药不行，得把脓排出来。",
    "只靠吃止痛药不够，要找到病因。",
    "单纯补钙没用。",
    "不能只吃止痛药。",
    "不能光靠输液。",
    "仅靠热敷解决不了问题。",
    "只做按摩效果不大。",
    "靠按摩治不好颈椎病。",
    "一味地补钙没有意义。",
    "只打针不做康复训练，效果不好。",
    "仅用抗真菌药膏往往不够。",
    "补钙不是万能的。",
    "光戒烟不够。",
    "贴膏药不解决根本问题。",
    "热敷虽好，但急性期不合适。",
]
HOW_MUCH_NOT_WHETHER = [
    "不用太着急去医院。",
    "不用急着手术。",
    "不着急做手术。",
    "目前不做手术。",
    "手术可以缓一缓。",
    "没必要太早去做手术。",
    "不用每次感冒都去医院。",
    "不必非得去大医院。",
    "没必要一直吃降压药。",
    "不用每天都泡脚。",
    "不用整天卧床。",
    "别卧床超过3天。",
    "不要长期服药。",
    "不要一咳嗽就吃止咳药。",
    "避免热敷过久。",
    "避免补钙过多。",
    "手术前停用阿司匹林。",
    "没必要为了补钙喝骨头汤。",
    "用不着担心做胃镜的风险。",
    "不要迷信抗生素。",
]
NO_NEED_TO_ABSTAIN = [
    "没必要戒咖啡。",
    "不必忌口海鲜。",
    "可以不用忌酒。",
    "用不着戒酒。",
    "不用避免久坐。",
    "并不需要避免剧烈运动。",
    "咖啡可以不戒。",
]
DENIED_TWICE = [
    "不得不手术。",
    "并非不能吃布洛芬。",
    "不是不能吃海鲜。",
    "不是说不能补钙，而是要适量。",
    "没人说不能热敷。",
    "没有不可以吃布洛芬的道理。",
    "不是不需要手术，是时机未到。",
    "不可能不用抗生素。",
    "也不能说补钙没用。",
    "谁也没说抗生素不能用。",
    "并不反对使用激素。",
    "我不排斥中药调理。",
]
LEFT_OPEN = [
    "难道不用去医院吗？",
    "难道不要做手术。",
    "谁说感冒必须输液。",
    "何必去输液呢。",
    "是否需要手术要看分型。",
    "要不要补钙看检查结果。",
    "吃不吃退烧药看精神状态。",
    "手术做不做都行。",
    "可做可不做手术。",
    "手术还是保守治疗，取决于分型。",
    "别人补钙好了，不代表您也要补钙。",
    "很少需要手术。",
    "极少数人才需要手术治疗。",
    "热敷不如冷敷。",
    "与其吃止痛药，不如休息。",
    "吃抗生素等于白吃。",
    "吃布洛芬不会上瘾。",
]
OTHERS_SAY = [
    "有人说补钙有用。",
    "有人说，补钙有用。",
    "很多家长一发烧就用抗生素，这是不对的。",
    "很多人觉得喝骨头汤能补钙，其实不能。",
    "以前主张卧床休息，现在主张早期活动。",
    "过去认为要绝对卧床，现在不这么看了。",
    "过去常用黄连素止泻，现在少用了。",
    "外院让您做手术，但我看没必要。",
    "一说腰痛就去按摩，是很多人的误区。",
    "隔壁邻居说吃香蕉好，别信。",
    "所谓补钙就是吃钙片。",
    "喝骨头汤补钙是个误解。",
    "早些年流行拔罐，现在用得少了。",
    "我们科不做针灸。",
    "原来吃的降压药不要停。",
    "不喝酒不抽烟的人也会得脂肪肝。",
    "从不熬夜的人也可能失眠。",
]
NO_CAUSE_IS_TOLD = [
    "暂不考虑感染。",
    "可以排除感染引起的。",
    "查血排除缺钙引起的抽筋。",
    "很难说是受凉引起的。",
    "看不出是外伤引起的。",
    "偶尔熬夜没关系。",
    "未必就是颈椎病引起的。",
    "如果不是缺钙，再看看。",
]


@pytest.mark.parametrize(
    "answer",
    [
        *NOT_ENOUGH,
        *HOW_MUCH_NOT_WHETHER,
        *NO_NEED_TO_ABSTAIN,
        *DENIED_TWICE,
        *LEFT_OPEN,
        *OTHERS_SAY,
        *NO_CAUSE_IS_TOLD,
        "对他汀不耐受的可以换药。",
    ],
)
def test_a_sentence_that_gives_no_clear_advice_is_no_point(answer: str) -> None:
    assert points(answer) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # What looks like one of the above and is plain advice.
        ("只要多喝水就行。", ["多喝水"]),
        ("只能手术治疗。", ["手术治疗"]),
        ("建议光疗。", ["微创或激光治疗"]),
        ("不光要补钙，还要晒太阳。", ["补钙", "多晒太阳"]),
        ("不能不补钙。", ["补钙"]),
        ("时不时热敷一下。", ["热敷"]),
        ("目前还是保守治疗为主。", ["保守治疗"]),
        ("个人认为最好热敷。", ["热敷"]),
        ("多喝水才不会上火。", ["多喝水"]),
        ("以前没补过钙的，现在可以补钙。", ["补钙"]),
        ("不要着急，多喝水。", ["多喝水"]),
        ("伤口要定期换药。", ["清创换药"]),
        # The other clause stands by itself.
        ("单纯补钙没用，还要补充维生素D。", ["补充维生素D"]),
        ("光用抗生素治不好，要手术治疗。", ["手术治疗"]),
        ("有的医院会建议手术，我认为可以先保守治疗。", ["保守治疗"]),
        ("有人说补钙有用，其实抽筋多半和缺钙无关。", ["不一定与缺钙有关"]),
    ],
)
def test_plain_advice_beside_it_still_counts(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


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


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # 要手术 begins inside 必要.
        ("没必要手术。", ["不必手术治疗"]),
        ("没什么必要手术。", ["不必手术治疗"]),
        ("没太大必要手术。", ["不必手术治疗"]),
        ("没有必要手术。", ["不必手术治疗"]),
        ("主要手术方式是微创。", []),
        ("只要手术就能好。", []),
        # By halves.
        ("不太建议做手术。", ["不要手术治疗"]),
        ("不是很建议手术。", ["不要手术治疗"]),
        ("不太推荐针灸。", ["不要针灸"]),
        ("针灸不太推荐。", ["不要针灸"]),
        ("不怎么推荐推拿。", ["不要推拿按摩"]),
        ("不大建议热敷。", ["不要热敷"]),
        ("不特别推荐补钙。", ["不要补钙"]),
        ("不太主张输液。", ["不要输液治疗"]),
        ("不很赞成输液。", ["不要输液治疗"]),
        ("不适合热敷。", ["不要热敷"]),
        ("不是很适合热敷。", ["不要热敷"]),
        ("不怎么需要手术。", ["不必手术治疗"]),
        ("不大需要手术。", ["不必手术治疗"]),
        ("不是特别需要手术。", ["不必手术治疗"]),
        ("平时不怎么吃抗生素。", []),
        ("不一定就要手术。", ["不必手术治疗"]),
        ("没到要手术的程度。", ["不必手术治疗"]),
        ("达不到输液的程度。", ["不必输液治疗"]),
        ("你没到医院输液。", []),
        # In other words.
        ("千万莫吃抗生素。", ["不要用抗生素"]),
        ("莫西沙星可以用。", ["用抗生素"]),
        ("甭吃抗生素。", ["不要用抗生素"]),
        ("拒绝输液。", []),
        ("输液弊大于利。", ["不要输液治疗"]),
        ("输液划不来。", ["不要输液治疗"]),
        # What it is not.
        ("非手术治疗。", ["保守治疗"]),
        ("非手术治疗包括热敷。", ["保守治疗", "热敷"]),
        ("建议用非激素药膏。", []),
        # Turned round.
        ("没有必要不用抗生素。", []),
        ("不吃抗生素好不了。", ["用抗生素"]),
        ("不吃降压药不行。", ["用降压药"]),
        ("别把降压药停了。", []),
        ("不要把抗生素当消炎药吃。", []),
        ("不能排除心梗时不要按摩。", ["不要推拿按摩"]),
        ("不能排除心梗。", ["与心肌梗死有关"]),
    ],
)
def test_a_refusal_by_halves_is_one_and_a_double_one_is_none(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


def test_a_long_sentence_is_read_in_part() -> None:
    assert points(f"{'啊' * 300}可以热敷。") == ["热敷"]
    assert points(f"{'啊' * 380}可以热敷。") == points(f"{'啊' * 500}可以热敷。") == []  # a refusal may follow that is not read
    assert len(read_points("热敷" * 3_000)) <= 1


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


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Real answers have no marks: what must not be eaten is the next thing.
        ("注意保暖不能吃辛辣食物。", []),
        ("避免辛辣食物避免过度紧张。", ["少吃辛辣刺激"]),
        ("这时候要静养不可以再受刺激。", []),
        ("要保证局部的清洁避免各种刺激。", []),
        ("因不能面诊患者，以上建议仅供参考。", []),
        ("这跟外伤没有必然联系。", ["不一定与外伤有关"]),
        # What guides a hand is no test, and what is no more than that no advice.
        ("必要时可在CT引导下做活检。", ["做病理活检"]),
        ("退热只是对症处理。", []),
        # Words that mean something else.
        ("可以用多酶片助消化。", ["用助消化药"]),
        ("可以吃点药营养神经。", ["用营养神经药"]),
        ("再拍几张舌苔照片发过来。", []),
        ("必要时做脐血分析。", []),
        ("先用清洁物品止血。", []),
        ("子宫内膜异位症可能会影响怀孕。", []),
    ],
)
def test_what_a_reader_of_real_answers_found_misread(answer: str, expected: list[str]) -> None:
    assert points(answer) == expected


def test_a_test_of_clotting_is_no_patient_on_anticoagulants() -> None:
    assert all(mention.groups == () for mention in read_points("一般检查包括凝血功能检查、心电图、肝功能等。"))
