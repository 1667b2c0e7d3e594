"""A second model on the same weights: whatever is laid over it leaves the first one as it is."""

from __future__ import annotations

import copy
from typing import Any

import torch

_HOOK, _FORWARD, _OLD_FORWARD = "_hf_hook", "forward", "_old_forward"


def shared_copy(component: Any) -> Any:
    """A copy of a component; a model shares its weights and buffers with the original.

    Hooks of accelerate, which move a model between devices, are not copied: they hold on to other
    models, too.
    """
    if not isinstance(component, torch.nn.Module):
        return copy.deepcopy(component)
    memo: dict[int, Any] = {}
    for tensor in (*component.parameters(), *component.buffers()):
        memo[id(tensor)] = tensor
    for module in component.modules():
        hook = vars(module).get(_HOOK)
        if hook is not None:
            memo[id(hook)] = None
            memo[id(vars(module).get(_FORWARD))] = None
    made = copy.deepcopy(component, memo)
    for module in made.modules():
        if _HOOK in vars(module):
            for name in (_HOOK, _FORWARD, _OLD_FORWARD):
                vars(module).pop(name, None)
    return made
