"""``mellon_pipeline_config.json``: what it says of sockets, and what is not believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from diffusers.modular_pipelines.mellon_node_utils import MellonParam, MellonPipelineConfig

from blockloom.bridge.repositories import Repository
from blockloom.bridge.socket_labels import FILE, with_labels
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket, Widget
from blockloom.graph.sockets import SocketType

BLOCK = NodeType(
    "Own",
    "Own",
    (),
    Kind.LEAF,
    inputs=(
        InputSocket("pipeline", SocketType.PIPELINE, True),
        InputSocket("strength", SocketType.FLOAT),
        InputSocket("mode", SocketType.STRING),
        InputSocket("prompt", SocketType.STRING, widget=Widget(is_multiline=False)),
        InputSocket("repository", SocketType.STRING, is_setting=True),
    ),
    outputs=(OutputSocket("latents", SocketType.TENSOR),),
)


def labelled(folder: Path, content: str) -> NodeType:
    (folder / FILE).write_text(content)
    return with_labels(BLOCK, Repository("own", str(folder)))


def as_file(**params: Any) -> str:
    return json.dumps({"node_params": {"custom": {"params": params}}})


def test_labels_limits_and_choices(tmp_path: Path) -> None:
    found = labelled(
        tmp_path,
        as_file(
            strength={"label": "How much *", "type": "float", "min": 0, "max": 2, "step": 0.1},
            mode={"label": "Mode", "type": "dropdown", "options": ["soft", "hard"]},
            prompt={"label": "Words", "type": "string", "display": "textarea"},
            latents={"label": "Noise", "type": "latents", "display": "output"},
            nothing={"label": "No such socket"},
        ),
    )
    strength, mode, prompt = found.inputs[1:4]
    assert (strength.title, strength.widget) == ("How much", Widget(0.0, 2.0, 0.1))
    assert (mode.title, mode.widget.choices) == ("Mode", ("soft", "hard"))
    assert (prompt.title, prompt.widget.is_multiline) == ("Words", True)
    assert found.outputs[0].title == "Noise"
    assert [socket.name for socket in found.inputs] == [socket.name for socket in BLOCK.inputs]


def test_a_file_as_diffusers_writes_it(tmp_path: Path) -> None:
    config = MellonPipelineConfig.from_dict(json.loads(as_file()))
    param = MellonParam(name="strength", label="Strength", type="float", min=0.0, max=1.0)
    config._node_params = {"custom": {"params": {"strength": param.to_dict()}}}
    config.to_json_file(tmp_path / FILE)
    found = with_labels(BLOCK, Repository("own", str(tmp_path)))
    assert (found.inputs[1].title, found.inputs[1].widget.maximum) == ("Strength", 1.0)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"node_params": 1}',
        '{"node_params": {"a": 1, "b": {"params": 2}}}',
        as_file(strength=1, mode=None, repository={"label": "Elsewhere"}),
        as_file(strength={"label": 3, "min": "low", "max": True, "step": -1}),
        as_file(strength={"label": "x" * 100, "min": 5, "max": 1}),
        as_file(strength={"label": "\x1b[31m", "min": 1e300}, mode={"options": [1, "two"]}),
        as_file(mode={"label": " ", "options": {"a": 1}}, pipeline={"label": "Main"}),
    ],
)
def test_what_is_not_understood_is_left(tmp_path: Path, content: str) -> None:
    assert labelled(tmp_path, content) == BLOCK


def test_without_a_file_nothing_changes(tmp_path: Path) -> None:
    assert with_labels(BLOCK, Repository("own", str(tmp_path))) == BLOCK
