"""Graphs that are posted may name few models, whether typed, linked or in a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.server.server_kit import Lab, play


def graph(model: Any, component: Any = "") -> dict[str, Any]:
    """A component of one model on the wire of another; it has an output that would run."""
    return {
        "pipe": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": model}},
        "part": {
            "class_type": "BlockloomLoadComponent",
            "inputs": {"model": "demo", "component": component},
        },
        "set": {
            "class_type": "BlockloomSetComponents",
            "inputs": {"pipeline": ["pipe", 0], "component": ["part", 0], "name": "vae"},
        },
        "value": {
            "class_type": "BlockloomGetValue",
            "inputs": {"pipeline": ["set", 0], "name": "latents"},
        },
        "show": {"class_type": "PreviewAny", "inputs": {"source": ["value", 0]}},
    }


def make_models(lab: Lab, tmp_path: Path) -> None:
    first, second = lab.folders.models
    for place in (first / "mine", first / "org" / "deep", second / "theirs", second / "mine"):
        place.mkdir(parents=True)
        (place / "model_index.json").write_text("{}")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "model_index.json").write_text("{}")
    (first / "out").symlink_to(tmp_path / "secret")


REFUSED = [
    "{}/secret",
    "../secret",
    "mine/../../secret",
    "out",
    "~",
    "~/models",
    "file://{}/secret",
    "http://127.0.0.1/model.safetensors",
    "https://example.com/model.safetensors",
    "\\\\server\\share\\model",
    "//server/share/model",
    "C:\\secret",
    "/",
    "..",
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_outside_is_an_error_of_the_node(name: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        make_models(lab, tmp_path)
        model = name.format(tmp_path)
        status, answer = await lab.post("/prompt", {"prompt": graph(model)})
        assert status == 400
        assert answer["error"]["type"] == "prompt_outputs_failed_validation"
        assert "Node pipe (BlockloomLoadPipeline)" in answer["error"]["details"]
        assert answer["node_errors"].keys() == {"pipe"}
        (error,) = answer["node_errors"]["pipe"]["errors"]
        assert error["type"] == "custom_validation_failed"
        assert error["extra_info"]["input_name"] == "model"
        assert error["extra_info"]["received_value"] == model
        assert "--models" in error["extra_info"]["remedy"]
        assert answer["node_errors"]["pipe"]["dependent_outputs"] == ["show"]
        _, checked = await lab.post("/blockloom/check", {"prompt": graph(model)})
        assert checked["can_run"] is False
        assert checked["plan"] is None
        (problem,) = [found for found in checked["problems"] if not found["is_warning"]]
        place = (problem["code"], problem["node"], problem["socket"])
        assert place == ("model_not_allowed", "pipe", "model")
        assert (await lab.get("/history"))[1] == {}

    play(tmp_path, story)


@pytest.mark.parametrize(
    "part", ["../secret", "/etc", "~/x", "http://example.com/x", "a\\..\\..\\b"]
)
def test_a_part_outside_of_its_model_is_an_error_of_the_node(part: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        status, answer = await lab.post("/prompt", {"prompt": graph("demo", part)})
        assert status == 400
        (error,) = answer["node_errors"]["part"]["errors"]
        assert error["extra_info"]["input_name"] == "component"
        assert "is not inside the model" in error["extra_info"]["reason"]
        assert error["extra_info"]["remedy"]

    play(tmp_path, story)


@pytest.mark.parametrize(
    "name", ["demo", "mine", "theirs", "org/deep", "{}/models/mine", "somebody/on-the-hub", ""]
)
def test_what_may_be_named_is_accepted(name: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        make_models(lab, tmp_path)
        lab.pool.gate.clear()
        await lab.prompt(graph(name.format(tmp_path), "vae"))
        _, checked = await lab.post("/blockloom/check", {"prompt": graph(name.format(tmp_path))})
        assert checked["can_run"] is True
        lab.pool.gate.set()

    play(tmp_path, story)


def test_a_model_that_no_output_needs_stops_nothing(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        nodes = graph("demo")
        nodes["lost"] = {"class_type": "BlockloomLoadPipeline", "inputs": {"model": "/etc"}}
        await lab.ended(await lab.prompt(nodes))

    play(tmp_path, story)


def test_a_batch_cannot_bring_in_what_a_prompt_cannot(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        make_models(lab, tmp_path)
        for target, values, node_id in (
            ("pipe.model", ["demo", "mine", str(tmp_path / "secret")], "pipe"),
            ("part.component", ["vae", "unet", "../x"], "part"),
        ):
            batch = {"inputs": {target: values}}
            body = {"prompt": graph("demo"), "batch": batch}
            status, answer = await lab.post("/prompt", body)
            assert status == 400
            assert f'Value 3 of the batch input "{target}"' in answer["error"]["message"]
            (error,) = answer["node_errors"][node_id]["errors"]
            assert error["extra_info"]["received_value"] == values[-1]
            batch["inputs"][target].pop()
            status, answer = await lab.post("/prompt", body)
            assert (status, len(answer["prompt_ids"])) == (200, 2)

    play(tmp_path, story)


def test_models_of_all_folders_are_listed_and_links_out_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot = tmp_path / "hub" / "models--org--cached" / "snapshots" / "a"
    snapshot.mkdir(parents=True)
    (snapshot / "model_index.json").write_text("{}")

    async def story(lab: Lab) -> None:
        make_models(lab, tmp_path)
        _, found = await lab.get("/blockloom/models")
        assert [(model["name"], model["source"]) for model in found["models"]] == [
            ("demo", "built in"),
            ("mine", "models folder"),
            ("org/deep", "models folder"),
            ("theirs", "models folder"),
            ("org/cached", "Hugging Face cache"),
        ]
        for place, name in zip(lab.folders.models, ("a", "b"), strict=True):
            (place / "vae").mkdir()
            (place / "vae" / f"{name}.safetensors").touch()
            (place / "vae" / "both.safetensors").touch()
        _, files = await lab.get("/models/vae")
        assert files == ["a.safetensors", "both.safetensors", "b.safetensors"]

    play(tmp_path, story)
