from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from blockloom.errors import UsageError


@dataclass(frozen=True)
class Wire:
    """A main wire with values only."""

    values: dict[str, object] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)

    def names(self):
        return tuple(self.values)

    def has(self, name):
        return name in self.values

    def get(self, name, default=None):
        return self.values.get(name, default)

    def with_value(self, name, value, bundle=""):
        return Wire({**self.values, name: value}, {**self.bundles, name: bundle})

    def joined(self, other):
        return Wire({**self.values, **other.values}, {**self.bundles, **other.bundles})


@pytest.fixture
def nodes(node_file):
    return node_file("state")


def test_get_value(nodes):
    wire = Wire({"latents": 1, "prompt": None})
    assert (nodes.get_value(wire, "latents"), nodes.get_value(wire, "prompt")) == (1, None)
    with pytest.raises(UsageError, match=r'no value "latent".*Did you mean latents'):
        nodes.get_value(wire, "latent")
    with pytest.raises(UsageError, match="It has: latents, prompt"):
        nodes.get_value(wire, "xyz")


def test_set_value(nodes):
    before = Wire({"a": 1})
    assert nodes.set_value(before, "b", 2, "fields") == Wire({"a": 1, "b": 2}, {"b": "fields"})
    assert before == Wire({"a": 1})
    with pytest.raises(UsageError, match="needs a name"):
        nodes.set_value(before, " ", 2)


def test_join(nodes):
    assert nodes.join_pipelines(Wire({"a": 1, "b": 1}), Wire({"b": 2})) == Wire({"a": 1, "b": 2})
