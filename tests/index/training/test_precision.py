"""In which number type a run multiplies: bfloat16 only where the processor does."""

from __future__ import annotations

import pytest
import torch

from index.training.precision import autocast_type


@pytest.mark.parametrize(
    ("able", "expected"),
    [
        ({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, None),
        # AVX-512 by itself multiplies no bfloat16.
        ({"avx512_f": True, "avx512_bf16": False}, None),
        ({"avx512_f": True, "avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": True}, torch.bfloat16),
        ({"neon": True, "bf16": True}, torch.bfloat16),
        ({"neon": True}, None),
    ],
)
def test_by_what_the_processor_can_do(monkeypatch: pytest.MonkeyPatch, able: dict[str, bool], expected: torch.dtype | None) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: able)
    assert autocast_type(torch.device("cpu")) is expected


@pytest.mark.parametrize(("emulated", "expected"), [(False, torch.bfloat16), (True, None)])
def test_an_old_gpu_emulates_it_too(monkeypatch: pytest.MonkeyPatch, emulated: bool, expected: torch.dtype | None) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or not emulated)
    assert autocast_type(torch.device("cuda")) is expected
