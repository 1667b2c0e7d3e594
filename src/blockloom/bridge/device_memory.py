"""What a device is called, how much memory it has, and whether an error says that it ran out."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

import torch


@dataclass(frozen=True, slots=True)
class DeviceMemory:
    """Bytes of a device's memory; 0 where the system does not tell."""

    total: int
    free: int


def use_device(name: str) -> None:
    """Make an accelerator the one that code without a device of its own gets."""
    device = torch.device(name)
    if device.type in ("cuda", "xpu"):
        getattr(torch, device.type).set_device(device)


def device_name(name: str) -> str:
    """What people call a device: the name of the card, or of the processor."""
    device = torch.device(name)
    if device.type in ("cuda", "xpu"):
        return str(getattr(torch, device.type).get_device_name(device))
    if device.type == "mps":
        return "Apple GPU"
    return platform.processor() or platform.machine() or "CPU"


def device_memory(name: str) -> DeviceMemory:
    """The memory of a device now; what it shares with the system counts as the system's."""
    device = torch.device(name)
    if device.type in ("cuda", "xpu"):
        free, total = getattr(torch, device.type).mem_get_info(device)
        return DeviceMemory(int(total), int(free))
    return _system_memory()


def default_model_budget(name: str) -> int | None:
    """How many bytes of models may stay loaded on a device where nobody said; None for any.

    The rest of a card is for what the models make; main memory is other programs' too.
    """
    total = device_memory(name).total
    share = 0.5 if torch.device(name).type in ("cpu", "mps") else 0.8
    return int(total * share) or None


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that memory ran out."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (MemoryError, torch.OutOfMemoryError)):
            return True
        if isinstance(seen, RuntimeError) and any(words in str(seen) for words in _WORDS):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


# torch has no class of its own for these.
_WORDS = ("can't allocate memory", "not enough memory", "backend out of memory")


def _system_memory() -> DeviceMemory:
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total = page * os.sysconf("SC_PHYS_PAGES")
        free = page * os.sysconf("SC_AVPHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return DeviceMemory(0, 0)
    return DeviceMemory(total, _available() or free)


def _available() -> int:
    """What Linux would give a program: free memory, and caches it can drop."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    for line in lines:
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return 0
