"""The main wire as a value: nothing changes in place, and keys say what is on it."""

from __future__ import annotations

from blockloom.execution.keys import content_key, json_key, key_of
from blockloom.execution.values import ComponentRef, PipelineBase, ValueRef
from blockloom.execution.wire import (
    JoinWire,
    RemoveValue,
    SetComponent,
    SetValue,
    StartWire,
    Wire,
    WireChange,
)

BASE = PipelineBase("base")
UNET = ComponentRef("unet one", "unet config")
START = Wire.start(BASE, {"unet": UNET})


def test_a_wire_never_changes() -> None:
    before = START.with_value("x", ValueRef("1"), "fields")
    after = before.with_value("x", ValueRef("2")).with_value("y", ValueRef("3"), "fields")
    assert before.values["x"] == ValueRef("1")
    assert "y" not in before.values
    assert before.bundle("fields") == {"x": ValueRef("1")}
    assert list(after.bundle("fields").items()) == [("x", ValueRef("2")), ("y", ValueRef("3"))]
    assert len({START.key, before.key, after.key}) == 3


def test_removing_leaves_the_bundle_too() -> None:
    wire = START.with_value("x", ValueRef("1"), "fields").without_value("x")
    assert not wire.is_present("x")
    assert wire.bundle("fields") == {}
    assert START.without_value("x") is START


def test_none_is_there_but_not_present() -> None:
    wire = START.with_value("x", ValueRef("1", is_none=True))
    assert "x" in wire.values
    assert not wire.is_present("x")


def test_of_two_joined_wires_the_later_wins_name_by_name() -> None:
    one = START.with_value("x", ValueRef("1"), "f").with_value("y", ValueRef("2"), "f")
    other = Wire.start(PipelineBase("other"), {"vae": ComponentRef("v", "c")})
    other = other.with_value("z", ValueRef("4"), "f").with_value("x", ValueRef("3"), "f")
    joined = one.joined(other)
    assert {name: ref.key for name, ref in joined.values.items()} == {"x": "3", "y": "2", "z": "4"}
    assert list(joined.bundle("f")) == ["y", "z", "x"]
    assert set(joined.components) == {"unet", "vae"}
    assert joined.base == PipelineBase("other")


def test_configs_of_components_have_a_key_of_their_own() -> None:
    same_config = START.with_component("unet", ComponentRef("unet two", "unet config"))
    other_config = START.with_component("unet", ComponentRef("unet two", "other config"))
    assert same_config.components.config_key == START.components.config_key
    assert other_config.components.config_key != START.components.config_key
    assert same_config.key != START.key


def test_a_change_is_replayed_on_a_wire_that_carries_other_things() -> None:
    scheduler = ComponentRef("s", "c")
    change = WireChange(
        "pipeline",
        (
            SetValue("x", ValueRef("1"), "f"),
            RemoveValue("old"),
            SetComponent("scheduler", scheduler),
        ),
    )
    wire = START.with_value("old", ValueRef("0")).with_value("kept", ValueRef("k"))
    after = change.apply({"pipeline": wire}, "node")
    assert dict(after.values.items()) == {
        "kept": ValueRef("k"),
        "x": ValueRef("1", writer="node"),
    }
    assert after.components["scheduler"] == scheduler


def test_changes_start_and_join_wires() -> None:
    started = WireChange("", (StartWire(BASE, {"unet": UNET}),)).apply({}, "node")
    assert started.key == START.key
    other = START.with_value("x", ValueRef("1"))
    joined = WireChange("pipeline", (JoinWire("other"),)).apply(
        {"pipeline": START, "other": other}, "node"
    )
    assert joined.is_present("x")


def test_keys_tell_values_apart() -> None:
    values = [None, True, False, 1, 0, 1.0, 0.0, -0.0, "1", "", (1,), (1.0,), ((1,),), ()]
    assert len({content_key(value) for value in values}) == len(values)
    assert content_key((1, 2)) == content_key((1, 2))
    for mutable in ([1], {"a": 1}, {1}, (1, [2]), object()):
        assert content_key(mutable) == ""


def test_parts_cannot_run_together() -> None:
    assert key_of("ab", "c") != key_of("a", "bc")
    assert json_key({"a": 1, "b": 2}) == json_key({"b": 2, "a": 1})
    assert json_key([1]) != json_key([1.0])
