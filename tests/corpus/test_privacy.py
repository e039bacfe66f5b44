from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.importer import ImportReport, import_records
from corpus.privacy import mask, mask_record
from corpus.record import content_id, make_record


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
        ("身份证110105-19900307-8817。", "身份证[证件号]。"),
        ("我的微信号是：zhangsan88", "我的微信号是：[微信号]"),
        ("微信号为：zhangsan88，微信「zhangsan88」", "微信号为：[微信号]，微信「[微信号]」"),
        ("微信（zhangsan88），微信号是zhangsan88", "微信（[微信号]），微信号是[微信号]"),
        ("加微zhangsan123聊", "加微[微信号]聊"),
        ("加V：zhangsan88，加v13800138000，加V zhangsan88，加v信zhangsan88", "加V：[微信号]，加v[微信号]，加V [微信号]，加v信[微信号]"),
        ("我的QQ号是：123456789", "我的QQ号是：[QQ号]"),
        ("电话 138 0013 8000 单位在城东，联系方式：13800138000 iu", "电话 [手机号] 单位在城东，联系方式：[手机号] iu"),
        ("查了HCG，158 1230 4560是我的号", "查了HCG，[手机号]是我的号"),
        ("电话：20230115", "电话：[座机]"),
        ("病人姓名：李四，孩子姓名是王五", "病人姓名：[姓名]，孩子姓名是[姓名]"),
        ("患者姓名 张三 性别 男", "患者姓名 [姓名] 性别 男"),
        ("我叫李娜想咨询一下", "我叫[姓名]想咨询一下"),
        ("加vzhangsan88，加vabc12345", "加v[微信号]，加v[微信号]"),
        ("铁蛋白结果13812345678，白细胞13812345678", "铁蛋白结果[手机号]，白细胞[手机号]"),
        ("我叫李胜男，我叫王小明请问", "我叫[姓名]，我叫[姓名]请问"),
        ("患者张三，男，45岁，因咳嗽来诊", "患者[姓名]，男，45岁，因咳嗽来诊"),
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
        "可以加Venlafaxine 75mg，加Vancomycin、加Voriconazole、加Valproate或加VitaminD3",
        "HBVDNA：15600000000 IU/ml，HBV-DNA 13800000000copies/ml，病毒13800000000拷贝",
        "乙肝DNA定量：15600000000",
        "HCG分别是158 1230 4560",
        "血小板：135 158 1230 4560",
        "HCG值 138-1230-4560",
        "电话20230115随访，电话 20231231 随访",
        "本人全身痒，男，30岁",
        "患者全身冷，女，30岁。本人江苏人，男，40岁。患者时年45岁",
        "患者孙女，10岁。患者司机，男，45岁。患者高热，男。患者，男，45岁",
        "姓名 单位 电话",
        "医生姓名：李四",
        "我叫高血压害了",
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


def test_every_field_that_askers_may_have_written_in_is_masked() -> None:
    raw = {
        "id": "q-13800138000",
        "question": "咳嗽",
        "answer": "多喝水。",
        "doctor": "李四",
        "hospital": "示例市第二医院",
        "department": "呼吸科13800138000",
        "disease": "咳嗽，微信号是：zhangsan88",
        "notice": "联系13800138000",
        "url": "https://example.com/ask?a=1&tel=%2B8613800138000",
    }
    record, counts = mask_record(make_record(raw, default_source="s"))
    assert record.id == content_id("answer", "咳嗽", "多喝水。", "李四", "示例市第二医院")
    assert (record.doctor, record.hospital) == ("李四", "示例市第二医院")
    assert (record.department, record.disease, record.notice) == ("呼吸科[手机号]", "咳嗽，微信号是：[微信号]", "联系[手机号]")
    assert record.url is None
    assert counts == Counter({"手机号": 4, "微信号": 1})
    assert mask_record(record) == (record, Counter())


def test_a_record_without_such_things_stays_as_it_is() -> None:
    raw = {
        "id": "q-1",
        "question": "咳嗽",
        "answer": "多喝水。",
        "department": "呼吸科",
        "url": "https://example.com/2023/0115/a-20230115.htm",
    }
    record = make_record(raw, default_source="s")
    assert mask_record(record) == (record, Counter())


def test_a_hash_that_looks_like_a_number_is_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.privacy.content_id", lambda *_: "13800138000abcde")
    record = make_record({"id": "13800138000abcde", "question": "咳嗽", "answer": "多喝水。"}, default_source="s")
    assert mask_record(record) == (record, Counter())
