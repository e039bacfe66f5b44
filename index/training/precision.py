"""The number type of a training run's matrix products, by what the machine computes in."""

from __future__ import annotations

import torch

#: torch's names for what multiplies bfloat16: two of x86, the last of Arm.
_BFLOAT16 = ("avx512_bf16", "amx_bf16", "bf16")


def autocast_type(device: torch.device) -> torch.dtype | None:
    """bfloat16 where the device multiplies it faster than float32, else None: no autocast.

    A processor without such instructions emulates them: one with AVX2 only took 40 times as long for a product of 512 by 512.
    """
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else None
    if device.type != "cpu":
        return None
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if any(able.get(name) for name in _BFLOAT16) else None


def autocast(device: torch.device, fast: torch.dtype | None) -> torch.autocast:
    """Matrix products in `fast` while the block runs; as they are for None."""
    return torch.autocast(device.type, dtype=fast, enabled=fast is not None)
