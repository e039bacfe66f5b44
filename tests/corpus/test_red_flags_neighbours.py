"""Emergencies and their neighbours: whose air is gone, who does not answer, whom the advice is for, what is only a likeness."""

from __future__ import annotations

import re

import pytest

from corpus.red_flags import Action, find_red_flags, load_rules

ARREST = "呼吸心跳停止"
#: What an adult man may have beside whatever is the matter with him.
MEN = ("我爸七十三岁，{}", "老公三十六周岁，{}", "二十岁小伙子，{}", "老头84岁，{}", "我今年42岁，男，{}", "我爷爷咳嗽三个月了，{}")
SIGNS = (
    *("突然嘴唇发紫", "嘴唇发紫没反应", "嘴唇发青，喘不上气", "脸发紫晕过去了", "全身软了，嘴唇发乌", "发烧39.5", "肚子疼得厉害，出冷汗"),
    *("肚子被人踢了一脚", "两天没动过了", "一直不动了，懒洋洋的", "呼吸困难，胸口一吸一个坑", "尿血", "拉黑便，头晕", "抽搐了叫不醒"),
    *("摔了一跤，头流血", "喘得肩膀一耸一耸", "一整天没尿", "突然晕倒", "裤子湿了一大片", "吐血了", "大腿根肿，发烧39度", "掉下来一块肉"),
)
_FOR_CHILDREN = re.compile("孩子|宝宝|婴儿|膝盖贴胸")
_FOR_THE_PREGNANT = re.compile("孕|产科|产妇|胎|子宫|宫缩|羊水")


def conditions(question: str) -> list[str]:
    return [flag.condition for flag in find_red_flags(question)]


def rules(question: str) -> list[str]:
    return [flag.rule for flag in find_red_flags(question)]


# ----- no breath, no answer


@pytest.mark.parametrize(
    "question",
    [
        "我爸73岁，吃中饭的时候突然倒在桌上，怎么推都没反应，嘴唇发乌，呼吸好像也没有了",
        *("我奶奶呼吸似乎停了", "心跳好像没了", "感觉他呼吸没了", "三岁孩子呼吸好像没有了", "他呼吸也摸不到了", "老人呼吸是不是停了"),
        *("我爷爷嘴唇发紫叫不醒", "二十岁小伙子打球倒地，嘴唇发紫没反应", "老人吃饭呛到了，没反应，脸发紫", "脸都青了，怎么喊都没反应"),
        *("老公睡着睡着就没气了，怎么推都不醒", "昨晚睡着睡着就没气了，身子都凉了", "老公晚上突然打呼噜很怪，然后没气了"),
        *("救命老公没气了", "没气了怎么急救", "宝宝刚出生没气了", "我喂奶睡着了压到他了 没气了", "爷爷没气了，过一会又喘了一口"),
        *("人直挺挺倒下去 打呼噜样喘一下停一下 脸发紫", "孩子哭着哭着嘴唇发紫，没气了", "老公睡着睡着就没气了"),
    ],
)
def test_who_neither_answers_nor_breathes_is_resuscitated_before_anything_else(question: str) -> None:
    assert conditions(question)[:1] == [ARREST]


@pytest.mark.parametrize(
    "question",
    [
        *("可乐没气了还能喝吗", "啤酒没气了", "煤气灶没气了怎么办", "煤气灶打不着火没气了，我妈急", "我家气罐没气了，怎么换", "轮胎没气了"),
        *("自行车后胎没气了，我爸推回来的", "我妈的电动车没气了", "气球没气了", "打火机没气了", "割草机突突两声就没气了 老公修半天"),
        *("脾气没了", "力气都没了", "家里煤气没了", "天然气也没有了", "燃气停了", "我妈说话没气，没力气", "肚子里没气了，不胀"),
        *("我老公睡着睡着就没气了，过一会儿又猛吸一口，打呼噜很响", "老公打鼾，睡着睡着就没气了，憋醒"),
        *("我爸打鼾好几年，有时候没气了，几秒后又吸一大口", "老公打呼噜，打着打着突然没气了，过一会儿又喘上来"),
        *("我感觉心跳停了一下", "呼吸没有问题", "呼吸没有异常", "喘得像断气一样"),
    ],
)
def test_things_snorers_and_a_skipped_beat_have_no_arrest(question: str) -> None:
    assert ARREST not in conditions(question)


@pytest.mark.parametrize("question", ["抽搐了，嘴唇发紫，叫不醒", "喝醉了嘴唇发紫叫不醒，呼吸很慢", "还喘着气，嘴唇发紫，叫他没反应"])
def test_who_convulses_or_breathes_is_told_of_that_first(question: str) -> None:
    assert conditions(question)[0] != ARREST
    assert find_red_flags(question)[0].action is Action.AMBULANCE


# ----- food in the windpipe


@pytest.mark.parametrize(
    "question",
    [
        *("吃饭时突然不说话，脸发紫，抓着脖子", "吃饺子突然说不出话，脸发紫", "吃饭突然说不出话，脸憋得发紫", "老人吃饭卡住了，脸发紫"),
        *("孩子吃花生呛到，脸发紫", "吃着饭噎住了，说不出话，脸紫"),
    ],
)
def test_food_that_sticks_is_choking(question: str) -> None:
    assert "choking" in rules(question)


@pytest.mark.parametrize(
    "question",
    ["爷爷吃完饭突然倒地，没反应", "老人吃晚饭突然倒下，没反应，没呼吸", "吃完中饭头晕倒了，嘴唇发紫", "吃饭的时候嘴唇发乌，胸口闷"],
)
def test_a_meal_alone_is_no_choking(question: str) -> None:
    assert "choking" not in rules(question)


@pytest.mark.parametrize("question", ["怎么推都没反应，吃了饭嘴唇发乌", "我吃了饭，怎么喊都不应，嘴唇发紫"])
def test_a_word_for_all_is_no_mass_poisoning(question: str) -> None:
    assert "food-poison-severe" not in rules(question)
    assert "food-poison-severe" in rules("我们几个都吃了，都头晕，嘴唇发紫")


# ----- whom the advice is for


@pytest.mark.parametrize("man", MEN)
def test_no_advice_about_a_child_or_a_pregnancy_for_a_man(man: str) -> None:
    wrong = [
        (sign, flag.rule)
        for sign in SIGNS
        for flag in find_red_flags(man.format(sign))
        if _FOR_CHILDREN.search(flag.advice.replace("孩子就抱着坐直", "")) or _FOR_THE_PREGNANT.search(flag.advice)
    ]
    assert wrong == []


def test_every_clause_of_the_cyanotic_spell_needs_a_child() -> None:
    (rule,) = (rule for rule in load_rules().rules if rule.id == "cyanotic-spell")
    assert all(any("孩子" in element.concepts for element in elements) for elements, _ in rule.combinations)


@pytest.mark.parametrize("question", ["法四的孩子哭着哭着嘴唇发紫 人软了", "先心病的孩子哭闹后嘴唇发紫", "宝宝哭得嘴唇发紫，软了"])
def test_a_child_that_turns_blue_crying_has_a_spell(question: str) -> None:
    assert "cyanotic-spell" in rules(question)


@pytest.mark.parametrize("question", ["孩子三岁喘不上气", "宝宝六个月，嘴唇发紫，喘", "两岁 嘴唇发紫 咳嗽", "娃儿半夜咳得汪汪叫，吸气费劲"])
def test_a_child_is_still_a_child(question: str) -> None:
    assert "croup-infant-distress" in rules(question)


@pytest.mark.parametrize("question", ["咳得像小狗叫 吸气嘎嘎的 脖子下面那个窝一吸一个坑", "肩膀一耸一耸的喘"])
def test_a_narrow_airway_of_nobody_in_particular_is_not_silent(question: str) -> None:
    assert "stridor" in rules(question)


@pytest.mark.parametrize(
    "question", ["孕39周 今天宝宝一上午都没动静", "怀孕八个月，孩子今天没动过", "37周，宝宝懒洋洋的", "孕35周,一天没觉着宝宝踢我"]
)
def test_the_unborn_child_that_does_not_move_is_looked_for(question: str) -> None:
    assert "fetal-movement" in rules(question)


@pytest.mark.parametrize("question", ["孩子从楼上摔下来不动了", "孩子躺地上不动了，叫不醒", "我爸两天没动过了"])
def test_a_born_one_that_does_not_move_is_no_unborn_child(question: str) -> None:
    assert "fetal-movement" not in rules(question)


# ----- an open mouth


@pytest.mark.parametrize(
    "question", ["孩子腺样体肥大，晚上张着嘴呼吸", "宝宝睡觉张嘴呼吸", "鼻炎张嘴呼吸怎么办", "孩子晚上睡觉张着嘴呼吸打鼾"]
)
def test_breathing_through_the_mouth_is_no_emergency(question: str) -> None:
    assert find_red_flags(question) == ()


@pytest.mark.parametrize(
    "question",
    ["孩子张着嘴喘，嘴唇发紫", "孩子突然张着嘴呼吸，鼻翼扇动，嘴发青", "妈妈张着嘴呼吸，满头大汗", "小伙子张大嘴使劲呼吸，嘴唇发紫"],
)
def test_but_it_is_with_effort_colour_or_suddenness(question: str) -> None:
    assert find_red_flags(question)[0].action is Action.AMBULANCE


# ----- machines


@pytest.mark.parametrize(
    "question",
    [
        *("车子打摆子，熄火了叫不醒", "汽车叫不醒", "电脑叫不醒了", "手机没反应", "手机摔地上黑屏没反应了还有救吗", "冰箱没反应了"),
        *("发动机打摆子抖得厉害", "电脑休眠后叫不醒了", "我的车早上叫不醒", "空调突然没反应了", "我爸手机没反应", "打印机没反应了怎么办"),
    ],
)
def test_a_machine_that_does_not_wake_is_no_emergency(question: str) -> None:
    assert find_red_flags(question) == ()


@pytest.mark.parametrize(
    "question",
    [
        *(
            "他看手机突然没反应了",
            "我爸开着车突然没反应了",
            "我爸在车里叫不醒",
            "车里的人叫不醒",
            "孩子锁在车里没反应",
            "老公用电脑突然没反应",
        ),
        *("我爸骑电动车摔了没反应", "我爸电动车摔了没反应", "老人修洗衣机触电没反应", "打篮球突然没反应了", "吃饭突然没反应了，叫不应"),
        *("喝酒后没反应了", "孩子玩手机没反应，叫不答应"),
    ],
)
def test_whoever_uses_one_is_no_machine(question: str) -> None:
    assert find_red_flags(question)[0].action is Action.AMBULANCE


@pytest.mark.parametrize("question", ["吃了三天药没反应", "打了疫苗没反应", "皮试没反应", "花生平时吃了没反应", "孩子看电视叫他没反应"])
def test_no_effect_is_no_unconsciousness(question: str) -> None:
    assert find_red_flags(question) == ()


# ----- a likeness is no blow


@pytest.mark.parametrize(
    "question",
    [
        *("我爸56岁，胸口像压了石头，出冷汗，左胳膊麻", "胸口跟压了块大石头似的喘不上气", "我爸胸口像被大石头砸了，冒冷汗"),
        *("胸口好像被石头压着，喘不过气，冒汗", "胸口像被人打了一拳一样疼，出冷汗", "胸口感觉压着千斤重物，喘不上气"),
    ],
)
def test_a_chest_that_feels_pressed_was_not_hit(question: str) -> None:
    assert {"abdominal-injury", "traffic-injury", "crush"}.isdisjoint(rules(question))
    assert find_red_flags(question)[0].action is Action.AMBULANCE


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        *(("胸口被车撞了，疼得厉害，喘不上气", "traffic-injury"), ("他好像被车撞了，叫不醒", "traffic-injury")),
        *(("胸口被方向盘顶了，喘不上气", "abdominal-injury"), ("胸口被石头砸了，喘不上气", "abdominal-injury")),
        *(("肚子被人打了一拳，脸白，冒冷汗", "abdominal-injury"), ("胸口被撞了疼得像刀割，喘不上气", "abdominal-injury")),
        ("工地上被石头压着腿，拉出来尿是红的", "crush"),
    ],
)
def test_a_blow_is_still_a_blow(question: str, rule: str) -> None:
    assert rule in rules(question)


# ----- button batteries


@pytest.mark.parametrize(
    ("question", "action"),
    [
        *(("孩子吞了纽扣电池", Action.EMERGENCY_ROOM), ("孩子鼻子里塞了纽扣电池", Action.EMERGENCY_ROOM)),
        *(("孩子吞了纽扣电池没有不舒服", Action.EMERGENCY_ROOM), ("一岁宝宝吞了纽扣电池，流口水，吐", Action.AMBULANCE)),
        *(("孩子误吞纽扣电池，咳嗽，喘", Action.AMBULANCE), ("宝宝吞了纽扣电池，不肯吃奶", Action.AMBULANCE)),
    ],
)
def test_a_swallowed_battery_is_urgent_and_more_so_with_signs(question: str, action: Action) -> None:
    flag = find_red_flags(question)[0]
    assert flag.action is action
    assert "120" in flag.advice


@pytest.mark.parametrize("text", ["打了太多胰岛素，出冷汗，手抖，怎么办", "胰岛素打多了，现在有点迷糊", "刚才胰岛素打多了5个单位"])
def test_too_much_insulin(text: str) -> None:
    assert "insulin-overdose" in {flag.rule for flag in find_red_flags(text)}


@pytest.mark.parametrize("text", ["胰岛素打多少合适", "胰岛素要打多久", "胰岛素打了太多年了，能换成吃药吗"])
def test_how_much_insulin_is_right_is_no_emergency(text: str) -> None:
    assert not find_red_flags(text)
