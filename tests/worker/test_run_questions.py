"""What an editor asks about a run: all block states at once, whole states, parts of values."""

from __future__ import annotations

import copy
import io
import json

import PIL.Image
import pytest

from blockloom.errors import NotFoundError
from blockloom.resources import examples_folder


def demo(prompt: str = "", steps: int = 3) -> dict:
    text = (examples_folder() / "text_to_image.json").read_text()
    nodes = json.loads(text)["prompt"]
    nodes["denoise"]["inputs"]["num_inference_steps"] = steps
    if prompt:
        nodes["text_encoder"]["inputs"]["prompt"] = prompt
    return nodes


@pytest.fixture(scope="module")
def job(rig) -> str:
    rig.wait_for_idle()
    ended, running = rig.run(demo())
    assert ended["message"] == ""
    return running.job_id


def by_name(values: list[dict]) -> dict[str, dict]:
    return {value["name"]: value for value in values}


def test_all_block_states_of_a_run_come_in_one_answer(rig, job):
    found = rig.ask("block_states", job).content["nodes"]
    assert [*found] == [*demo()]
    for node_id, state in found.items():
        assert state == rig.ask("block_state", job, node_id=node_id).content
        assert (state["class_type"], state["was_kept"]) == (demo()[node_id]["class_type"], False)
        assert state["seconds"] > 0
    denoise = found["denoise"]
    assert denoise["step_count"] == 3
    assert {"unet", "scheduler", "guider"} <= set(denoise["used_components"])
    assert "text_encoder" not in denoise["used_components"]
    assert denoise["components"] == ["guider", "scheduler"]
    assert found["text_encoder"]["used_components"][0] == "text_encoder"
    assert denoise["branches"] == {
        "before_denoise": "text2img",
        "controlnet_input": None,
        "denoise": "denoise",
    }
    read, written = by_name(denoise["read"]), by_name(denoise["written"])
    assert (read["prompt_embeds"]["writer"], read["prompt_embeds"]["came_from"]) == (
        "text_encoder",
        "state",
    )
    assert (read["num_inference_steps"]["writer"], read["num_inference_steps"]["came_from"]) == (
        "denoise",
        "typed",
    )
    assert written["latents"]["change"] == "new"
    assert written["latents"]["key"] == by_name(found["decode"]["read"])["latents"]["key"]
    assert found["save"]["read"][0]["value"]["kind"] == "images"


def test_keys_tell_what_changed_since_an_earlier_run(rig, job):
    _, other = rig.run(demo("a blue circle"))
    before = rig.ask("block_states", job).content["nodes"]
    after = rig.ask("block_states", other.job_id).content["nodes"]
    assert [node_id for node_id, state in after.items() if state["was_kept"]] == ["model", "guider"]

    def changed(node_id: str, side: str) -> set[str]:
        old, new = by_name(before[node_id][side]), by_name(after[node_id][side])
        assert old.keys() == new.keys()
        return {name for name in new if old[name]["key"] != new[name]["key"]}

    assert "prompt" in changed("text_encoder", "read")
    assert "prompt_embeds" in changed("denoise", "read")
    assert changed("denoise", "read").isdisjoint({"num_inference_steps", "generator", "height"})
    assert {"latents"} <= changed("denoise", "written")
    assert "timesteps" not in changed("denoise", "written")
    _, again = rig.run(demo())
    assert (
        rig.ask("block_states", again.job_id).content["nodes"]["denoise"]["written"]
        == (before["denoise"]["written"])
    )


def test_the_whole_state_at_a_node_tells_inputs_from_what_blocks_made(rig, job):
    def state(node_id: str) -> dict:
        return rig.ask("state", job, node_id=node_id).content

    found = state("denoise")
    assert (found["node_id"], found["has_wire"]) == ("denoise", True)
    assert {"unet", "vae", "text_encoder", "scheduler", "guider"} <= set(found["components"])
    values = by_name(found["values"])
    assert [*values] == sorted(values)
    for name, writer in (("prompt", "text_encoder"), ("num_inference_steps", "denoise")):
        assert (values[name]["is_given"], values[name]["writer"]) == (True, writer)
    assert values["prompt"]["value"]["value"] == demo()["text_encoder"]["inputs"]["prompt"]
    for name in ("prompt_embeds", "latents"):
        assert (values[name]["is_given"], values[name]["writer"]) == (False, "denoise")
        assert values[name]["value"]["kind"] == "tensor"
    encoded = by_name(state("text_encoder")["values"])
    assert encoded["prompt_embeds"]["writer"] == "text_encoder"
    assert values["prompt_embeds"]["bundles"] == ["denoiser_input_fields"]
    assert values["latents"]["bundles"] == []
    written = by_name(rig.ask("block_state", job, node_id="denoise").content["written"])
    assert values["latents"]["key"] == written["latents"]["key"]
    assert "latents" not in encoded
    assert state("save") == {"node_id": "save", "has_wire": False, "components": [], "values": []}
    with pytest.raises(NotFoundError, match='"nobody" has no state'):
        state("nobody")


def test_each_step_has_its_values_and_pictures(rig, job):
    steps = rig.ask("steps", job, node_id="denoise").content["steps"]
    assert [(step["index"], step["total"]) for step in steps] == [(0, 3), (1, 3), (2, 3)]
    pictures = []
    for step in steps:
        assert step["values"]["latents"]["kind"] == "tensor"
        where = {"node_id": "denoise", "name": "latents", "step": step["index"]}
        blob = rig.ask("thumbnail", job, size=64, **where).blob
        pictures.append(PIL.Image.open(io.BytesIO(blob)).tobytes())
    assert len(set(pictures)) == 3


def test_what_is_inside_a_value_can_be_looked_at(rig, job):
    where = {"node_id": "decode", "name": "images"}
    value = rig.ask("value", job, form="png", items=["0"], **where)
    whole = rig.ask("value", job, form="png", **where)
    assert value.blob == whole.blob
    assert rig.ask("thumbnail", job, size=16, items=["0"], **where).content["width"] == 16
    with pytest.raises(NotFoundError, match='no value "7" inside'):
        rig.ask("value", job, form="png", items=["7"], **where)


def test_a_conditional_that_a_run_decided_says_what_it_took(rig):
    nodes = copy.deepcopy(demo(steps=2))
    ended, running = rig.run(nodes)
    assert ended["outcome"] == "done"
    decode = rig.ask("block_state", running.job_id, node_id="decode").content
    assert decode["branches"] == {"": "non-inpaint"}
    assert decode["used_components"] == ["vae", "image_processor"]
