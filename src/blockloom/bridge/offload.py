"""Models that live in main memory and visit the GPU while they work, by diffusers' own means."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import ComponentsManager

from blockloom.errors import UsageError

NONE, MODEL = "none", "model"
POLICIES = (NONE, MODEL)


class Offloader:
    """Wraps ``ComponentsManager.enable_auto_cpu_offload`` for one device.

    Each model moves to the device when it is called, and back when another one needs the room.
    Not measured: this needs a GPU.
    """

    def __init__(self, device: torch.device) -> None:
        self._manager = ComponentsManager()
        try:
            self._manager.enable_auto_cpu_offload(device)
        except (NotImplementedError, RuntimeError, AttributeError, ValueError) as error:
            raise UsageError(
                f'Models cannot be moved on and off "{device}": {str(error).rstrip(".")}.',
                remedy="Set offload to none.",
            ) from error

    def accepts(self, model: torch.nn.Module) -> bool:
        """Whether the model can say how much room it needs, which diffusers asks of it."""
        return hasattr(model, "get_memory_footprint")

    def add(self, name: str, model: torch.nn.Module) -> None:
        """Move this model from now on."""
        self._manager.add(name, model)

    def remove(self, model: torch.nn.Module) -> None:
        """Forget the model, so that its memory can be given back."""
        managed: dict[str, Any] = self._manager.components
        for component_id in [key for key, known in managed.items() if known is model]:
            self._manager.remove(component_id)


def check_policy(policy: str) -> str:
    """The policy itself, if there is one of that name. Raises UsageError."""
    if policy not in POLICIES:
        raise UsageError(
            f'"{policy}" is no way to offload models.', remedy=f"Use {' or '.join(POLICIES)}."
        )
    return policy
