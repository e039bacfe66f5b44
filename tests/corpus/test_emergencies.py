"""Evidence beside the rules: what sounds like an emergency in words that no rule knows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.clean import search_key
from corpus.emergencies import DOUBTED, NEVER_DOUBTED, SHORTEST_DOUBTED, SOUNDS_URGENT, find_emergencies
from corpus.emergency_likelihood import Likelihood, Table, likelihood, load_table, ngrams
from corpus.red_flag_rules import load_rules
from corpus.red_flags import Action, find_red_flags
from corpus.segment import word_spans
from tests.question_sets import read_set

TINY = Table({"血": (2.0, 3.0), "喷血": (1.0, 1.0), "不": (1.0, -4.0)}, intercept=-1.0, threshold=0.5)


def test_ngrams_are_all_runs_of_up_to_four_characters() -> None:
    assert ngrams("ＡB  血") == ["a", "b", " ", "血", "ab", "b ", " 血", "ab ", "b 血", "ab 血"]
    assert ngrams("") == []


def test_the_score_is_that_of_normalised_weights() -> None:
    # Known n-grams: 血 twice (1 + ln 2) x 2, 喷血 once 1; divided by their length, times 3 and 1, minus 1.
    twice, once = 2 * (1 + math.log(2)), 1.0
    score = -1 + (3 * twice + once) / math.hypot(twice, once)
    found = likelihood("喷血血", TINY)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-score)))
    assert found.words == ("喷血血",)  # 喷 carries less than a third of what 血 carries, but 喷血 is a word


def test_what_speaks_against_is_no_reason() -> None:
    found = likelihood("不不", TINY)
    assert found.probability == pytest.approx(1 / (1 + math.exp(5)))  # one feature, so its value is 1: -1 - 4
    assert found.words == ()


def test_nothing_known_leaves_the_intercept() -> None:
    assert likelihood("好", TINY).probability == pytest.approx(1 / (1 + math.e))


def test_rules_speak_first_and_know_what_it_is() -> None:
    question = "我爸突然右边手脚没力气，嘴也歪了"
    assert find_emergencies(question) == find_red_flags(question) != ()


def test_a_rule_is_not_believed_where_the_question_sounds_like_no_emergency_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    question = "我爸突然右边手脚没力气，嘴也歪了，话说不清"
    story = question + "。" + "前几天的事说来话长，" * 30
    wish = "活着太累了，没了我家里人都轻松"
    assert find_red_flags(question)
    assert find_red_flags(story)
    monkeypatch.setattr("corpus.emergencies.probability", lambda *_: DOUBTED - 0.01)
    assert find_emergencies(question) == ()
    assert find_emergencies(question[:16]) == find_red_flags(question[:16]) != ()  # so short that it names nothing else
    assert find_emergencies(story) == find_red_flags(story)  # longer than what this was measured on
    assert find_emergencies(wish) == find_red_flags(wish) != ()  # people speak of suicide in quiet words
    monkeypatch.setattr("corpus.emergencies.probability", lambda *_: DOUBTED)
    assert find_emergencies(question) == find_red_flags(question)


@pytest.mark.parametrize(
    ("question", "first", "silent"),
    [
        # What stands beside a length of pregnancy is no old complaint, and so much blood is much.
        ("怀孕六个多月了下面流血，跟来大姨妈一样多，肚子硬邦邦的", "abruption", ""),
        # Who cannot be woken does not wish to sleep for ever, and who wants to jump has not fallen.
        ("我爸睡着叫不醒", "unresponsive", "suicidal-thoughts"),
        ("不想活了，就想从楼上跳下去", "suicide-now", "fall-height"),
        ("我想从楼上跳下去", "suicidal-thoughts", "fall-height"),
        ("孩子从楼上跳下来腿断了", "fall-height", "suicidal-thoughts"),
        # Two advices that contradict each other: rinse, and do not rinse.
        ("洁厕灵溅进眼睛里了火辣辣的疼", "eye-chemical", "eye-injury"),
        ("小孩吃花生呛着了脸都紫了说不出话", "choking", "anaphylaxis"),
        ("从梯子上掉下来，腰疼，两条腿麻动不了", "spinal-injury", "hip-fracture"),
        ("羊水破了，下面有根软带子掉出来", "cord-prolapse", "premature-rupture"),
        ("大热天在工地干活，工友身上滚烫说胡话", "heat-stroke", "meningitis"),
        # Better is not well.
        ("老伴突然说不出话、右手抬不起，过了十分钟好像好点了", "stroke", "tia"),
        ("老伴突然说不出话、右手抬不起，过了十分钟又好了", "tia", "stroke"),
        ("老公54岁抽烟，胃这里堵得慌，脸色发白一身汗，恶心", "acs", ""),
        # 喘不上气胸口 names no 气胸, 球蛋白 no 蛋.
        ("今天突然喘不上气胸口疼", "acs", "tension-pneumothorax"),
        ("冷球蛋白血症查什么", "", "testicular-torsion"),
        ("打呼噜很响，半夜会憋气憋醒，挂什么科", "breathless", "acute-heart-failure"),
        ("过敏性休克是怎么引起的", "", "anaphylaxis"),
        ("打头孢过敏性休克了", "anaphylaxis", ""),
        # Bleeding from the middle of pregnancy on needs no amount; blood from elsewhere is another matter, and shock is more than that.
        ("孕32周阴道流血", "pregnancy-vaginal-bleeding", ""),
        ("怀孕五个月突然出血了怎么办", "pregnancy-bleeding", ""),
        ("怀孕五个月了下面出血血压也高", "pregnancy-vaginal-bleeding", ""),
        ("孕36周突然出血，心慌出冷汗", "abruption", ""),
        ("孕34周突然出血像开了水龙头", "abruption", ""),
        ("孕30周肛裂出血了怎么办", "", ""),
        ("孕26周智齿出血了", "", ""),
        ("女宝足月出生5天，阴道出血正常吗", "", ""),
        ("孕7周，预产期3月，阴道流血", "", ""),
        # 烧了 with days behind it is a fever, unless it is a burn of yesterday.
        ("娃烧了整整五天了 眼睛红但没眼屎 嘴唇干裂 舌头像草莓 手脚还肿了", "kawasaki-purpura", "burn"),
        ("孩子胸口被火烧了已经一天了，起水泡了", "burn", ""),
        ("我爸被铁水烧了快一个小时了，整条腿皮都掉了", "burn", ""),
        # Of two bleedings each has its own warning.
        ("孩子最近脸色煞白 没磕没碰浑身青一块紫一块 今天鼻血止不住还发烧 是什么原因", "bleeding-faint", "vaginal-haemorrhage"),
        ("月经三个月不停，站不住了，还流鼻血", "epistaxis", ""),
        ("宫颈癌下面大出血，肛门也流血", "vaginal-haemorrhage", ""),
        # 头…压 in 头疼血压高 is no blow.
        ("孕35周头痛眼花血压165/110", "preeclampsia", "head-injury"),
        ("头痛血压高呕吐", "hypertensive-crisis", "head-injury"),
        ("头被树压，昏了", "head-injury", ""),
        ("孩子头让石板压起一个大包还吐", "head-injury", ""),
        # Longing for a dish, and not.
        ("想死我妈做的红烧肉了 怎么做", "", ""),
        ("我想死我妈做的", "suicidal-thoughts", ""),
        ("我真的想死我姥姥做的寿衣都准备好了", "suicidal-thoughts", ""),
        # Beaten, and dropped; an injection is neither.
        ("六个月宝宝被保姆摔打 身上好几处淤青", "child-beaten", ""),
        ("宝宝被阿姨摔了，头着地吐了", "head-injury", "child-beaten"),
        ("女儿被妈妈打耳洞，肿了", "", ""),
        # Lips and tongue together; what made it comes first.
        ("婴儿嘴唇舌头发紫", "child-cyanosis", ""),
        ("娃喝了农药，嘴唇和舌头都发紫", "pesticide", ""),
        ("舌头和嘴唇发紫，生完孩子调理喝什么", "", ""),
        ("这几天走几步就胸闷，歇着也犯，比以前勤多了", "acs", ""),
        ("孩子咳嗽胸痛，坐着也疼", "", ""),
        ("这周考试压力大到窒息", "", ""),
        ("孕34周手心脚心痒得整晚睡不着 小便像浓茶", "pregnancy-cholestasis", ""),
        ("孕30周脚气犯了脚底很痒", "", ""),
        ("细路仔被滚水烫到 成个心口起晒泡", "burn", ""),
        # What a reader of the first version of the above found silenced.
        ("打完针过敏性休克有什么办法救", "anaphylaxis", ""),
        ("他说从三楼跳下来的，现在腰疼腿没知觉", "spinal-injury", ""),
        ("查出气胸，医生让住院", "told-to-stay", ""),
        ("早产儿呼吸暂停，喉咙有呼噜声", "apnea-infant", ""),
        ("躺不平，咳粉红色泡沫痰，喉咙里有呼噜声", "acute-heart-failure", ""),
        ("被吵得真想长睡不醒", "suicidal-thoughts", ""),
        ("宝宝反复抽搐", "", "seizure"),
    ],
)
def test_what_a_blind_trial_showed(question: str, first: str, silent: str) -> None:
    rules = [flag.rule for flag in find_emergencies(question)]
    assert rules[:1] == ([first] if first else [])
    assert silent not in rules


def test_who_drank_poison_in_despair_is_told_of_both() -> None:
    assert {"suicide-now", "pesticide"} <= {flag.rule for flag in find_emergencies("女朋友跟我吵架喝了半瓶百草枯")}


def test_what_only_sounds_urgent_says_whom_to_turn_to_and_its_reason() -> None:
    sounding = [
        flags[0]
        for row in read_set("red_flags_heldout_6")
        if (flags := find_emergencies(row["question"])) and flags[0].rule == SOUNDS_URGENT
    ]
    assert sounding
    assert {flag.condition for flag in sounding} == {"要尽快处理的急症"}
    assert {flag.action for flag in sounding} == {Action.AMBULANCE, Action.EMERGENCY_ROOM}
    assert all(flag.matched for flag in sounding)
    assert all("120" in flag.advice and "12356" in flag.advice for flag in sounding)
    assert all(("现在就拨打120" in flag.advice) == (flag.action is Action.AMBULANCE) for flag in sounding)


def test_emergencies_of_another_hand_are_heard_and_everyday_questions_left_in_peace() -> None:
    rows = read_set("red_flags_heldout_6")
    fired = [bool(find_emergencies(row["question"])) for row in rows]
    caught = sum(hit and row["emergency"] for hit, row in zip(fired, rows, strict=True))
    recall, precision = caught / sum(row["emergency"] for row in rows), caught / sum(fired)
    by_rules = sum(row["emergency"] and bool(find_red_flags(row["question"])) for row in rows) / sum(row["emergency"] for row in rows)
    everyday = [find_emergencies(row["question"]) for row in read_set("starter_questions")]
    alarmed = sum(flags[0].rule == SOUNDS_URGENT for flags in everyday if flags) / len(everyday)
    print(
        f"recall {recall:.3f} (rules alone {by_rules:.3f}), precision {precision:.3f}, everyday questions that sound urgent {alarmed:.3f}"
    )
    assert recall > by_rules
    assert recall >= 0.96
    assert precision >= 0.84
    assert alarmed <= 0.05


def test_standard_red_flags_in_plain_words_are_caught_and_their_look_alikes_left_in_peace() -> None:
    """By two writers who had seen no rule; 119 and 116 of 120 were caught, and one of 120 look-alikes warned of, before rules were mended with them."""
    rows = read_set("red_flags_standard")
    found = [find_emergencies(row["question"]) for row in rows]
    emergencies = [(row, flags) for row, flags in zip(rows, found, strict=True) if row["emergency"]]
    assert sum(bool(flags) for _, flags in emergencies) >= 238
    assert sum(bool(flags) for row, flags in zip(rows, found, strict=True) if not row["emergency"]) <= 1
    # An ambulance that is not called is worse than one that is called too soon.
    at_once = [flags[0].action for row, flags in emergencies if row["action"] == "120" and flags]
    assert sum(action in {Action.AMBULANCE, Action.POLICE_OR_AMBULANCE} for action in at_once) >= 0.95 * len(at_once)


@given(st.text())
def test_any_text_has_a_probability_and_reasons_from_itself(text: str) -> None:
    found = likelihood(text)
    assert 0 <= found.probability <= 1
    assert found == likelihood(text)
    key = " ".join(search_key(text).split())
    assert all(word in key for word in found.words)


def test_the_table_is_read_once_and_is_whole() -> None:
    table = load_table()
    assert table is load_table()
    assert 0.5 <= table.threshold < 1
    assert len(table.weights) > 10_000


@pytest.mark.parametrize(
    ("question", "action"),
    [
        *(
            (question, Action.AMBULANCE)
            for question in ("宝宝抽搐怎么办", "老人抽搐怎么办", "孕妇抽搐", "老人心梗怎么办", "心肌梗死怎么急救")
        ),
        *((question, Action.AMBULANCE) for question in ("一氧化碳中毒怎么办", "农药中毒怎么办", "产后大出血怎么治疗", "老人窒息怎么办")),
        *(
            (question, Action.AMBULANCE)
            for question in ("小孩噎住了怎么办", "老人噎住了", "果冻噎住了", "吃馒头噎住了", "孩子异物卡喉，不能说话")
        ),
        *((question, Action.AMBULANCE) for question in ("呼吸困难怎么办", "急性肺栓塞怎么办", "脐带脱垂怎么办", "闺蜜吃安眠药了联系不上")),
        ("异物卡喉怎么办", Action.EMERGENCY_ROOM),
        ("吃安眠药多久会死", Action.HOTLINE),
    ],
)
def test_an_emergency_that_is_only_named_is_warned_of(question: str, action: Action) -> None:
    """Whoever types no more than what it is has no words left that could sound like an emergency."""
    assert len(question) < SHORTEST_DOUBTED
    assert [flag.action for flag in find_emergencies(question)][:1] == [action]


@pytest.mark.parametrize(
    "question",
    [
        *("安眠药吃多久会上瘾", "安眠药吃多久停", "安眠药吃多久能见效", "吃安眠药多久能睡着", "安眠药一次吃几片"),
        *(
            "吃饭老噎住怎么办",
            "老人吃饭经常噎到是什么病",
            "怎么预防小孩噎住",
            "吃面包容易噎着正常吗",
            "宝宝脐带脱落后怎么护理",
            "手机卡住了",
        ),
    ],
)
def test_everyday_questions_in_the_same_words_are_not(question: str) -> None:
    assert not find_emergencies(question)


def test_a_curtain_before_the_eye_is_no_blood_in_the_stool() -> None:
    conditions = [flag.condition for flag in find_emergencies("视力突然下降，眼前像拉了黑幕")]
    assert "视网膜脱离" in conditions
    assert "消化道出血" not in conditions


@pytest.mark.parametrize(
    "question", ["感冒", "我感冒了", "孩子感冒", "头晕", "恶心", "头疼", "发烧", "肚子疼", "酱油", "白芍", "哮喘", "眩晕", "胸罩"]
)
def test_a_word_alone_sounds_like_nothing(question: str) -> None:
    """In two or three n-grams everything weighs too much."""
    assert find_emergencies(question) == ()


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        *(("喘不上气", "breathless"), ("嘴唇发紫", "breathless"), ("胸口疼", "acs"), ("胸痛怎么办", "acs"), ("心绞痛", "acs")),
        *(("咳血", "hemoptysis"), ("说话不清", "stroke"), ("昏迷", "unresponsive"), ("抽搐", "seizure"), ("自杀", "suicidal-thoughts")),
    ],
)
def test_a_word_alone_that_means_danger_has_a_rule(question: str, rule: str) -> None:
    flags = find_emergencies(question)
    assert flags[0].rule == rule
    assert all(flag.matched and all(flag.matched) for flag in flags)


@pytest.mark.parametrize("question", ["Привет, болит колено", "무릎이 아파요, 왜", "مرحبا كيف حالك اليوم", "， 。 ！ ？ ； ："])
def test_no_warning_without_a_word_that_it_is_for(question: str) -> None:
    assert find_emergencies(question) == ()


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        *(("我爸xiongtong出冷汗", "acs"), ("wo ba xiongtong chu lenghan", "acs"), ("xiongtong huxi kunnan", "acs")),
        *(("laoren zhongfeng zui wai le", "stroke"), ("脑出写了怎么办", "stroke"), ("yi shi bu qing", "unresponsive")),
    ],
)
def test_pinyin_and_slips_are_read_as_they_are_searched(typed: str, rule: str) -> None:
    assert find_red_flags(typed) == ()
    assert find_emergencies(typed)[0].rule == rule
    assert find_emergencies("ganmao le zenme ban") == ()


#: What a second reader found to have become worse by the rules for short questions, as they were first written.
_STILL_WARNED_OF = (
    "老人吃年糕噎住了，假牙取出来了，还是说不出话",
    "老人吃饭噎住了，我把假牙夹出来了他还是发不出声",
    "孩子卡了鱼刺，夹出来了一半，还有一半，咽口水就疼",
    *("一瓶安眠药够不够", "安眠药多少颗够", "安眠药一次吃几片会睡死", "安眠药一次吃多少片最快", "吃安眠药疼不疼"),
    *("解黑便，看东西有黑影，没力气", "拉黑便三天，看东西发黑影", "鼻血止不住", "胸口憋闷", "喉头水肿", "肚子剧痛", "说话不清怎么办"),
)
_STILL_NOT = (
    *("宝宝不会说话", "两岁不会说话", "大舌头怎么治", "口齿清新喷雾", "口齿伶俐", "舌头大怎么办", "隆胸疼吗", "来月经胸疼", "哺乳期胸痛"),
    *("胸痛挂什么科", "胸痛吃什么药", "胸疼是怀孕吗", "咯血挂什么科", "咯血的原因", "窒息的爱", "新生儿窒息", "嘴唇发黑怎么调理"),
    *("嘴唇发紫是缺什么", "呼吸困难的原因", "跑步喘不上气怎么办", "戴口罩喘不上气怎么办", "尿憋得慌", "老人被我一句话噎住了"),
    *("孩子吃饭经常噎着怎么办", "老人吃饭总噎住怎么办", "婴儿喝奶老噎着怎么办", "小孩辅食噎到了又好了", "安眠药吃几片合适"),
)


@pytest.mark.parametrize("question", _STILL_WARNED_OF)
def test_what_a_second_reader_found_lost(question: str) -> None:
    assert find_emergencies(question)


@pytest.mark.parametrize("question", _STILL_NOT)
def test_what_a_second_reader_found_to_alarm(question: str) -> None:
    assert find_emergencies(question) == ()


#: Told, and nothing asked: the model once took the missing question word for danger.
_EVERYDAY_STATEMENTS = (
    *(
        "宝宝脸上起了湿疹",
        "爷爷手抖，夹不住菜",
        "头发一把一把掉",
        "脚脖子肿，晚上消下去",
        "孩子说话晚，两岁只会叫爸爸妈妈",
        "孩子好动，坐不住",
    ),
    *(
        "喝了一杯酒脸就红",
        "手足口好几天了，孩子嘴里起泡",
        "老人记性越来越差",
        "嗓子痒，咳了几声",
        "有点拉肚子，一天两次",
        "牙龈刷牙的时候出一点血",
    ),
    *(
        "打完流感疫苗胳膊酸",
        "孕晚期脚有点肿，血压正常",
        "颈椎病，手指有时候麻",
        "宝宝吐奶，吐完照样玩",
        "奶奶白内障，看东西模糊好几年",
        "熬夜以后头昏沉沉的",
    ),
)
_URGENT_STATEMENTS = (
    *(
        "爸爸突然说话含糊，右手拿不住筷子",
        "吃海鲜以后全身起疙瘩，喉咙发紧喘不上气",
        "右下腹疼一天了，发烧，越来越厉害",
        "三十二周，一整天没有胎动",
    ),
    *(
        "透析的人浑身没劲，心跳很慢",
        "脚踩了锈钉子半个月，嘴张不开，后背发硬",
        "肝硬化的爸爸胡言乱语，认不得人",
        "孩子把降压药当糖吃了十几片",
    ),
)
#: What is asked is calm in any emergency; each of these with rules that were taken back for it, or might be.
_URGENT_QUESTIONS = (
    *("喝了半瓶百草枯，会不会有事，要不要去医院", "吐血了，会不会有事，要不要去医院", "刚才吐血了，是什么原因，要不要去医院看看"),
    *("吃了三十片安眠药，会怎么样，要洗胃吗", "孩子误服了老鼠药，怎么处理，能不能在家观察", "怀孕七个月下面出血很多，有没有关系"),
    *(
        "误喝了一口敌敌畏，有没有事，该怎么办",
        "老鼠药吃了半包，现在没感觉，有事没",
        "大便全是血，一大滩，是什么原因",
        "咳出来好几口鲜血，是不是感冒引起的",
    ),
    *(
        "喝醉了叫不醒，会不会出事，要不要送医院",
        "刚才晕倒了，叫了几分钟才醒，严不严重",
        "羊水破了还不到37周，要不要等宫缩",
        "化疗后发烧39度，可以吃退烧药吗",
    ),
)


@pytest.mark.parametrize("statement", _EVERYDAY_STATEMENTS)
@pytest.mark.parametrize("asked", ["", "怎么办", "，要不要去医院"])
def test_everyday_statements_are_left_in_peace_whether_something_is_asked_or_not(statement: str, asked: str) -> None:
    assert find_emergencies(statement + asked) == ()


@pytest.mark.parametrize("statement", _URGENT_STATEMENTS)
@pytest.mark.parametrize("asked", ["", "，怎么办", "，会不会有事，要不要去医院"])
def test_emergencies_are_heard_whatever_is_asked(statement: str, asked: str) -> None:
    assert find_emergencies(statement + asked)


@pytest.mark.parametrize("question", _URGENT_QUESTIONS)
def test_what_is_asked_takes_no_warning_back(question: str) -> None:
    assert find_emergencies(question)


def test_what_kills_while_it_is_doubted_is_always_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {rule.id for rule in load_rules().rules} >= NEVER_DOUBTED
    question = "喝了半瓶百草枯，会不会有事，要不要去医院"
    monkeypatch.setattr("corpus.emergencies.probability", lambda *_: 0.0)
    assert find_emergencies(question) == find_red_flags(question) != ()


@pytest.mark.parametrize(("urgent", "action"), [(0.94, Action.EMERGENCY_ROOM), (0.96, Action.AMBULANCE)])
def test_120_is_named_by_ear_only_where_it_is_nearly_certain(monkeypatch: pytest.MonkeyPatch, urgent: float, action: Action) -> None:
    statement = "今天天气不错，出去走了走"
    assert not find_red_flags(statement)
    monkeypatch.setattr("corpus.emergencies.probability", lambda *_: urgent)
    monkeypatch.setattr("corpus.emergencies.likelihood", lambda _: Likelihood(urgent, ("天气",)))
    assert [flag.action for flag in find_emergencies(statement)] == [action]


@pytest.mark.parametrize("question", ["耳朵里嗡嗡响半天了", "孩子手被门夹了", "我全身也疼发烧三天", "突然看见头上流血了"])
def test_the_words_shown_begin_and_end_with_words(question: str) -> None:
    inside = {place for span in word_spans(question) for place in range(span.start + 1, span.end)}
    words = likelihood(question).words
    assert words
    for word in words:
        start = question.index(word)
        assert {start, start + len(word)}.isdisjoint(inside)
