"""``blockloom export``, and what ComfyUI saved given to the other commands."""

from __future__ import annotations

import json
from pathlib import Path

import PIL.Image
import pytest

SAMPLES = Path(__file__).parents[1] / "export" / "samples"
EXCHANGE = SAMPLES / "exchange.json"
SAVED = ("1.27.10", "1.58.1")
"""The frontends whose editors opened our export of that graph and saved it again."""


@pytest.fixture
def exported(blockloom):
    """Exports a graph to stdout and gives what came out."""

    def call(path, *more):
        answer = blockloom("export", str(path), "--to", "comfyui", *more)
        assert answer.code == 0, answer.err
        return answer.json

    return call


@pytest.fixture(params=SAVED)
def saved(request, folder):
    """What a real editor of ComfyUI made of our workflow: as saved, and as sent to its server."""
    sample = json.loads((SAMPLES / f"exchange_{request.param}.json").read_text())
    for name, content in sample.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return sample


def inputs_of(prompt):
    return {id_: node["inputs"] for id_, node in prompt.items()}


def test_a_workflow_is_written(blockloom, folder):
    answer = blockloom("export", "inpainting", "--to", "comfyui", "-o", "drawn.json")
    assert (answer.code, answer.out) == (0, "")
    assert "Wrote drawn.json: a workflow of ComfyUI's editor, 10 nodes." in answer.err
    assert "Copy into ComfyUI's input folder: hills.png, hills_mask.png." in answer.err
    workflow = json.loads((folder / "drawn.json").read_text())
    assert (workflow["version"], len(workflow["nodes"]), len(workflow["links"])) == (0.4, 10, 9)
    again = blockloom("export", "inpainting", "--to", "comfyui", "-o", "drawn.json")
    assert (again.code, "there already" in again.err) == (2, True)
    options = ("--to", "comfyui", "-o", "drawn.json", "--force", "--api")
    assert blockloom("export", "inpainting", *options).code == 0
    assert "denoise" in json.loads((folder / "drawn.json").read_text())


def test_settings_go_along(exported):
    prompt = exported("text_to_image", "--api", "--set", "prompt=a house", "--set", "seed=4")
    assert prompt["text_encoder"]["inputs"] == {"pipeline": ["guider", 0], "prompt": "a house"}
    assert prompt["denoise"]["inputs"]["generator"] == 4


def test_what_cannot_be_exported_is_told(blockloom, graph_file, folder):
    path = graph_file(it=("Nothing", {}))
    answer = blockloom("export", path, "--to", "comfyui")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith('error: node "it" (Nothing): There is no node type of this name.')
    assert blockloom("export", path).code == 2
    assert blockloom("export", path, "--to", "python").code == 2
    answer = blockloom("export", "inpainting", "--to", "comfyui", "-o", "no/such/place.json")
    assert (answer.code, "Choose another place." in answer.err) == (2, True)


def test_warnings_are_told_beside_the_result(blockloom, graph_file):
    path = graph_file(seed=("BlockloomSeed", {"seed": 2**60}))
    answer = blockloom("export", path, "--to", "comfyui")
    assert (answer.code, answer.json["nodes"][0]["widgets_values"]) == (0, [2**60, "fixed"])
    assert answer.err.startswith('warning: node "seed" (BlockloomSeed), input "seed":')


def test_comfyuis_editor_opens_a_workflow_as_it_was_meant(exported, saved):
    """What its editor would send is what we say its server takes."""
    ours = exported(EXCHANGE, "--api")
    numbers = {
        node["properties"]["blockloom"]["id"]: str(node["id"])
        for node in exported(EXCHANGE)["nodes"]
        if "blockloom" in node["properties"]
    }
    meant = {
        numbers[id_]: {
            name: [numbers[given[0]], given[1]] if isinstance(given, list) else given
            for name, given in node["inputs"].items()
        }
        for id_, node in ours.items()
    }
    # Values that its editor has no widget for come from nodes of their own.
    made = {"sizes": "crops_coords_top_left", "own": "prompt"}
    for id_, name in {**made, "own ": "blocks"}.items():
        del meant[numbers[id_.strip()]][name]
    sent = inputs_of(saved["prompt"])
    for id_, inputs in meant.items():
        for name, value in inputs.items():
            assert sent[id_][name] == value, (id_, name)
    added = {
        (saved["prompt"][id_]["class_type"], name)
        for id_, inputs in sent.items()
        for name in inputs.keys() - meant.get(id_, inputs).keys()
    }
    assert added <= {
        ("StableDiffusionXLPrepareAdditionalConditioningStep", "crops_coords_top_left"),
        ("BlockloomSequence", "prompt"),
        ("BlockloomSequence", "blocks"),
        # The editor's own, which no server looks at.
        ("LoadAudio", "audioUI"),
        ("SaveAudioMP3", "audioUI"),
        ("PreviewAny", "preview"),
    }


def test_a_workflow_that_comfyui_saved_is_the_graph_it_came_from(exported, saved):
    again, first = exported("workflow.json"), exported(EXCHANGE)
    # Our ids come back with it, and so does everything else, in places that need no more room.
    assert exported("workflow.json", "--api").keys() >= exported(EXCHANGE, "--api").keys()

    def told(workflow):
        return {
            node["properties"].get("blockloom", {}).get("id"): (
                node["type"],
                node.get("title"),
                node["mode"],
                node["flags"],
                node.get("widgets_values"),
            )
            for node in workflow["nodes"]
        }

    assert told(again) == told(first)
    assert [group["title"] for group in again["groups"]] == ["Out"]


@pytest.mark.parametrize("name", ["workflow.json", "prompt.json"])
def test_what_comfyui_saved_is_checked_as_a_graph(blockloom, saved, name):
    answer = blockloom("check", name, "--json")
    assert answer.json["problems"] == []
    assert (answer.code, answer.json["can_run"]) == (0, True)


API = {
    "3": {
        "inputs": {"width": 8, "height": 4, "batch_size": 1, "color": 0xFF8000},
        "class_type": "EmptyImage",
        "_meta": {"title": "EmptyImage"},
        "is_changed": "",
    },
    "12:7": {
        "inputs": {"image": ["3", 0]},
        "class_type": "ImageInvert",
        "_meta": {"title": "Invert Image"},
    },
    "9": {
        "inputs": {"filename_prefix": "same", "images": ["12:7", 0]},
        "class_type": "SaveImage",
        "_meta": {"title": "Save Image"},
    },
}
GRAPH = {
    "empty": ("EmptyImage", {"width": 8, "height": 4, "color": 0xFF8000}),
    "invert": ("ImageInvert", {"image": ["empty", "image"]}),
    "save": ("SaveImage", {"images": ["invert", "image"], "filename_prefix": "same"}),
}


def test_a_file_of_comfyuis_api_runs_and_gives_the_same(blockloom, folder, graph_file):
    (folder / "api.json").write_text(json.dumps(API))
    graph_file(**GRAPH)
    assert blockloom("run", "api.json", "--out", "theirs").code == 0
    assert blockloom("run", "graph.json", "--out", "ours").code == 0
    one, other = (folder / name / "same_00001_.png" for name in ("theirs", "ours"))
    with PIL.Image.open(one) as theirs, PIL.Image.open(other) as ours:
        assert theirs.tobytes() == ours.tobytes()
        assert theirs.getpixel((0, 0)) == (0, 127, 255)


def test_a_workflow_runs(blockloom, folder, graph_file):
    graph_file(**GRAPH)
    blockloom("export", "graph.json", "--to", "comfyui", "-o", "workflow.json")
    answer = blockloom("run", "workflow.json", "--set", "empty.width=2", "--json")
    assert (answer.code, list(answer.json["outputs"])) == (0, ["save"])
    (path,) = answer.json["outputs"]["save"]
    with PIL.Image.open(path) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((2, 4), (0, 127, 255))


def test_subgraphs_and_unknown_nodes_are_told(blockloom, folder):
    subgraph = "6f1e1c1e-0000-4000-8000-000000000000"
    workflow = {
        "nodes": [{"id": 4, "type": subgraph, "inputs": [], "widgets_values": []}],
        "links": [],
        "definitions": {"subgraphs": [{"id": subgraph, "name": "Upscale"}]},
    }
    (folder / "workflow.json").write_text(json.dumps(workflow))
    answer = blockloom("check", "workflow.json")
    assert (answer.code, answer.err.startswith('error: node "4": It is a subgraph')) == (2, True)
    assert "Unpack" in answer.err
    del workflow["definitions"]
    workflow["nodes"][0]["type"] = "KSampler"
    (folder / "workflow.json").write_text(json.dumps(workflow))
    answer = blockloom("run", "workflow.json")
    assert (answer.code, answer.err.count("error:")) == (2, 1)
    assert answer.err.startswith('error: node "4" (KSampler): There is no node type of this name')
    assert "Export (API)" in answer.err
