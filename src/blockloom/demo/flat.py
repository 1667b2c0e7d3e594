"""Parameters and optimiser state in plain files that several processes map and change at once.

Two single-thread processes that update one memory-mapped vector without locks ("hogwild") beat two
OpenMP threads on a shared machine, where a barrier waits for whoever lost a core. As the state
lives in files, a run that is killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor, nn


def mapped(path: Path, size: int) -> Tensor:
    """A float32 vector kept in a file, zero when new; all processes that map it see all writes."""
    if not path.exists():
        with path.open("wb") as file:
            file.truncate(size * 4)
    return torch.from_file(str(path), shared=True, size=size, dtype=torch.float32)


def parameters_of(modules: Iterable[nn.Module]) -> list[nn.Parameter]:
    """All parameters in a fixed order."""
    return [parameter for module in modules for parameter in module.parameters()]


def size_of(parameters: Iterable[nn.Parameter]) -> int:
    """How many numbers the parameters hold."""
    return sum(parameter.numel() for parameter in parameters)


def bind(parameters: Iterable[nn.Parameter], vector: Tensor) -> Tensor:
    """Make parameters views into a vector; returns the vector their gradients are views into."""
    gradient = torch.zeros_like(vector)
    start = 0
    for parameter in parameters:
        end = start + parameter.numel()
        parameter.data = vector[start:end].view_as(parameter)
        parameter.grad = gradient[start:end].view_as(parameter)
        start = end
    return gradient


def copy_out(parameters: Iterable[nn.Parameter], vector: Tensor) -> None:
    """Write the parameters' values into a vector."""
    start = 0
    for parameter in parameters:
        vector[start : start + parameter.numel()] = parameter.detach().reshape(-1)
        start += parameter.numel()


def copy_in(parameters: Iterable[nn.Parameter], vector: Tensor) -> None:
    """Read the parameters' values from a vector."""
    start = 0
    for parameter in parameters:
        values = vector[start : start + parameter.numel()]
        parameter.data = values.view_as(parameter).clone()
        start += parameter.numel()
