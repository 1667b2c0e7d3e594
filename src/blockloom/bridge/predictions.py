"""What schedulers predict: watching ``step`` of a node's own schedulers while the node runs.

Many schedulers return, beside the sample of the next step, the finished picture as they see it
from here. Blocks throw it away; it is what people want to look at.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import torch

PREDICTED = "predicted"
_PLACED = frozenset({"step", "__getstate__"})

NotePrediction: TypeAlias = Callable[[str, torch.Tensor], None]
"""Takes a name (``predicted``, or ``predicted_<component>`` for further schedulers) and a value."""


def _nothing() -> None:
    """No matter."""


@contextlib.contextmanager
def watched(
    schedulers: Mapping[str, Any], note: NotePrediction, before: Callable[[], None] = _nothing
) -> Iterator[None]:
    """Tell ``note`` what the schedulers' ``step`` returns beyond the sample, while inside.

    ``before`` is called before every step, and may raise to end the run there.
    ``schedulers`` are the node's own copies, by component name. Each gets an attribute ``step``
    of the same signature and results. Nothing of it remains afterwards, nor in copies that a block
    makes of a scheduler.
    """
    main = "scheduler" if "scheduler" in schedulers else next(iter(schedulers), "")
    placed = []
    try:
        for name, scheduler in schedulers.items():
            if _can_watch(scheduler):
                placed.append(scheduler)
                told = PREDICTED if name == main else f"{PREDICTED}_{name}"
                _watch(scheduler, told, note, before)
        yield
    finally:
        for scheduler in placed:
            for attribute in _PLACED:
                vars(scheduler).pop(attribute, None)


def has_steps(component: Any) -> bool:
    """Whether a component takes steps, as schedulers do."""
    return callable(getattr(type(component), "step", None))


def _can_watch(scheduler: Any) -> bool:
    """Only objects that are copied in the plain way, and on which nobody else put these names."""
    kind: Any = type(scheduler)
    is_plain = (
        kind.__getstate__ is object.__getstate__
        and kind.__reduce_ex__ is object.__reduce_ex__
        and kind.__reduce__ is object.__reduce__
        and not hasattr(kind, "__deepcopy__")
        and not hasattr(kind, "__copy__")
        and not hasattr(kind, "__slots__")
        and inspect.isfunction(kind.step)
    )
    return is_plain and not _PLACED & vars(scheduler).keys()


def _watch(scheduler: Any, name: str, note: NotePrediction, before: Callable[[], None]) -> None:
    step = type(scheduler).step

    @functools.wraps(step)
    def watched_step(self: Any, *args: Any, **kwargs: Any) -> Any:
        before()
        result = step(self, *args, **kwargs)
        found = prediction_in(result)
        if found is not None:
            note(name, found)
        return result

    def state_without_watch() -> dict[str, Any]:
        # copy.copy, copy.deepcopy and pickle all ask the object for this.
        return {key: value for key, value in vars(scheduler).items() if key not in _PLACED}

    bound = types.MethodType(watched_step, scheduler)
    vars(scheduler).update(step=bound, __getstate__=state_without_watch)


def prediction_in(result: Any) -> torch.Tensor | None:
    """The predicted sample in what ``step`` returned: shaped as the next sample, and behind it."""
    fields = tuple(result.values()) if isinstance(result, Mapping) else result
    if not isinstance(fields, tuple) or not fields or not isinstance(fields[0], torch.Tensor):
        return None
    for field in fields[1:]:
        if isinstance(field, torch.Tensor) and field.shape == fields[0].shape:
            return field
    return None
