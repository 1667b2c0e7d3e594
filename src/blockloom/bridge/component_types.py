"""A node type for every scheduler and guider class: it replaces that component on the main wire."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from typing import Any

import diffusers
import diffusers.guiders
import diffusers.schedulers
from diffusers.guiders.guider_utils import BaseGuidance
from diffusers.schedulers.scheduling_utils import SchedulerMixin

from blockloom.bridge.describe import PIPELINE_INPUT, PIPELINE_OUTPUT
from blockloom.bridge.guess_types import guess_type
from blockloom.bridge.json_values import to_json
from blockloom.bridge.titles import readable
from blockloom.bridge.widgets import guess_widget
from blockloom.catalogue.docstrings import read_docstring
from blockloom.graph.node_types import InputSocket, Kind, NodeType, Widget
from blockloom.graph.sockets import SocketType

SET_COMPONENT = "BlockloomSet"
FROM_THE_MODEL = "as in the model"


def component_types() -> tuple[dict[str, NodeType], tuple[str, ...]]:
    """Node types by id, and what was left out with its reason."""
    types: dict[str, NodeType] = {}
    problems: list[str] = []
    for name, component_class in component_classes():
        try:
            node_type = describe_component(component_class, name)
        except (ValueError, TypeError) as error:
            problems.append(f"{component_class.__name__}: its parameters cannot be read: {error}")
            continue
        types[node_type.id] = node_type
    return types, tuple(problems)


def component_classes() -> Iterator[tuple[str, type]]:
    """The component name ("scheduler", "guider") and class of everything that can be set."""
    # diffusers no longer exports schedulers that are there for old pipelines only
    schedulers = {*dir(diffusers.schedulers)} & {*dir(diffusers)}
    for name, module, names, base in (
        ("scheduler", diffusers.schedulers, schedulers, SchedulerMixin),
        ("guider", diffusers.guiders, {*dir(diffusers.guiders)}, BaseGuidance),
    ):
        for exported in sorted(names):
            value = getattr(module, exported, None)
            if not isinstance(value, type) or not issubclass(value, base) or value is base:
                continue
            if value.__name__ == exported and not exported.startswith("Flax"):
                yield name, value


def describe_component(component_class: type, component: str) -> NodeType:
    """The node type that sets one component class, from its constructor's parameters."""
    doc = read_docstring(component_class.__doc__)
    return NodeType(
        id=f"{SET_COMPONENT}{component_class.__name__}",
        title=f"Set {readable(component_class.__name__)}",
        category=("component", component),
        kind=Kind.COMPONENT,
        description=doc.description,
        inputs=(
            PIPELINE_INPUT,
            _which_component(component),
            *_parameters(component_class, doc.parameters, component == "scheduler"),
        ),
        outputs=(PIPELINE_OUTPUT,),
        origin=component_class.__module__,
    )


def _which_component(component: str) -> InputSocket:
    return InputSocket(
        name="component",
        type=SocketType.STRING,
        default=component,
        has_default=True,
        description=f"The name of the {component} on the main wire that is replaced.",
    )


def _parameters(
    component_class: type, descriptions: dict[str, str], is_inherited: bool
) -> Iterator[InputSocket]:
    """One input per constructor parameter.

    With ``is_inherited`` a parameter that is left alone keeps what the model's own component has,
    so it has no default of its own.
    """
    hints = _hints_of(component_class)
    for parameter in inspect.signature(component_class).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        name = parameter.name
        has_own = parameter.default is not parameter.empty
        own = parameter.default if has_own else None
        type_ = guess_type(hints.get(name), name, own, {})
        default, text = to_json(own)
        yield InputSocket(
            name=name,
            type=type_,
            is_required=not has_own and not is_inherited,
            default=None if is_inherited else default,
            has_default=has_own and not is_inherited,
            default_text=FROM_THE_MODEL if is_inherited else text,
            description=descriptions.get(name, ""),
            widget=_widget_of(hints.get(name), name, type_, default),
        )


def _hints_of(component_class: type) -> dict[str, Any]:
    constructor = vars(component_class).get("__init__", component_class)
    try:
        return typing.get_type_hints(constructor)
    except (NameError, TypeError, AttributeError):  # names imported for type checkers only
        return dict(getattr(constructor, "__annotations__", {}))


def _widget_of(hint: Any, name: str, type_: SocketType, default: Any) -> Widget:
    choices = [
        choice
        for part in (hint, *typing.get_args(hint))
        if typing.get_origin(part) is typing.Literal
        for choice in typing.get_args(part)
    ]
    if choices:
        return Widget(choices=tuple(dict.fromkeys(choices)))
    return guess_widget(name, type_, default)
