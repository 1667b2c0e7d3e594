"""Graphs for ComfyUI: the prompt its server takes, the workflow its editor opens."""

from __future__ import annotations

import json

import pytest

from blockloom.errors import GraphError
from blockloom.export.comfyui import export_to_comfyui, to_prompt, to_workflow
from export.comfyui_graphs import MODEL, TYPES, draw, node
from graph.fake_types import TEXT_TO_IMAGE


def nodes_of(workflow):
    return {item["properties"].get("blockloom", {}).get("id"): item for item in workflow["nodes"]}


def values_of(class_type, **inputs):
    return to_workflow(draw(it=node(class_type, **inputs)), TYPES)["nodes"][0]["widgets_values"]


def test_the_prompt_names_outputs_by_their_place():
    prompt = to_prompt(TEXT_TO_IMAGE, TYPES)
    assert list(prompt) == list(TEXT_TO_IMAGE.nodes)
    links = {
        (id_, name): link
        for id_, item in prompt.items()
        for name, link in item["inputs"].items()
        if isinstance(link, list)
    }
    assert all(isinstance(place, int) for _, place in links.values())
    assert links["save", "images"] == ["decode", 1]


def test_the_servers_own_nodes_get_all_their_values():
    graph = draw(
        load=node("LoadImage", image="a.png"),
        scale=node("ImageScale", image=["load", "image"], width=64),
        save=node("SaveImage", images=["scale", "image"]),
        crop=node("Crop", pipeline=["model", 0]),
        model=MODEL,
    )
    prompt = to_prompt(graph, TYPES)
    assert prompt["scale"]["inputs"] == {
        "image": ["load", 0],
        "upscale_method": "nearest-exact",
        "width": 64,
        "height": 512,
        "crop": "disabled",
    }
    assert prompt["save"]["inputs"] == {"images": ["scale", 0], "filename_prefix": "blockloom"}
    # Ours take what comes along the main wire instead.
    assert prompt["crop"]["inputs"] == {"pipeline": ["model", 0]}
    assert prompt["model"] == MODEL


# As ComfyUI's own editor saves these nodes, with the widgets that it adds by itself.
@pytest.mark.parametrize(
    ("class_type", "inputs", "values"),
    [
        ("LoadImage", {"image": "a.png"}, ["a.png", "image"]),
        ("LoadImageMask", {"image": "a.png"}, ["a.png", "alpha", "image"]),
        ("LoadVideo", {"file": "a.mp4"}, ["a.mp4", "image"]),
        ("LoadAudio", {"audio": "a.wav"}, ["a.wav", "image"]),
        ("PrimitiveInt", {"value": 3}, [3, "fixed"]),
        ("PrimitiveFloat", {"value": 0.5}, [0.5]),
        ("BlockloomSeed", {"seed": 5}, [5, "fixed"]),
        ("EmptyImage", {"height": 8}, [512, 8, 1, 0]),
        ("Crop", {"generator": 7}, [5.0, 7, "fixed", ""]),
    ],
)
def test_values_stand_in_the_order_of_the_widgets(class_type, inputs, values):
    assert values_of(class_type, **inputs) == values


def test_the_workflow_is_a_drawing_of_the_graph():
    graph = draw(
        **{
            "model": MODEL,
            "7": node("PrimitiveFloat", {"position": [0, 300], "collapsed": True}, value=2.0),
            "crop": node(
                "Crop",
                {"position": [400, 0]},
                pipeline=["model", "pipeline"],
                guidance=["7", "float"],
                generator=9,
                **{"denoiser_input_fields.embeds": ["7", 0]},
            ),
        }
    )
    workflow = to_workflow(graph, TYPES)
    number, model, crop = (nodes_of(workflow)[id_] for id_ in ("7", "model", "crop"))
    assert (number["id"], model["id"], crop["id"], workflow["last_node_id"]) == (7, 1, 2, 7)
    assert workflow["links"] == [
        [1, 1, 0, 2, 0, "PIPELINE"],
        [2, 7, 0, 2, 3, "FLOAT"],
        [3, 7, 0, 2, 4, "FLOAT"],
    ]
    assert [(slot["name"], slot["link"], slot.get("widget")) for slot in crop["inputs"]] == [
        ("pipeline", 1, None),
        ("corner", None, None),
        ("options", None, None),
        ("guidance", 2, {"name": "guidance"}),
        ("denoiser_input_fields.embeds", 3, None),
    ]
    assert crop["inputs"][4]["type"] == "*"
    assert [(slot["name"], slot["links"]) for slot in number["outputs"]] == [("float", [2, 3])]
    assert crop["properties"] == {
        "Node name for S&R": "Crop",
        "blockloom": {"id": "crop", "typed": ["generator"]},
    }
    assert (model["title"], "title" in crop) == ("Mine", False)
    assert (number["flags"], model["pos"]) == ({"collapsed": True}, [0, 30])
    assert [item["order"] for item in (model, number, crop)] == [0, 1, 2]
    assert json.loads(json.dumps(workflow)) == workflow


def test_values_without_a_widget_come_from_nodes_in_the_workflow():
    graph = draw(
        model=MODEL,
        crop=node(
            "Crop",
            {"position": [400, 0]},
            pipeline=["model", 0],
            corner={"__value__": [1, 2]},
            **{"denoiser_input_fields.on": True},
        ),
    )
    workflow, prompt = to_workflow(graph, TYPES), to_prompt(graph, TYPES)
    made = {
        id_: (item["type"], item["widgets_values"], item["title"])
        for id_, item in nodes_of(workflow).items()
        if item["properties"]["blockloom"].get("made")
    }
    assert made == {
        "crop_corner": ("PrimitiveString", ["[1, 2]"], "corner"),
        "crop_on": ("PrimitiveBoolean", [True], "on"),
    }
    # The server takes them as they are.
    assert prompt["crop"]["inputs"]["corner"] == {"__value__": [1, 2]}
    assert prompt["crop"]["inputs"]["denoiser_input_fields.on"] is True


def test_outputs_that_a_class_does_not_have_are_got_from_the_main_wire():
    blocks = [{"name": "blur", "block": "Blur"}]
    graph = draw(
        model=MODEL,
        load=node("LoadImage", image="a.png"),
        both=node(
            "BlockloomSequence",
            pipeline=["model", "pipeline"],
            image=["load", "image"],
            blocks={"__value__": blocks},
        ),
        save=node("SaveImage", images=["both", "blurred"]),
        look=node("PreviewImage", images=["both", "blurred"]),
    )
    prompt = to_prompt(graph, TYPES)
    assert json.loads(prompt["both"]["inputs"]["blocks"]) == blocks
    assert prompt["both_blurred"] == {
        "class_type": "BlockloomGetValue",
        "inputs": {"pipeline": ["both", 0], "name": "blurred"},
        "_meta": {"title": "blurred"},
    }
    assert prompt["save"]["inputs"]["images"] == ["both_blurred", 0]
    assert prompt["look"]["inputs"]["images"] == ["both_blurred", 0]
    workflow = nodes_of(to_workflow(graph, TYPES))
    assert json.loads(workflow["both_blocks"]["widgets_values"][0]) == blocks
    assert [slot["name"] for slot in workflow["both"]["inputs"]] == ["pipeline", "image", "blocks"]


def test_muted_bypassed_and_bent_as_drawn():
    drawn = {
        "bend": node("Reroute", {"position": [9, 9]}, value=["load", "image"]),
        "turn": node("ImageInvert", {"mode": "bypassed"}, image=["bend", "value"]),
        "save": node("SaveImage", images=["turn", "image"]),
        "off": node("PreviewImage", {"mode": "muted"}, images=["load", "image"]),
    }
    graph = draw(
        {"drawn": drawn},
        load=node("LoadImage", image="a.png"),
        save=node("SaveImage", images=["load", "image"]),
    )
    workflow = to_workflow(graph, TYPES)
    found = nodes_of(workflow)
    assert {id_: item["mode"] for id_, item in found.items()} == {
        "load": 0,
        "save": 0,
        "bend": 0,
        "turn": 4,
        "off": 2,
    }
    ids = {id_: item["id"] for id_, item in found.items()}
    assert [(link[1], link[3]) for link in workflow["links"]] == [
        (ids[one], ids[other])
        for one, other in (("turn", "save"), ("load", "bend"), ("bend", "turn"), ("load", "off"))
    ]
    assert found["bend"]["pos"] == [9, 9]
    assert list(to_prompt(graph, TYPES)) == ["load", "save"]


def test_groups_and_notes_are_drawn():
    extra = {
        "groups": [{"id": "g", "title": "Look", "colour": "red", "x": -20, "y": -50, "width": 340}],
        "notes": [{"id": "n", "text": "Why", "x": 0, "y": -400, "width": 300, "height": 150}],
    }
    workflow = to_workflow(draw(extra, model=MODEL), TYPES)
    (group,) = workflow["groups"]
    assert (group["title"], group["color"], group["bounding"][:2]) == (
        "Look",
        "#c8645c",
        [-20, -50],
    )
    _, top, width, height = group["bounding"]
    (model, note) = workflow["nodes"]
    assert top + height >= model["pos"][1] + model["size"][1]
    assert width >= 340
    assert (note["type"], note["widgets_values"], note["pos"]) == ("Note", ["Why"], [0, -370])
    assert (note["size"], workflow["last_node_id"]) == ([300, 120], 2)


def test_nothing_overlaps_and_rows_stay_rows():
    places = {"a": [0, 0], "b": [350, 0], "c": [350, 120], "d": [700, 0], "e": [700, 120]}
    graph = draw(
        **{id_: node("BlockloomLoadPipeline", {"position": at}) for id_, at in places.items()},
        f=node("EmptyImage"),
    )
    found = nodes_of(to_workflow(graph, TYPES))
    boxes = {id_: (*item["pos"], *item["size"]) for id_, item in found.items()}
    assert boxes["a"][1] == boxes["b"][1] == boxes["d"][1]
    assert boxes["c"][1] == boxes["e"][1]
    assert boxes["b"][0] == boxes["c"][0]
    for one in boxes:
        for other in boxes:
            x, y, width, height = boxes[one]
            left, top, _, _ = boxes[other]
            is_inside = x <= left < x + width and y <= top - 30 < y + height
            assert one == other or not is_inside, (one, other)


@pytest.mark.parametrize(
    ("class_type", "inputs", "code", "socket"),
    [
        ("Nothing", {}, "unknown_type", None),
        ("EmptyImage", {"side": 3}, "unknown_input", "side"),
        ("Crop", {"note": {"__value__": ["a", "b"]}}, "not_in_comfyui", "note"),
        (
            "Crop",
            {"denoiser_input_fields.x": {"a": 1}},
            "not_in_comfyui",
            "denoiser_input_fields.x",
        ),
    ],
)
def test_what_cannot_be_there_is_told_with_its_place(class_type, inputs, code, socket):
    with pytest.raises(GraphError) as caught:
        export_to_comfyui(draw(it=node(class_type, **inputs)), TYPES)
    assert [(p.code, p.place.node_id, p.place.socket) for p in caught.value.problems] == [
        (code, "it", socket)
    ]


def test_what_comes_out_otherwise_is_a_warning():
    graph = draw(
        seed=node("BlockloomSeed", seed=2**60),
        crop=node("Crop", guidance=None, note=None),
    )
    found = export_to_comfyui(graph, TYPES)
    assert [(p.place.node_id, p.place.socket, p.is_warning) for p in found.problems] == [
        ("seed", "seed", True),
        ("crop", "guidance", True),
        ("crop", "generator", True),
    ]
    # It draws from the seed that is typed elsewhere, as in a run.
    assert found.prompt["crop"]["inputs"] == {"generator": 2**60}


def test_a_graph_that_is_not_finished_can_be_taken_along():
    found = export_to_comfyui(draw(crop=node("Crop", pipeline=["gone", "pipeline"])), TYPES)
    assert found.prompt["crop"]["inputs"] == {}
    assert (found.workflow["links"], found.node_ids) == ([], {"crop": 1})


def test_the_seed_of_the_run_is_typed_where_a_block_draws_from_it():
    nodes = {
        "model": MODEL,
        "one": node("Crop", pipeline=["model", "pipeline"]),
        # The main wire carries the generator from there on.
        "two": node("Crop", pipeline=["one", "pipeline"]),
        "apart": node("Crop", pipeline=["model", "pipeline"], generator=None),
    }
    fixed = to_prompt(draw({"seed": 5}, **nodes), TYPES)
    assert {id_: item["inputs"].get("generator") for id_, item in fixed.items()} == {
        "model": None,
        "one": 5,
        "two": None,
        "apart": None,
    }
    # As in a run, one that is typed on a node counts for those that have none.
    later = node("Crop", pipeline=["two", "pipeline"], generator=8)
    typed = draw(**{**nodes, "later": later})
    workflow = nodes_of(to_workflow(typed, TYPES))
    assert workflow["one"]["widgets_values"][1] == 8
    assert workflow["one"]["properties"]["blockloom"]["typed"] == ["generator"]
    assert workflow["two"]["properties"]["blockloom"]["typed"] == []
    none = to_prompt(draw(**nodes), TYPES)
    assert "generator" not in none["one"]["inputs"]
