from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.importer import ImportReport, import_records
from corpus.privacy import mask


# Numbers are made up: valid in shape, of nobody.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的手机13800138000，请回电", "我的手机[手机号]，请回电"),
        ("电话：+86 138-0013-8000。", "电话：[手机号]。"),
        ("请打 138 0013 8000 找我", "请打 [手机号] 找我"),
        ("电话8613800138000", "电话[手机号]"),
        ("联系13800138000或15912345678", "联系[手机号]或[手机号]"),
        ("家里电话010-62345678", "家里电话[座机]"),
        ("座机(0755)26123456转801", "座机[座机]"),
        ("打02161234567", "打[座机]"),
        ("电话：6234 5678", "电话：[座机]"),
        ("身份证110105199003078817", "身份证[证件号]"),
        ("身份证号 11010519900307881X，", "身份证号 [证件号]，"),
        ("身份证号：110105900307881", "身份证号：[证件号]"),
        ("发到zhang.san+1@mail.example.com.cn吧", "发到[邮箱]吧"),
        ("微信zhangsan_1988", "微信[微信号]"),
        ("微信号：abcdefg1", "微信号：[微信号]"),
        ("加我VX 13800138000", "加我VX [微信号]"),
        ("微信同号13800138000", "微信同号[手机号]"),
        ("我的QQ是123456789", "我的QQ是[QQ号]"),
        ("扣扣号：88888", "扣扣号：[QQ号]"),
        ("QQ邮箱123456789@qq.com", "QQ邮箱[邮箱]"),
        ("医生您好，我叫王小明，今年30岁", "医生您好，我叫[姓名]，今年30岁"),
        ("我叫欧阳明 男 45岁", "我叫[姓名] 男 45岁"),
        ("我叫李雷", "我叫[姓名]"),
        ("我的名字是张三，我头痛", "我的名字是[姓名]，我头痛"),
        ("姓名：赵六 性别：男", "姓名：[姓名] 性别：男"),
        ("本人陈晓东，男，35岁，咳嗽", "本人[姓名]，男，35岁，咳嗽"),
    ],
)
def test_what_is_masked(text: str, expected: str) -> None:
    assert mask(text).text == expected
    assert mask(expected).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "马上打120，不要等。报警110，火警119，心理援助12356，卫生热线12320，市民热线12345",
        "拨打400-820-8820咨询",
        "血压138/90mmHg，心率135次/分，血糖13.8mmol/L",
        "白细胞13800000000/L",
        "血小板 135 1200 5600 单位",
        "口服阿莫西林0.5g，每日3次，共1500mg；每次13800单位",
        "2023-01-15复查，20230115住院，2026年2月28日出院",
        "HBV-DNA 1.38×10⁹，滴度1:1380，编号A13800138000",
        "国药准字Z20050467，批号20230115138001380",
        "比值3.13800138000",
        "条码6901234567892138",
        "身高175 体重62 腰围0755",
        "加我微信，关注微信公众号，微信支付100元，微信群里的人说",
        "QQ群里说的，QQ糖5颗",
        "我叫了救护车，医生叫我复查，孩子叫王老师",
        "本人高血压，男，50岁",
        "本人白癜风，今年30岁",
        "本人常失眠，女，40岁",
        "本人司机，男，45岁",
        "本人农民，50岁",
        "本人女，35岁。本人平时血压高，于去年查出，从小怕冷",
        "邮箱没有写，用@提醒我，3@4",
        "身份证110105199013078817的月份不对",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text).text == text
    assert not mask(text).counts


@given(st.text(alphabet="0123456789-+() .,@aqQxX微信电话我叫王本人，男[]机号", max_size=60))
@settings(deadline=None, max_examples=150)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once.text).text == once.text
    assert bool(once.counts) == (once.text != text)


def test_the_importer_masks_and_reports_and_the_report_quotes_nothing(tmp_path: Path) -> None:
    corpus = tmp_path / "c.jsonl"
    rows = [
        {
            "id": "a",
            "question": "我叫王小明，手机１３８００１３８０００，咳嗽",
            "answer": "多喝水。有事打13800138000或120。",
            "doctor": "李四",
        },
        {"id": "b", "question": "头痛", "answer": "休息。"},
        {"id": "13800138000", "question": "只有问题", "answer": ""},
    ]
    corpus.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    events: list[dict] = []
    report = ImportReport(listener=events.append)
    records = list(import_records([corpus], report, mask_personal=True))
    assert [record.question for record in records] == ["我叫[姓名]，手机[手机号]，咳嗽", "头痛"]
    assert records[0].answer == "多喝水。有事打[手机号]或120。"
    assert records[0].doctor == "李四"
    assert report.masked == Counter({"手机号": 2, "姓名": 1})
    assert report.masked_records == 1
    assert "已隐去个人信息：手机号 2，姓名 1（在 1 条记录里）" in report.summary()
    assert "13800138000" not in json.dumps(events)
    assert next(event for event in events if event["what"] == "masked") == {
        "what": "masked",
        "id": "a",
        "counts": {"姓名": 1, "手机号": 2},
    }
