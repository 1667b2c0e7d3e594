"""Classes by name: only what diffusers and transformers export, only what is a component."""

from __future__ import annotations

from typing import Any

import diffusers
import torch
import transformers
from diffusers import SchedulerMixin
from diffusers.guiders.guider_utils import BaseGuidance

from blockloom.errors import UsageError


def class_for_loading(name: str) -> type:
    """A class of diffusers or transformers that loads itself from files. Raises UsageError."""
    if not name:
        raise UsageError(
            "A single weights file does not say what it is.",
            remedy='Set class_name, for example to "AutoencoderKL".',
        )
    for library in (diffusers, transformers):
        found = _exported(library, name)
        if hasattr(found, "from_pretrained") and isinstance(found, type):
            return found
    raise UsageError(
        f'"{name}" is not a class of diffusers or transformers that can be loaded.',
        remedy="Check class_name, or update the two packages.",
    )


def class_for_making(name: str) -> type[Any]:
    """A scheduler or guider class of diffusers. Raises UsageError."""
    found = _exported(diffusers, name)
    is_wanted = isinstance(found, type) and issubclass(found, (SchedulerMixin, BaseGuidance))
    if not is_wanted or issubclass(found, torch.nn.Module):
        raise UsageError(
            f'"{name}" is not a scheduler or guider of diffusers.',
            remedy="Choose one from the list, or update diffusers.",
        )
    return found


def _exported(library: Any, name: str) -> Any:
    is_public = name.isidentifier() and not name.startswith("_")
    return getattr(library, name, None) if is_public else None
