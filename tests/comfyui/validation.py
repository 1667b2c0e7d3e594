"""Accepts or refuses prompts as ComfyUI does with classes of the first convention."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Mapping
from typing import Any

Prompt = dict[str, dict[str, Any]]
Classes = Mapping[str, Any]


class Refused(Exception):
    """The prompt was not accepted; ``node_errors`` says why, node by node."""

    def __init__(self, message: str, node_errors: dict[str, list[dict[str, Any]]]) -> None:
        super().__init__(f"{message}: {node_errors}")
        self.node_errors = node_errors


def is_link(value: Any) -> bool:
    """Whether an input is a link: a node's id and the number of one of its outputs."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
    )


def input_config(class_: Any, name: str) -> tuple[str | None, Any, dict[str, Any]]:
    """The group an input is in, its type and its options."""
    for group, inputs in class_.INPUT_TYPES().items():
        if name in inputs:
            config = inputs[name]
            if group == "hidden":
                return group, config, {}
            return group, config[0], config[1] if len(config) > 1 else {}
    return None, None, {}


def validate(classes: Classes, prompt: Prompt) -> list[str]:
    """The nodes to run for; raise Refused where no output is left that could be made."""
    for node in prompt.values():
        if node.get("class_type") not in classes:
            raise Refused(f"node {node.get('class_type')} does not exist", {})
    wanted = [n for n, node in prompt.items() if _is_sink(classes[node["class_type"]])]
    if not wanted:
        raise Refused("prompt has no outputs", {})
    found: dict[str, list[dict[str, Any]]] = {}
    good = [node for node in wanted if _is_valid(classes, prompt, node, found)]
    if not good:
        raise Refused("outputs failed validation", {n: e for n, e in found.items() if e})
    return good


def _is_sink(class_: Any) -> bool:
    return getattr(class_, "OUTPUT_NODE", False) is True


def _is_valid(
    classes: Classes, prompt: Prompt, node: str, found: dict[str, list[dict[str, Any]]]
) -> bool:
    # Before a list that is a value and no link comes out of its wrapping.
    parents = {v[0] for v in prompt[node]["inputs"].values() if is_link(v)}
    if node not in found:
        found[node] = []
        class_, inputs = classes[prompt[node]["class_type"]], prompt[node]["inputs"]
        found[node] = _errors_of(classes, prompt, class_, inputs)
    above = [_is_valid(classes, prompt, parent, found) for parent in parents]
    return not found[node] and all(above)


def _errors_of(
    classes: Classes, prompt: Prompt, class_: Any, inputs: dict[str, Any]
) -> list[dict[str, Any]]:
    groups = class_.INPUT_TYPES()
    checks = getattr(class_, "VALIDATE_INPUTS", None)
    checked, takes_all = _arguments(checks)
    errors: list[dict[str, Any]] = []
    received: dict[str, Any] = {}
    for group in ("required", "optional"):
        for name, config in groups.get(group, {}).items():
            type_, options = config[0], config[1] if len(config) > 1 else {}
            if name not in inputs:
                if group == "required":
                    errors.append(_error("required_input_missing", name))
            elif isinstance(inputs[name], list):
                errors += _link_errors(
                    classes, prompt, name, inputs[name], type_, received, checked
                )
            else:
                is_ours = takes_all or name in checked
                errors += _value_errors(inputs, name, type_, {} if is_ours else options, is_ours)
    if checks is not None and not errors:
        errors += _custom_errors(checks, inputs, received, checked, takes_all)
    return errors


def _arguments(function: Any) -> tuple[list[str], bool]:
    if function is None:
        return [], False
    spec = inspect.getfullargspec(function)
    return spec.args, spec.varkw is not None


def _error(kind: str, name: str, **details: Any) -> dict[str, Any]:
    return {"type": kind, "input": name, **details}


def _link_errors(
    classes: Classes,
    prompt: Prompt,
    name: str,
    link: list[Any],
    wanted: Any,
    received: dict[str, Any],
    checked: list[str],
) -> list[dict[str, Any]]:
    if len(link) != 2:
        return [_error("bad_linked_input", name)]
    given = classes[prompt[link[0]]["class_type"]].RETURN_TYPES[link[1]]
    received[name] = given
    if "input_types" in checked or _fits(given, wanted):
        return []
    return [_error("return_type_mismatch", name, received=given, wanted=wanted)]


def _fits(given: Any, wanted: Any) -> bool:
    # The comparison is "not equal", which types that stand for any other override.
    if not operator.ne(given, wanted):
        return True
    if not isinstance(given, str) or not isinstance(wanted, str):
        return False
    given_types, wanted_types = given.split(","), wanted.split(",")
    return not {*map(str.strip, given_types)}.isdisjoint(map(str.strip, wanted_types))


_CASTS = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}


def _value_errors(
    inputs: dict[str, Any], name: str, type_: Any, options: dict[str, Any], is_ours: bool
) -> list[dict[str, Any]]:
    value = inputs[name]
    if isinstance(value, dict) and "__value__" in value:
        value = inputs[name] = value["__value__"]
    if isinstance(type_, str) and type_ in _CASTS:
        try:
            value = inputs[name] = _CASTS[type_](value)
        except (TypeError, ValueError) as error:
            return [_error("invalid_input_type", name, details=str(error))]
    if "min" in options and value < options["min"]:
        return [_error("value_smaller_than_min", name)]
    if "max" in options and value > options["max"]:
        return [_error("value_bigger_than_max", name)]
    if isinstance(type_, list) and not is_ours and value not in type_:
        return [_error("value_not_in_list", name, received=value)]
    return []


def _custom_errors(
    checks: Any,
    inputs: dict[str, Any],
    received: dict[str, Any],
    checked: list[str],
    takes_all: bool,
) -> list[dict[str, Any]]:
    given = {n: None if is_link(v) else v for n, v in inputs.items() if takes_all or n in checked}
    if "input_types" in checked:
        given["input_types"] = received
    answer = checks(**given)
    return [] if answer is True else [_error("custom_validation_failed", "", details=str(answer))]
