"""Which device runs the models and in which number format: decided here and nowhere else."""

from __future__ import annotations

import torch

from blockloom.errors import UsageError

AUTO = "auto"
DTYPES: dict[str, torch.dtype] = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}


def choose_device(name: str = AUTO) -> torch.device:
    """The device of that name, or for "auto" the best there is: cuda, xpu, mps, then cpu.

    Accelerators come with their number (``cuda:0``), as tensors on them tell it.
    Raises UsageError for a name that means nothing, and for a device this machine lacks.
    """
    counts = _device_counts()
    if name in ("", AUTO):
        return _numbered(next(kind for kind, count in counts.items() if count))
    kind, _, number = name.strip().lower().partition(":")
    is_numbered = number.isdecimal()
    if kind not in counts or (name.count(":") and not is_numbered):
        raise UsageError(
            f'"{name}" is not a device.', remedy=f"Use auto, {', '.join(_available(counts))}."
        )
    if not counts[kind]:
        raise UsageError(
            f'This machine has no "{kind}" device that torch can use.',
            remedy=f"Use auto, {', '.join(_available(counts))}.",
        )
    if is_numbered and int(number) >= counts[kind]:
        raise UsageError(
            f'There is no device "{name}": this machine has {counts[kind]} of that kind.',
            remedy=f"Use auto, {', '.join(_available(counts))}.",
        )
    return _numbered(kind, int(number or 0))


def choose_dtype(name: str = AUTO, device: torch.device | None = None) -> torch.dtype:
    """The number format of that name, or for "auto" the one that suits ``device``.

    That is float32 on a CPU (float16 is slow or missing there), bfloat16 on cuda and xpu where the
    hardware has it, and float16 elsewhere.
    """
    if name not in ("", AUTO):
        if name not in DTYPES:
            raise UsageError(
                f'"{name}" is not a number format.', remedy=f"Use auto, {', '.join(DTYPES)}."
            )
        return DTYPES[name]
    kind = device.type if device is not None else choose_device().type
    if kind == "cpu":
        return torch.float32
    if kind == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if kind == "xpu":
        return torch.bfloat16 if torch.xpu.is_bf16_supported() else torch.float16
    return torch.float16


def dtype_name(dtype: torch.dtype) -> str:
    """The short name of a number format ("bfloat16")."""
    return str(dtype).removeprefix("torch.")


def _numbered(kind: str, number: int = 0) -> torch.device:
    return torch.device(kind) if kind == "cpu" else torch.device(kind, number)


def _device_counts() -> dict[str, int]:
    """How many devices of each kind there are, best kind first."""
    xpu = getattr(torch, "xpu", None)
    return {
        "cuda": torch.cuda.device_count() if torch.cuda.is_available() else 0,
        "xpu": xpu.device_count() if xpu is not None and xpu.is_available() else 0,
        "mps": 1 if torch.backends.mps.is_available() else 0,
        "cpu": 1,
    }


def _available(counts: dict[str, int]) -> list[str]:
    names: list[str] = []
    for kind, count in counts.items():
        if count:
            names.append(kind)
        if count > 1:
            names.extend(f"{kind}:{index}" for index in range(count))
    return names


def start_measuring_memory() -> None:
    """Begin anew with what :func:`peak_memory` measures."""
    if torch.cuda.is_initialized():
        torch.cuda.reset_peak_memory_stats()


def peak_memory() -> int:
    """The most bytes of GPU memory in use since then; 0 where torch does not count (so far: all
    but CUDA)."""
    return torch.cuda.max_memory_allocated() if torch.cuda.is_initialized() else 0
