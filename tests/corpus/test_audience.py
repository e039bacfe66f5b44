"""For whom a question is asked, and whom a record addresses."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.audience import Fit, addressed, asked_for, fit, note_for, vocabulary
from corpus.record import DoctorAnswer, make_record
from index.halves import FITS, half_of
from tests.question_sets import read_set


def record(question: str, answer: str, **more: str) -> DoctorAnswer:
    return make_record({"question": question, "answer": answer, **more}, default_source="test")


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("发烧吃什么药", ()),
        ("宝宝20天了鼻塞怎么办", ("新生儿",)),
        ("8个月宝宝拉肚子", ("婴儿",)),
        ("3岁的宝宝咳嗽", ("儿童",)),
        ("我16岁脸上长痘", ("青少年",)),
        ("我今年72头晕", ("老人",)),
        ("我爸今年72岁了头晕", ("老人", "男性")),
        ("怀孕32周头疼能吃药吗", ("孕妇",)),
        ("八个月了肚里小家伙今天不爱动", ("孕妇",)),
        ("避孕药漏服了怎么办", ()),
        ("备孕能喝酒吗", ("备孕",)),
        ("还在喂奶能吃布洛芬吗", ("哺乳期",)),
        ("肌酐高能吃止疼药吗", ("肾病",)),
        ("没有糖尿病也要少吃糖吗", ()),
        ("孩子他爸痛风犯了", ("痛风",)),
        ("媳妇三十六周了，一宿尿七八回", ("孕妇", "女性")),
        ("糖耐26周没过", ("孕妇",)),
        ("三个月的小猫拉稀怎么办", ()),
        ("两个月的兔唇宝宝怎么喂奶", ("婴儿",)),
        ("开水烫伤孩子的手怎么办", ("儿童",)),
        ("妈妈有高血压，上次体检发现的，我给她买什么药", ("女性", "高血压")),
        ("自然怀孕六周见红", ("孕妇",)),
        ("三个月的宝宝被猫抓了", ("婴儿",)),
        ("媳妇怀二胎五个月了头晕", ("孕妇", "女性")),
        ("孩子把外婆的降压药当糖吃了几颗", ("儿童",)),
        ("给宝宝喂奶能吃头孢吗", ("哺乳期",)),
        ("爸爸有高血压，妈妈有糖尿病，我三十岁体检要查啥", ("成人",)),
        ("血糖化验正常，可是总口渴", ()),
        ("异维a酸停药多久可以怀孕", ()),
        ("大姨妈推迟十来天了，测了没怀上", ("女性",)),
        ("28岁了包皮长，女朋友让割", ("成人", "男性")),
        ("早上恶心 女38", ("成人", "女性")),
        ("男，掉头发", ("男性",)),
        ("男女都能打吗", ()),
        ("生完快五年了丢三落四", ()),
        ("怀疑自己甲亢，心慌", ()),
        ("尿里有酮体，是得糖尿病了吗", ()),
        ("癫痫吃药五年没犯过了，能学车吗", ("癫痫",)),
        ("癫痫停药三年没犯过，能开车吗", ()),
        ("丙肝吃药早就治好了，能献血吗", ()),
        ("高度近视能顺产吗", ("孕妇",)),
        ("剖腹产还是疼，两个月了", ()),
        ("锥切后以后可以顺产吗", ()),
        ("宝宝歪脖子，顺产还是剖宫产造成的", ("婴儿", "儿童")),
        ("刚满俩月的宝，一到傍晚就哭", ("婴儿",)),
        ("小时候得过哮喘，最近咳嗽", ()),
        ("10个月 高烧退了出红疹", ("婴儿",)),
        ("一岁八个月不会说话", ("儿童",)),
        ("暂时不打算要孩子，月经量大", ("女性",)),
        ("准备要二宝，叶酸吃多少", ("备孕",)),
        ("肚子里宝宝4个月，拉肚子能吃蒙脱石散吗", ("孕妇",)),
        ("宝宝肚子里咕噜响", ("婴儿", "儿童")),
        ("娃4个月吃母乳，我拉肚子能不能吃药", ("哺乳期",)),
        ("宝宝吃母乳拉肚子怎么办", ("婴儿", "儿童")),
        ("喂奶的能喝咖啡吗", ("哺乳期",)),
        ("我拔牙了，奶还能不能喂", ("哺乳期",)),
    ],
)
def test_groups_of_a_question(question: str, groups: tuple[str, ...]) -> None:
    assert asked_for(question) == groups


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("女儿39发烧吃美林不退", "儿童"),
        ("孩子发烧 39 怎么办", "儿童"),
        ("宝宝 39 吃美林", "婴儿"),
        ("女儿39℃怎么办", "儿童"),
        ("我五年前换肾，现在感冒吃什么药", "肾病"),
        ("我三年前装了支架，牙疼能吃布洛芬吗", "抗凝"),
        ("五年前查出糖尿病，现在脚麻", "糖尿病"),
        ("小时候青霉素过敏，现在能打头孢吗", "青霉素过敏"),
        ("小时候查出蚕豆病，能吃阿司匹林吗", "蚕豆病"),
        ("医生说我糖尿病，能吃西瓜吗", "糖尿病"),
        ("护士说我有高血压", "高血压"),
        ("肯定有高血压了", "高血压"),
        ("乙肝能治好吗", "肝病"),
        ("甲亢能治好吗", "甲状腺病"),
        ("癫痫怎么治好", "癫痫"),
        ("肾炎能不能治好", "肾病"),
        ("糖尿病科学饮食怎么安排", "糖尿病"),
        ("怀孕的时候能喝咖啡吗", "孕妇"),
        ("怀孕时可以拔牙吗", "孕妇"),
        ("我好像怀孕了，能吃感冒药吗", "孕妇"),
        ("孕妇哮喘十年了能用喷剂吗", "孕妇"),
        ("孕妇乙肝十几年要吃药吗", "孕妇"),
        ("我怀孕3个月，妇科千金片能吃吗", "孕妇"),
        ("我怀孕了白带多，吃千金片行吗", "孕妇"),
        ("我怀双胞胎28周，腰疼", "孕妇"),
        ("我怀孕了仔仔细细刷牙还出血", "孕妇"),
        ("我怀孕五个月被毛毛虫蛰了，手肿", "孕妇"),
        ("我怀孕了，膝盖嘎嘎的", "孕妇"),
    ],
)
def test_what_is_told_in_everyday_words_is_read(question: str, group: str) -> None:
    assert group in asked_for(question)


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("女儿13周，吐奶", "孕妇"),
        ("儿子刚刚12周大，拉肚子", "孕妇"),
        ("骨折已经12周了还疼", "孕妇"),
        ("术后快12周了能开车吗", "孕妇"),
        ("服用异维A酸快16周了", "孕妇"),
        ("甲状腺结节快12周复查", "孕妇"),
        ("避孕药吃了三个月月经不来", "孕妇"),
        ("备孕三个月没动静", "孕妇"),
        ("怀疑感冒3周了不好", "孕妇"),
        ("不孕症吃药三个月", "孕妇"),
        ("试管婴儿生的宝宝8个月发烧", "备孕"),
        ("孩子是做试管生的，两岁咳嗽", "备孕"),
        ("绝经了没动静了，心慌", "备孕"),
        ("无精打采怎么回事", "备孕"),
        ("我爸没中过风，血压高", "备孕"),
        ("老公精神好怀疑人生", "备孕"),
        ("换人造人工髋关节多久能走", "备孕"),
        ("刚才生气胸口疼", "哺乳期"),
        ("肛瘘侧切术后", "哺乳期"),
        ("我在码头卸货，腰扭了", "哺乳期"),
        ("开奶茶店手腕疼", "哺乳期"),
        ("首先心慌然后手抖", "心脏病"),
        ("会爬楼梯就膝盖疼", "婴儿"),
        ("抗原两道杠 发烧39度", "孕妇"),
        ("胆汁酸高是肝炎吗", "孕妇"),
        ("糖耐量异常怎么办", "孕妇"),
        ("戒烟头三个月咳嗽", "孕妇"),
        ("在职高管压力大", "青少年"),
        ("饭后血糖80后来降了", "成人"),
        ("这个岁数还长痘正常吗", "老人"),
        ("平地平衡差老摔跤", "高血压"),
        ("青霉素皮试阴性能打头孢吗", "青霉素过敏"),
        ("三叉神经痛吃卡马西平", "癫痫"),
        ("我用大宝脸过敏", "儿童"),
        ("我爸十二指肠溃疡出血", "儿童"),
        ("我12小时没睡了头疼", "儿童"),
        ("24小时尿蛋白高，我24小时没尿", "成人"),
        ("百分之八十的人都有痔疮吗", "老人"),
        ("二十五的姑娘痛经怎么办", "青少年"),
        ("血小板 65 怎么办", "老人"),
        ("空腹 12 怎么办", "儿童"),
        ("bmi 28 怎么减", "成人"),
        ("中老年奶粉补钙吗", "婴儿"),
        ("我喝奶粉拉肚子", "婴儿"),
        ("老人尿不湿红屁股", "婴儿"),
        ("生完孩子三个月掉头发", "婴儿"),
        ("宝宝喂奶多久一次", "哺乳期"),
        ("95后脱发", "老人"),
    ],
)
def test_words_inside_other_words_and_numbers_of_other_things_name_nobody(question: str, group: str) -> None:
    assert group not in asked_for(question)


def test_a_long_run_of_adverbs_costs_in_proportion() -> None:
    """The patterns once tried every way to cut them, and each 应该 more doubled the time: 4,096 times for twelve more."""

    def seconds(repeats: int) -> float:
        started = time.process_time()
        for _ in range(20):
            asked_for("妈疼，我" + "应该" * repeats + "疼")
            asked_for("宝" + "刚刚" * repeats + "疼1")
        return time.process_time() - started

    seconds(1)
    assert seconds(24) < 100 * seconds(12)


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("我怀孕五个月，我老公这两天恶心呕吐", ("男性",)),
        ("我婆婆七十岁了高血压，我现在怀孕头疼怎么办", ("孕妇",)),
        ("我在月子里，刚出生的孩子总吐奶", ("新生儿",)),
    ],
)
def test_where_two_people_appear_the_complaint_has_its_owner(question: str, groups: tuple[str, ...]) -> None:
    assert asked_for(question) == groups


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("爷爷说拔火罐能治，我肩膀疼得抬不起来", ()),
        ("爷爷说头晕，站起来就天旋地转", ("老人", "男性")),  # his own complaint
        ("我妈让我给孩子捂汗", ("儿童",)),
        ("老人一口咬定是着凉，我咳嗽半个月了", ()),
        ("爷爷让糯米糕堵了嗓子", ("老人", "男性")),  # a passive, no order
        ("幼儿园老师嗓子沙了二十多天", ("成人",)),
        ("幼儿园小班的娃满口黑牙，爷爷说早晚会掉", ("儿童",)),
        ("拍完要隔多久才能要小孩", ("备孕",)),
        ("过门三年肚子没动静，丈夫死活不肯去化验", ("女性",)),
        ("孩子发烧，我怕烧坏脑子", ("儿童",)),
        ("孩子发烧好了，我开始嗓子疼", ()),
        ("宝宝还吃母乳，我想避孕，能吃避孕药吗", ("哺乳期",)),
        ("脸肿得像满月", ()),
        ("跑步第二天大腿疼", ()),
        ("我现在怀孕六个月了我儿子得了水痘我没得过水痘会不会被传染", ("孕妇",)),
        ("青春期男孩乳腺有硬块", ("青少年", "男性")),
    ],
)
def test_who_only_speaks_is_not_the_patient(question: str, groups: tuple[str, ...]) -> None:
    assert asked_for(question) == groups


def rightly_read(name: str) -> float:
    """Share of a labelled set of which the groups are read exactly; that an expectant or nursing mother is a woman need not be read."""
    lines = read_set(name)

    def read(groups: tuple[str, ...] | list[str]) -> set[str]:
        return set(groups) - ({"女性"} if {"孕妇", "哺乳期"} & set(groups) else set())

    share = sum(read(asked_for(line["question"])) == read(line["groups"]) for line in lines) / len(lines)
    print(f"{name}: {share:.1%} of {len(lines)}")
    return share


def test_most_questions_with_bystanders_are_read_rightly() -> None:
    """Before there were rules for bystanders 42.7 % and 41.5 %; the second set was opened once, when the rules were done: 67.7 %."""
    assert rightly_read("audience_dev") >= 0.93
    assert rightly_read("audience_heldout") >= 0.65


def shares_rightly_read(name: str) -> tuple[float, float]:
    """Shares of a labelled set of which the stage of life (none is an adult's) and the state are read exactly."""
    lines = read_set(name)
    dimension = vocabulary().dimension
    stages = states = 0
    for line in lines:
        read = asked_for(line["question"])
        stages += {group for group in read if dimension[group] == "life"} - {"成人"} == {line["life"]} - {"", "成人"}
        states += {group for group in read if dimension[group] == "state"} == {line["state"]} - {""}
    print(f"{name}: stage of life {stages / len(lines):.1%}, state {states / len(lines):.1%} of {len(lines)}")
    return stages / len(lines), states / len(lines)


def test_stage_of_life_and_state_of_questions_by_eight_writers() -> None:
    """The halves that nobody looked at; before people were weighed and ages without a unit read, 81.8 % and 90.9 %."""
    stages, states = shares_rightly_read("audience_heldout_2")
    assert stages >= 0.88
    assert states >= 0.91


def test_the_note_speaks_of_the_patient_and_not_of_who_speaks() -> None:
    assert note_for(asked_for("爷爷说早晚会掉，娃满口黑牙"), ("儿童",)) == ""
    assert note_for(asked_for("爷爷说早晚会掉，娃满口黑牙"), ("老人",)) == "这条回答针对老人"
    assert note_for(asked_for("幼儿园老师嗓子沙"), ("儿童",)) == "这条回答针对儿童"


def test_a_record_addresses_whom_it_is_titled_for_and_not_whom_it_warns() -> None:
    assert addressed(record("小儿发烧怎么办", "先看精神。")) == ("儿童",)
    assert addressed(record("偏头痛吃什么药", "可以用布洛芬。孕妇禁用，儿童慎用。")) == ()
    assert addressed(record("偏头痛吃什么药", "孕妇和儿童禁用布洛芬，成人可以用。")) == ("成人",)
    assert addressed(record("哺乳期感冒", "宝宝还小，先看说明书。")) == ("哺乳期",)
    assert addressed(record("咳嗽有痰", "多喝水。", department="儿科")) == ("儿童",)
    assert addressed(record("孕妇贫血", "要补铁。", department="儿科")) == ("孕妇",)


@pytest.mark.parametrize(
    ("question", "groups"),
    [
        ("小孩说话结巴", ("儿童",)),
        ("我家小孩三岁说话不清楚", ("儿童",)),
        ("奶奶讲话含糊", ("老人", "女性")),
        ("奶奶怕冷", ("老人", "女性")),
        ("奶奶说是着凉，我咳嗽半个月", ()),  # reported
        ("奶奶怕我感冒，我打喷嚏", ()),
        ("我跟老公备孕吃什么", ("备孕", "女性")),
        ("龟头红痒，要跟老婆一起治吗", ("男性",)),
        ("每次和老婆同房后腰疼", ("男性",)),
        ("我老公咳嗽", ("男性",)),
        ("我老婆和孩子都发烧", ("儿童",)),
        ("乙肝妈妈能喂奶不", ("哺乳期", "女性", "肝病")),
        ("我感冒了还能给孩子喂奶吗", ("哺乳期",)),
        ("发烧能给宝宝喂奶吗", ("哺乳期",)),
        ("宝宝吐奶后还能喂奶吗", ("婴儿", "儿童")),  # asked for the child
        ("吃布洛芬会不会上瘾，以后怀不上", ()),
        ("怕以后怀不上", ()),
        ("人流会影响以后要孩子吗", ()),
        ("结婚三年怀不上", ("备孕",)),
        ("备孕半年，担心怀不上", ("备孕",)),
        ("甲亢会影响备孕吗", ("备孕", "甲状腺病")),
        ("宫外孕能保守治疗吗", ("孕妇",)),
        ("胎停了怎么办", ("孕妇",)),
        ("宫外孕要手术吗", ("孕妇",)),
        ("宫外孕的后果", ("孕妇",)),
        ("先兆流产要躺着吗", ("孕妇",)),
        ("胎停清宫后多久来月经", ("女性",)),
        ("先兆流产三天了还出血", ("孕妇",)),
        ("做完宫外孕手术得了盆腔炎", ()),
        ("上次胎停，这次要注意什么", ()),
        ("葡萄胎术后复查什么", ()),
        ("怀孕三个月吃了辣椒，对宝宝有影响吗", ("孕妇",)),
        ("怀孕了，孩子能要吗", ("孕妇",)),
        ("我怀孕五个月，孩子咳嗽怎么办", ("儿童",)),
        ("小孩眼皮上有红胎记，婴儿眼皮红要紧吗", ("婴儿",)),  # one child, named twice
    ],
)
def test_the_words_of_a_group_are_read_for_who_and_when_they_mean(question: str, groups: tuple[str, ...]) -> None:
    assert asked_for(question) == groups


@pytest.mark.parametrize(
    ("title", "department", "groups"),
    [
        ("我爸吐血了怎么办", "消化内科", ()),  # what helps him helps anybody
        ("我妈头晕", "", ()),
        ("我是一名女性，今年51岁，肾结石", "", ("成人",)),
        ("爷爷前列腺大，尿频", "", ("老人", "男性", "前列腺增生")),
        ("我妈漏尿", "", ("女性",)),
        ("我爸腰疼", "泌尿外科", ("男性",)),
        ("女性贫血正常值", "", ("女性",)),
        ("龟头红痒，要跟老婆一起治吗", "", ("男性",)),
        ("怕传给老婆和孩子，我咳嗽", "", ()),
        ("我跟老公备孕要查什么", "", ("备孕", "女性")),
        ("怀孕七个月胎位不正，婆婆要给我灸脚趾", "", ("孕妇",)),
        ("大三阳怀孕26周，会传给宝宝吗", "", ("孕妇", "肝病")),
        ("心突突跳，是心脏病吗", "", ()),
        ("宫外孕术后多久能怀孕", "产科", ()),
        ("孕妇贫血", "产科", ("孕妇",)),
        ("孩子个子矮", "儿科", ("儿童", "青少年")),
        ("十四岁还长个子吗", "", ("儿童", "青少年")),
        ("孩子咳嗽", "儿科", ("儿童",)),
    ],
)
def test_a_title_is_read_as_a_question_and_a_sex_where_it_matters(title: str, department: str, groups: tuple[str, ...]) -> None:
    assert addressed(record(title, "请到医院看看。", department=department)) == groups


def test_nobody_is_pushed_back_for_a_sex_that_does_not_matter() -> None:
    mother = asked_for("妈妈吐血了")
    assert fit(mother, addressed(record("我爸吐血了怎么办", "马上去医院。"))) is Fit.SAME
    assert fit(asked_for("妈妈尿频"), addressed(record("我爸尿频", "多半是前列腺。"))) is Fit.NEAR


@pytest.mark.parametrize(
    ("asker", "audience", "expected"),
    [
        ((), (), Fit.SAME),
        ((), ("婴儿",), Fit.PRESUMED),
        ((), ("老人",), Fit.NEAR),
        ((), ("青少年", "成人"), Fit.SAME),
        (("男性",), ("老人", "男性"), Fit.SAME),  # 我爸 may be old
        ((), ("抗凝",), Fit.NEAR),
        ((), ("孕妇",), Fit.PRESUMED),
        (("孕妇",), (), Fit.UNSAID),
        (("孕妇",), ("孕妇",), Fit.SAME),
        (("孕妇",), ("备孕",), Fit.NEAR),
        (("婴儿",), ("儿童",), Fit.NEAR),
        (("婴儿",), ("成人",), Fit.OTHER),
        (("男性",), ("女性",), Fit.NEAR),
        (("男性",), (), Fit.SAME),
        (("孕妇",), ("男性",), Fit.UNSAID),
        (("肾病",), ("痛风",), Fit.UNSAID),
        ((), ("痛风",), Fit.SAME),
        (("青少年",), ("成人",), Fit.NEAR),
        (("老人",), ("成人",), Fit.NEAR),
        (("胃溃疡", "心脏病"), ("高血压", "心脏病"), Fit.NEAR),
        (("备孕",), (), Fit.UNSAID),
        (("成人",), ("儿童",), Fit.OTHER),
        (("成人",), ("孕妇",), Fit.PRESUMED),
        (("儿童", "哺乳期"), ("哺乳期",), Fit.SAME),
        (("肾病", "痛风"), ("痛风",), Fit.SAME),
        (("青少年",), ("儿童",), Fit.NEAR),
        (("儿童",), ("青少年",), Fit.NEAR),
        (("儿童",), ("儿童", "青少年"), Fit.SAME),
        (("青少年",), ("婴儿",), Fit.OTHER),
        (("老人",), ("儿童",), Fit.OTHER),
        (("孕妇",), ("成人",), Fit.UNSAID),
        (("孕妇",), ("儿童",), Fit.OTHER),
        (("哺乳期", "女性", "肝病"), ("孕妇", "哺乳期", "肝病"), Fit.SAME),  # one group more is nothing foreign
    ],
)
def test_how_an_audience_fits(asker: tuple[str, ...], audience: tuple[str, ...], expected: Fit) -> None:
    assert fit(asker, audience) is expected


def test_contrast_pairs_the_right_record_fits_better() -> None:
    """On the half that the vocabulary was not written with; 61 of 72 when this was written, 1 worse."""
    order = {found: number for number, found in enumerate(Fit)}
    better = worse = 0
    for pair in read_set("contrast_pairs"):
        if half_of(pair["question"]) == FITS:
            continue
        asker = asked_for(pair["question"])
        right, wrong = (order[fit(asker, addressed(record(pair[side]["question"], pair[side]["answer"])))] for side in ("right", "wrong"))
        better += right < wrong
        worse += right > wrong
    assert better >= 58
    assert worse <= 3


@given(st.text(max_size=300))
def test_any_text_has_groups_of_the_vocabulary_in_its_order(text: str) -> None:
    groups = asked_for(text)
    order = list(vocabulary().dimension)
    assert list(groups) == sorted(set(groups), key=order.index)
