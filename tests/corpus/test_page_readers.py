from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corpus import readers
from corpus.clean import clean_text
from corpus.readers import Doubt, Rejection, Source
from corpus.readers.credentials import Credentials, parse_credentials
from corpus.record import DoctorAnswer
from tests import pages

SEED = Path(__file__).parents[3] / "shared" / "seed" / "muscle_cramp_page.txt"


def read(path: Path) -> tuple[list[DoctorAnswer], list[Rejection]]:
    items = list(readers.read(Source(path)))
    return [item for item in items if isinstance(item, DoctorAnswer)], [item for item in items if isinstance(item, Rejection)]


def write(folder: Path, text: str, name: str = "page", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def check_page(records: list[DoctorAnswer]) -> None:
    article, disease, *answers = records
    assert (article.kind, article.question, article.published, article.views) == ("article", pages.TITLE, date(2025, 11, 3), 12_000)
    assert article.answer == clean_text("\n".join(pages.BODY))
    assert not article.truncated
    assert (disease.kind, disease.question, disease.answer) == ("disease", "呃逆", pages.DEFINITION)
    assert {record.disease for record in records} == {"呃逆"}
    assert {record.source for record in records} == {"示例医典"}
    found = [(a.question, a.doctor, a.doctor_title, a.hospital, a.hospital_tier, a.answer) for a in answers]
    assert found == [(b.question.replace("?", "?"), b.doctor, b.title, b.hospital, b.tier, b.answer) for b in pages.BLOCKS]
    assert [answer.truncated for answer in answers] == pages.TRUNCATED
    assert {answer.kind for answer in answers} == {"answer"}


def test_text_page_gives_article_disease_and_every_answer(tmp_path: Path) -> None:
    records, rejections = read(write(tmp_path, pages.as_text()))
    check_page(records)
    assert not rejections


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_text_page_in_other_encodings(tmp_path: Path, encoding: str, line_end: str) -> None:
    records, rejections = read(write(tmp_path, pages.as_text().replace("\n", line_end), encoding=encoding))
    check_page(records)
    assert not rejections


@pytest.mark.parametrize("markup", pages.MARKUPS)
def test_any_markup_of_the_page_gives_the_same_records(tmp_path: Path, markup: str) -> None:
    records, rejections = read(write(tmp_path, pages.MARKUPS[markup]()))
    check_page(records)
    assert not rejections


def test_an_answers_own_date_and_views_are_its_own_and_buttons_are_nothing(tmp_path: Path) -> None:
    text = pages.as_text()
    for number, block in enumerate(pages.BLOCKS, start=1):
        text = text.replace(block.answer, f"{block.answer}\n分享给朋友 {number}\n发布于 2024-05-0{number}\n{number}00次浏览")
    records, rejections = read(write(tmp_path, text))
    answers = [record for record in records if record.kind == "answer"]
    assert [(a.published, a.views) for a in answers] == [(date(2024, 5, number), number * 100) for number in (1, 2, 3)]
    assert [answer.answer for answer in answers] == [block.answer for block in pages.BLOCKS]
    assert (records[0].kind, records[0].published) == ("article", date(2025, 11, 3))
    assert not rejections


def test_doses_list_items_and_powers_of_ten_are_never_furniture(tmp_path: Path) -> None:
    endings = ["口服一种药。\n每天3次。", "换一种药。\n每天2次", "步骤：\n视频\n好了。", "可以这样做：\n1. 多喝水\n2. 少吃盐\n3. 多运动"]
    blocks = [f"问题{n}怎么办\n王某 主任医师\n某市医院 三甲\n{ending}" for n, ending in enumerate(endings)]
    records, rejections = read(write(tmp_path, "\n".join(blocks)))
    assert [record.answer for record in records] == endings
    assert not rejections
    html = "<p>血象怎么看</p><p>王某 主任医师</p><p>某市医院 三甲</p><p>正常是100×10<sup>9</sup>/L。</p>"
    for exponent in ("<sup>9</sup>", "<sup> 9 </sup>", "<sup><span>9</span></sup>", "<sup><b> <i>9</i></b>\n</sup>"):
        written = html.replace("<sup>9</sup>", exponent)
        assert read(write(tmp_path, written))[0][0].answer == "正常是100×10⁹/L。"
    note = html.replace("<sup>9</sup>/L。", "<sup>9</sup>/L<sup>[<a>注</a>]</sup>，钙<sup>2<b>+</b></sup>另查。")
    assert read(write(tmp_path, note))[0][0].answer == "正常是100×10⁹/L[注]，钙²⁺另查。"


@pytest.mark.parametrize("tag", ["del", "s", "strike"])
def test_what_is_struck_out_is_not_said(tmp_path: Path, tag: str) -> None:
    html = f"<p>咳嗽吃什么</p><p>王某 主任医师</p><p>某市医院 三甲</p><p>每天<{tag}>三次</{tag}>两次，<ins>饭后</ins>服。</p>"
    assert read(write(tmp_path, html))[0][0].answer == "每天两次，饭后服。"


def test_html_gives_the_address_of_the_page(tmp_path: Path) -> None:
    records, _ = read(write(tmp_path, pages.as_cards()))
    assert {record.url for record in records} == {"https://example.com/hiccup"}


def test_html_in_gb2312_as_its_meta_tag_says(tmp_path: Path) -> None:
    html = pages.as_cards().replace("charset='utf-8'", "charset=gb2312").replace("·", "").replace("阿依古丽买买提", "示例丙")
    records, _ = read(write(tmp_path, html, encoding="gb18030"))
    assert [record.doctor for record in records if record.kind == "answer"] == ["示例甲", "示例乙", "示例丙"]


@pytest.mark.skipif(not SEED.exists(), reason="the shared seed page is not on this machine")
def test_the_seed_page() -> None:
    records, rejections = read(SEED)
    assert [record.kind for record in records] == ["article", "disease"] + ["answer"] * 16
    assert sum(record.truncated for record in records) == 9
    assert len({(record.doctor, record.hospital) for record in records if record.kind == "answer"}) == 12
    assert records[0].views == 9039
    assert not rejections


def test_every_prefix_of_a_page_keeps_the_blocks_that_are_whole(tmp_path: Path) -> None:
    """A page that was cut in half at any line: what is whole is kept, nothing runs into something else."""
    lines = pages.as_text().split("\n")
    whole_answers = {block.answer for block in pages.BLOCKS}
    for cut in range(1, len(lines) + 1):
        prefix = "\n".join(lines[:cut])
        records, _ = read(write(tmp_path, prefix))
        answers = {record.answer for record in records if record.kind == "answer"}
        assert answers <= whole_answers
        assert {answer for answer in whole_answers if answer in prefix} == answers


def test_a_question_nobody_answers_is_reported(tmp_path: Path) -> None:
    _, rejections = read(write(tmp_path, pages.as_text().replace("免费咨询", "打嗝能不能做胃镜\n")))
    assert [rejection.excerpt for rejection in rejections] == ["打嗝能不能做胃镜"]
    assert rejections[0].line is not None


def test_a_block_without_an_answer_is_reported_and_the_others_stay(tmp_path: Path) -> None:
    block = pages.BLOCKS[1]
    records, rejections = read(write(tmp_path, pages.as_text().replace(block.answer + "\n", "")))
    assert [record.doctor for record in records if record.kind == "answer"] == ["示例甲", "阿依古丽·买买提"]
    assert len(rejections) == 1
    assert "回答为空" in rejections[0].reason


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["王某 主任医师", "某市医院 三甲"], Credentials(2, "王某", "主任医师", "某市医院", "三甲")),
        (["王某副主任医师", "某市医院三级甲等"], Credentials(2, "王某", "副主任医师", "某市医院", "三级甲等")),
        (["王某", "主治医师", "某市医院", "二甲", "正文"], Credentials(4, "王某", "主治医师", "某市医院", "二甲")),
        (["王某 主任医师 教授", "某大学附属医院(东院) 三甲"], Credentials(2, "王某", "主任医师 教授", "某大学附属医院(东院)", "三甲")),
        (["王某 副主任医师 某市医院 三甲 骨科"], Credentials(1, "王某", "副主任医师", "某市医院", "三甲", "骨科")),
        (["王某医生 骨科 主任医师 已认证", "某市医院（三甲）"], Credentials(2, "王某", "主任医师", "某市医院", "三甲", "骨科")),
        (["王某 全科医生", "某市医院 三甲"], Credentials(2, "王某", "全科医生", "某市医院", "三甲")),
        (["王某 主任医师、教授、博士生导师", "某市医院 三甲"], Credentials(2, "王某", "主任医师 教授 博士生导师", "某市医院", "三甲")),
        (["王某 · 主任医师", "三甲 某市医院"], Credentials(2, "王某", "主任医师", "某市医院", "三甲")),
        (["阿卜杜拉·买买提 副主任中医师", "某县中医院 二甲"], Credentials(2, "阿卜杜拉·买买提", "副主任中医师", "某县中医院", "二甲")),
        (["阿卜杜拉•买买提 主任医师", "某市医院 三甲医院"], Credentials(2, "阿卜杜拉·买买提", "主任医师", "某市医院", "三甲")),
        (["马 强 主任医师（教授）", "某市医院 公立三甲"], Credentials(2, "马强", "主任医师（教授）", "某市医院", "三甲")),
        (["王𠮷 副主任医师", "某市医院 海淀院区 三甲"], Credentials(2, "王𠮷", "副主任医师", "某市医院 海淀院区", "三甲")),
        (["〇明 内科主治医师", "同仁堂中医馆 民营"], Credentials(2, "〇明", "内科主治医师", "同仁堂中医馆", "民营")),
        (["David Smith 主任医师", "Raffles Medical 三甲"], Credentials(2, "David Smith", "主任医师", "Raffles Medical", "三甲")),
        (["王某 院长", "某省妇幼保健所 未定级"], Credentials(2, "王某", "院长", "某省妇幼保健所", "未定级")),
        (["王某 健康管理师", "某镇卫生服务站 社区"], Credentials(2, "王某", "健康管理师", "某镇卫生服务站", "社区")),
        (["王某 主任医师", "免费咨询", "某市医院 三甲"], Credentials(3, "王某", "主任医师", "某市医院", "三甲")),
        (["某市医院 三甲", "王某 主任医师"], Credentials(2, "王某", "主任医师", "某市医院", "三甲")),
        (["李四（主任医师）", "北京协和医院（三甲）"], Credentials(2, "李四", "主任医师", "北京协和医院", "三甲")),
        (["李四(主任医师、教授)北京协和医院(三甲)"], Credentials(1, "李四", "主任医师 教授", "北京协和医院", "三甲")),
        (["李四 院长（主任医师）", "某市医院 三甲"], Credentials(2, "李四", "院长（主任医师）", "某市医院", "三甲")),
        (["李四 主任医师 从业20年", "某市医院 三甲 好评率 99.5%"], Credentials(2, "李四", "主任医师", "某市医院", "三甲")),
        (["李四 主任医师", "从医 8 年", "某市医院 三甲"], Credentials(3, "李四", "主任医师", "某市医院", "三甲")),
        (["主任医师 李四", "某市医院 三甲"], Credentials(2, "李四", "主任医师", "某市医院", "三甲")),
        (["主任医师 教授 李四", "某市医院"], Credentials(2, "李四", "主任医师 教授", "某市医院")),
        (["李四 主任医师", "所在医院：某市医院 三甲"], Credentials(2, "李四", "主任医师", "某市医院", "三甲")),
        (["李四 主任医师", "执业医院: 某市医院"], Credentials(2, "李四", "主任医师", "某市医院")),
        (["李四 主任医师 2023-05-01"], Credentials(1, "李四", "主任医师", published=date(2023, 5, 1))),
        (
            ["李四 主任医师", "华山医院 三甲 2023/5/1 10:20"],
            Credentials(2, "李四", "主任医师", "华山医院", "三甲", published=date(2023, 5, 1)),
        ),
        # A day in a line of its own is told elsewhere, and is none of the credentials.
        (["李四 主任医师", "华山医院 三甲", "2023-05-01"], Credentials(2, "李四", "主任医师", "华山医院", "三甲")),
    ],
)
def test_credentials(lines: list[str], expected: Credentials) -> None:
    assert parse_credentials(lines) == expected


@pytest.mark.parametrize(
    "line",
    [
        "建议到三甲医院找主任医师看看。",
        "请去医院",
        "血压高怎么办",
        "由主任医师为你解答，建议尽早到医院就诊",
        "某市医院",
        "主任医师",
        "肌肉痉挛 三甲",
        "建议到某市医院 三甲",
        "请找主任医师",
        "王某 院长",
        "口服 布洛芬",
        "主任医师 李四",
        "主任医师 心内科",
        "从业20年",
        "2023-05-01",
    ],
)
def test_sentences_are_no_credentials(line: str) -> None:
    assert parse_credentials([line, "后面是别的话，讲的是病情。"]) is None


def page_of(*blocks: tuple[str, str, str]) -> str:
    """Question, credentials and answer of each block, a line each."""
    return "\n".join("\n".join(block) for block in blocks)


WHO = "王某 主任医师\n某市医院 三甲"
FIRST = ("咳嗽怎么办?", WHO, "多喝水，三天不好去看医生。")
LAST = ("失眠怎么调理", WHO.replace("王某", "赵某"), "睡前不看手机。")


@pytest.mark.parametrize(
    ("who", "doctor", "title", "hospital", "tier"),
    [
        ("李某 院长\n某市医院 三甲", "李某", "院长", "某市医院", "三甲"),
        ("李某 首席体验官\n某市医院 三甲", "李某", "首席体验官", "某市医院", "三甲"),
        ("李某 专家\n某县中医馆 民营", "李某", "专家", "某县中医馆", "民营"),
        ("李(小)某 主任医师\n某市医院 三甲", "李(小)某", "主任医师", "某市医院", "三甲"),
        ("李某 主任医师\n江北总队 三甲", "李某", "主任医师", "江北总队", "三甲"),
        ("李某 主任医师\n某市医院 新等级", "李某", "主任医师", "某市医院", "新等级"),
    ],
)
def test_a_block_with_words_we_do_not_know_is_told_by_its_place(
    tmp_path: Path, who: str, doctor: str, title: str, hospital: str, tier: str
) -> None:
    middle = ("胃痛吃什么药", who, "先做胃镜，再用药。")
    records, rejections = read(write(tmp_path, page_of(FIRST, middle, LAST)))
    assert [(record.question, record.answer) for record in records] == [(block[0], block[2]) for block in (FIRST, middle, LAST)]
    found = records[1]
    assert (found.doctor, found.doctor_title, found.hospital, found.hospital_tier) == (doctor, title, hospital, tier)
    assert not rejections


def test_a_hospital_of_unknown_name_without_a_tier_is_told_by_the_other_blocks(tmp_path: Path) -> None:
    middle = ("胃痛吃什么药", "李某 主任医师\n江北总队", "先做胃镜，再用药。")
    records, _ = read(write(tmp_path, page_of(FIRST, middle, LAST)))
    assert [(record.hospital, record.answer) for record in records][1] == ("江北总队", "先做胃镜，再用药。")
    short = ("能吃西瓜吗", "李某 主任医师", "可以")
    records, _ = read(write(tmp_path, page_of(FIRST, short, LAST)))
    assert [(record.hospital, record.answer) for record in records][1] == (None, "可以")


@pytest.mark.parametrize(
    "answer",
    [
        "建议到某大医院 三甲\n找主任医师就诊。",
        "请找主任医师\n看一下。",
        "推荐专家:\n李四 主任医师\n某大医院 三甲\n可以去看。",
        "心血管内科",
        "骨科\n去骨科看看。",
        "先测血压。\n祝早日康复。\n李四 主任医师\n某大医院 三甲",
        "可以去三甲医院找张三 主任医师 看看。",
    ],
)
def test_credentials_that_an_answer_quotes_begin_no_block(tmp_path: Path, answer: str) -> None:
    middle = ("头晕怎么办", WHO.replace("王某", "钱某"), answer)
    records, rejections = read(write(tmp_path, page_of(FIRST, middle, LAST)))
    assert [(record.question, record.doctor, record.answer) for record in records] == [
        (FIRST[0], "王某", FIRST[2]),
        ("头晕怎么办", "钱某", answer),
        (LAST[0], "赵某", LAST[2]),
    ]
    assert not rejections


def test_credentials_that_stay_in_an_answer_are_pointed_out(tmp_path: Path) -> None:
    middle = ("头晕怎么办", WHO, "推荐专家:\n李四 主任医师\n某大医院 三甲\n可以去看。")
    items = list(readers.read(Source(write(tmp_path, page_of(FIRST, middle, LAST)))))
    assert [(item.line, item.excerpt) for item in items if isinstance(item, Doubt)] == [(9, "李四 主任医师"), (10, "某大医院 三甲")]
    assert not [item for item in readers.read(Source(write(tmp_path, page_of(FIRST, LAST)))) if isinstance(item, Doubt)]


def test_a_block_that_is_not_told_is_pointed_out(tmp_path: Path) -> None:
    for who, lines in (("李某 院长", [6]), ("李某 体验官\n江北总队 新级", [6])):
        middle = ("失眠怎么调理", who, "早睡早起，注意身体。")
        items = list(readers.read(Source(write(tmp_path, page_of(FIRST, middle, LAST)))))
        assert [item.line for item in items if isinstance(item, Doubt)] == lines


@pytest.mark.parametrize(
    "ending",
    [
        "服药期间不能喝酒\n孕妇禁用",
        "孕妇禁用",
        "忌辛辣",
        "应及时就医",
        "一周后复查血常规",
        "饭后半小时服",
        "别吃海鲜",
    ],
)
def test_a_warning_at_the_end_of_the_last_answer_stays(tmp_path: Path, ending: str) -> None:
    answer = f"可以口服头孢呋辛酯。\n{ending}"
    items = list(readers.read(Source(write(tmp_path, page_of(FIRST, ("胃痛吃什么药", WHO, answer))))))
    assert [item.answer for item in items if isinstance(item, DoctorAnswer)] == [FIRST[2], answer]
    assert not [item for item in items if not isinstance(item, DoctorAnswer)]


def test_links_under_the_last_answer_are_taken_off_and_told(tmp_path: Path) -> None:
    links = "慢性胃炎的护理\n胃炎和胃溃疡的区别\n尿失禁的护理\n药物反应介绍"
    items = list(readers.read(Source(write(tmp_path, page_of(FIRST, ("胃痛吃什么药", WHO, f"先做胃镜。\n孕妇禁用\n{links}"))))))
    assert [item.answer for item in items if isinstance(item, DoctorAnswer)] == [FIRST[2], "先做胃镜。\n孕妇禁用"]
    (doubt,) = [item for item in items if not isinstance(item, DoctorAnswer)]
    assert isinstance(doubt, Doubt)
    assert (doubt.line, doubt.excerpt[:7]) == (10, "慢性胃炎的护理")
    assert "4 行" in doubt.reason
    # A question there is one that nobody answers, also where it asks whether one may (能不能).
    asked = page_of(FIRST, ("胃痛吃什么药", WHO, "先做胃镜。\n胃炎能不能吃头孢"))
    records, (rejection,) = read(write(tmp_path, asked))
    assert (records[1].answer, rejection.excerpt) == ("先做胃镜。", "胃炎能不能吃头孢")


def test_a_day_among_the_credentials_is_the_answers(tmp_path: Path) -> None:
    middle = ("胃痛吃什么药", "李四 主任医师\n华山医院 三甲 2023-05-01", "先做胃镜。")
    records, _ = read(write(tmp_path, page_of(FIRST, middle, LAST)))
    assert [(record.hospital, record.hospital_tier, record.published) for record in records] == [
        ("某市医院", "三甲", None),
        ("华山医院", "三甲", date(2023, 5, 1)),
        ("某市医院", "三甲", None),
    ]


def test_credentials_that_became_a_question_are_pointed_out(tmp_path: Path) -> None:
    text = page_of(("李某 院长助理 主任医师", WHO, "多喝水。"), LAST)
    items = list(readers.read(Source(write(tmp_path, text))))
    assert not [item for item in items if isinstance(item, Doubt)]
    text = page_of(("主任医师 李某", WHO, "多喝水。"), LAST)
    (doubt,) = [item for item in readers.read(Source(write(tmp_path, text))) if isinstance(item, Doubt)]
    assert (doubt.line, doubt.excerpt) == (1, "主任医师 李某")
    assert "成了问题" in doubt.reason


def test_two_doctors_under_one_question(tmp_path: Path) -> None:
    second = f"{WHO.replace('王某', '李某')}\n也可以看看呼吸科。"
    records, rejections = read(write(tmp_path, f"{page_of(FIRST)}\n{second}\n{page_of(LAST)}"))
    assert [(record.question, record.doctor, record.answer) for record in records] == [
        (FIRST[0], "王某", FIRST[2]),
        (FIRST[0], "李某", "也可以看看呼吸科。"),
        (LAST[0], "赵某", LAST[2]),
    ]
    assert not rejections


def test_short_lines_under_a_doctors_own_question_are_no_credentials(tmp_path: Path) -> None:
    answer = "先看原因。那怎么吃药呢?\n布洛芬 缓释胶囊\n每天两次 饭后\n可以去 社区医院\n好了就停。"
    records, _ = read(write(tmp_path, page_of(("咳嗽怎么办?", WHO, answer), LAST)))
    assert [record.answer for record in records] == [answer, LAST[2]]


def test_lists_of_doctors_are_no_answers(tmp_path: Path) -> None:
    cards = "推荐医生\n孙某 主任医师\n某大医院 三甲\n擅长:高血压。\n周某 主任医师\n某大医院 三甲\n擅长:糖尿病。"
    for text in (page_of(FIRST, LAST) + "\n" + cards, cards + "\n" + page_of(FIRST, LAST)):
        records, _ = read(write(tmp_path, text))
        assert [(record.doctor, record.answer) for record in records if record.doctor in ("王某", "赵某")] == [
            ("王某", FIRST[2]),
            ("赵某", LAST[2]),
        ]
        assert not [record for record in records if "擅长" in record.answer + record.question]


def test_long_questions_and_descriptions_belong_to_their_own_block(tmp_path: Path) -> None:
    long = "我的孩子发烧三天了，吃了退烧药还是反复，精神也不太好，咳嗽有痰，请问这种情况该怎么处理比较合适。"
    described = "胃痛吃什么药?\n患者描述:我今年三十岁，饭后总是痛。"
    added = "胃痛要做胃镜吗?\n饭后痛了两个月，吃过奥美拉唑，好一阵坏一阵。"
    texts = [FIRST[0], long, described, added]
    records, _ = read(write(tmp_path, page_of(*((text, WHO, f"第{n}个回答。") for n, text in enumerate(texts)))))
    assert [(record.question, record.answer) for record in records] == [
        (text.replace("\n", " "), f"第{n}个回答。") for n, text in enumerate(texts)
    ]


def test_answers_without_questions_stay_whole(tmp_path: Path) -> None:
    answers = [f"这里没有问题，只有回答，写得长一些，超过四十个字，就不会被当成问题，这是其中的第{n}段，完了。" for n in range(3)]
    records, _ = read(write(tmp_path, "\n".join(f"{WHO}\n{answer}" for answer in answers)))
    assert [(record.question, record.answer) for record in records] == [("", answer) for answer in answers]


def test_several_pages_in_one_file(tmp_path: Path) -> None:
    texts = [pages.as_text()]
    for n in (2, 3):
        text = pages.as_text().replace(pages.TITLE, f"标题{n}").replace(f"\n{pages.DISEASE}\n", f"\n病{n}\n")
        for block in pages.BLOCKS:
            text = text.replace(block.question, f"{n}号{block.question}")
        texts.append(text)
    records, rejections = read(write(tmp_path, "\n".join(texts)))
    check_page(records[:5])
    for n, part in ((2, records[5:10]), (3, records[10:])):
        assert [record.kind for record in part] == ["article", "disease", "answer", "answer", "answer"]
        assert {record.disease for record in part} == {f"病{n}"}
        assert part[0].question == f"标题{n}"
        assert [record.answer for record in part[2:]] == [block.answer for block in pages.BLOCKS]
    assert not rejections


@pytest.mark.parametrize(
    ("top", "day", "views"),
    [
        ("发布于\n2025-11-03\n9039\n次浏览", date(2025, 11, 3), 9039),
        ("发布于 2025年11月\n1.2千次浏览", date(2025, 11, 1), 1200),
        ("发布于 2025-11-03\n10万+次浏览", date(2025, 11, 3), 100_000),
        ("作者:示例甲 发布于 2025-11-03\n1亿次浏览", date(2025, 11, 3), 100_000_000),
        ("作者：示例甲\n发布于 2025-11-03 3w阅读", date(2025, 11, 3), 30_000),
        ("2025-11-03\n9,039次浏览", date(2025, 11, 3), 9039),
        ("发布于 昨天\n5次浏览", None, 5),
    ],
)
def test_an_articles_date_and_views(tmp_path: Path, top: str, day: date | None, views: int) -> None:
    text = pages.as_text().replace(f"发布于  {pages.DATE}\n\n{pages.VIEWS}", top)
    (article, *_), _ = read(write(tmp_path, text))
    assert (article.kind, article.question, article.published, article.views) == ("article", pages.TITLE, day, views)
    assert article.answer == clean_text("\n".join(pages.BODY))


@pytest.mark.parametrize(
    ("ending", "truncated"),
    [
        ("完整~", False),
        ("完整。(见前)", False),
        ("完整。😊", False),
        ("他说“好。”", False),
        ("持续1~", True),
        ("可能是", True),
        ("可能是……", True),
    ],
)
def test_what_is_cut_off(tmp_path: Path, ending: str, truncated: bool) -> None:
    records, _ = read(write(tmp_path, page_of(FIRST, ("头晕呢", WHO, "先休息，" + ending), LAST)))
    assert records[1].truncated is truncated


def html_of(*blocks: str, top: str = "", bottom: str = "") -> str:
    return f"<html><body>{top}{''.join(blocks)}{bottom}</body></html>"


def card(number: int, question: str) -> str:
    return f"<div><span>{number}</span>{question}</div><div>王某 主任医师</div><a>免费咨询</a><div>某市医院 三甲</div><div>第{number}个回答。</div>"


def test_badges_buttons_open_menus_and_comments_in_html(tmp_path: Path) -> None:
    questions = ["咳嗽怎么办", "失眠怎么调理", "胃痛吃什么药"]
    cards = [card(number, question) for number, question in enumerate(questions, start=1)]
    html = html_of(*cards, top="<nav><a>首页</a>", bottom="<h3>网友评论(2)</h3><div>小王</div><div>说得真好。</div>")
    records, rejections = read(write(tmp_path, html))
    assert [(record.question, record.hospital, record.answer) for record in records] == [
        (question, "某市医院", f"第{number}个回答。") for number, question in enumerate(questions, start=1)
    ]
    assert not rejections


def test_ages_are_no_badges(tmp_path: Path) -> None:
    questions = [f"{age}岁发热怎么办" for age in (1, 2, 3)]
    records, _ = read(write(tmp_path, page_of(*((question, WHO, "看儿科。") for question in questions))))
    assert [record.question for record in records] == questions


def test_a_link_inside_the_definition_is_no_part_of_it(tmp_path: Path) -> None:
    html = pages.as_cards().replace(f"<div>{pages.DEFINITION}</div><a>了解详情</a>", f"<p>{pages.DEFINITION}<span>了解详情</span></p>")
    check_page(read(write(tmp_path, html))[0])


@pytest.mark.parametrize("line_end", ["\r", "\u2028", "\x0c"])
def test_other_line_ends(tmp_path: Path, line_end: str) -> None:
    check_page(read(write(tmp_path, pages.as_text().replace("\n", line_end)))[0])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("markup", [pages.as_text, pages.as_cards])
def test_utf_16_without_a_mark(tmp_path: Path, encoding: str, markup: Callable[[], str]) -> None:
    check_page(read(write(tmp_path, markup(), encoding=encoding))[0])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_file_cut_inside_a_character(tmp_path: Path, encoding: str) -> None:
    """At any of the last bytes: no replacement character gets into a record, and the answers that are whole stay whole."""
    text = pages.as_text()
    content = text.encode(encoding)
    start = len(text[: text.index(pages.BLOCKS[1].answer)].encode(encoding))
    whole = {block.answer for block in pages.BLOCKS}
    path = tmp_path / "page"
    for cut in range(start, len(content)):
        path.write_bytes(content[:cut])
        records, _ = read(path)
        assert not [record for record in records if "\ufffd" in record.question + record.answer]
        prefix = content[:cut].decode(encoding, "ignore")
        assert {record.answer for record in records} & whole == {answer for answer in whole if answer in prefix}


@pytest.mark.parametrize("first", ["问题", "提示", "标题，副题的说明", "问题,医生"])
def test_a_page_is_no_table_whatever_its_first_line_says(tmp_path: Path, first: str) -> None:
    records, _ = read(write(tmp_path, f"{first}\n\n{page_of(FIRST, LAST)}"))
    assert [(record.question, record.answer) for record in records] == [(FIRST[0], FIRST[2]), (LAST[0], LAST[2])]


def test_a_broken_gzip_page_gives_what_can_be_read(tmp_path: Path) -> None:
    whole = gzip.compress(pages.as_text().encode())
    path = tmp_path / "page.gz"
    for content in (whole[:-4], whole[:-8] + b"\1" * 8):
        path.write_bytes(content)
        records, (rejection,) = read(path)
        check_page(records)
        assert "gzip" in rejection.reason


def table_of(*rows: str) -> str:
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


HEAD = "".join(f"<th>{name}</th>" for name in ("问题", "回答", "医生", "职称", "医院", "等级"))
COUGH = "<td>咳嗽怎么办</td><td>多喝水。<br>三天不好去看医生。</td><td>王某</td><td>主任医师</td><td>某市医院</td><td>三级甲等</td>"
SLEEP = "<td>失眠怎么调理</td><td>睡前不看手机。</td><td>赵某</td><td>副主任医师</td><td>某县医院</td><td>二甲</td>"


@pytest.mark.parametrize("above", ["", "<td colspan=6>医生问答导出</td>"])
def test_a_table_with_names_of_columns_is_read_as_one(tmp_path: Path, above: str) -> None:
    html = f"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><body>{table_of(above, HEAD, COUGH, SLEEP)}</body></html>"
    records, rejections = read(write(tmp_path, html, "export.xls"))
    assert [(r.question, r.answer, r.doctor, r.doctor_title, r.hospital, r.hospital_tier) for r in records] == [
        ("咳嗽怎么办", "多喝水。\n三天不好去看医生。", "王某", "主任医师", "某市医院", "三甲"),
        ("失眠怎么调理", "睡前不看手机。", "赵某", "副主任医师", "某县医院", "二甲"),
    ]
    assert not rejections


def test_a_cell_over_two_rows_stands_in_both(tmp_path: Path) -> None:
    first = COUGH.replace("<td>咳嗽怎么办", "<td rowspan=2>咳嗽怎么办")
    second = SLEEP.replace("<td>失眠怎么调理</td>", "")
    records, rejections = read(write(tmp_path, html_of(table_of(HEAD, first, second, SLEEP))))
    assert [(record.question, record.doctor) for record in records] == [
        ("咳嗽怎么办", "王某"),
        ("咳嗽怎么办", "赵某"),
        ("失眠怎么调理", "赵某"),
    ]
    assert not rejections


@pytest.mark.parametrize(
    ("names", "under", "doctors", "reasons"),
    [
        # Too few cells of its own to come up to the doctor's column.
        ("问题 回答 医生", "<td>头痛</td>", [("咳嗽", "王某"), ("失眠", "赵某"), ("腹痛", None)], ["回答为空"]),
        ("问题 回答 科室 医生", "<td>头痛</td><td>休息。</td>", [("咳嗽", "王某"), ("头痛", "王某"), ("失眠", "赵某"), ("腹痛", None)], []),
        # A wide cell lies over it.
        (
            "问题 回答 医生",
            "<td>头痛</td><td colspan=2>休息。</td>",
            [("咳嗽", "王某"), ("头痛", None), ("失眠", "赵某"), ("腹痛", None)],
            [],
        ),
    ],
)
def test_a_cell_over_two_rows_ends_with_the_second(
    tmp_path: Path, names: str, under: str, doctors: list[tuple[str, str | None]], reasons: list[str]
) -> None:
    department = "<td>内科</td>" if "科室" in names else ""
    table = table_of(
        "".join(f"<th>{name}</th>" for name in names.split()),
        f"<td>咳嗽</td><td>喝水。</td>{department}<td rowspan=2>王某</td>",
        under,
        f"<td>失眠</td><td>早睡。</td>{department}<td>赵某</td>",
        "<td>腹痛</td><td>热敷。</td>",
    )
    records, rejections = read(write(tmp_path, html_of(table)))
    assert [(record.question, record.doctor) for record in records] == doctors
    assert [rejection.reason for rejection in rejections] == reasons


def test_a_page_around_a_table_of_records_is_read_too(tmp_path: Path) -> None:
    block = "<p>胃痛吃什么药</p><p>李某 主任医师</p><p>某市医院 三甲</p><p>先做胃镜。</p>"
    records, _ = read(write(tmp_path, html_of(table_of(HEAD, COUGH), block)))
    assert [(record.question, record.doctor) for record in records] == [("咳嗽怎么办", "王某"), ("胃痛吃什么药", "李某")]


def test_tables_that_lay_out_a_page_are_no_tables(tmp_path: Path) -> None:
    menu = table_of("<td>问题</td><td>回答</td><td>医生</td>")
    blocks = table_of("<td>问</td><td>咳嗽怎么办</td>", "<td>王某 主任医师</td><td>某市医院 三甲</td>", "<td>答</td><td>多喝水。</td>")
    records, rejections = read(write(tmp_path, html_of(menu, blocks)))
    assert [(record.question, record.doctor, record.answer) for record in records] == [("咳嗽怎么办", "王某", "多喝水。")]
    assert not rejections
    empty, (rejection,) = read(write(tmp_path, html_of(menu)))
    assert not empty
    assert "只有表头" in rejection.reason
