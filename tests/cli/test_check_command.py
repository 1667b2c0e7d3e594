from __future__ import annotations

import pytest


@pytest.fixture
def scaled(graph_file):
    return graph_file(
        red=("EmptyImage", {"width": 8}),
        scale=("ImageScale", {"image": ["red", "image"], "height": 9}),
        save=("SaveImage", {"images": ["scale", 0]}),
        unused=("PrimitiveInt", {}),
    )


def test_every_input_with_its_source(blockloom, scaled):
    answer = blockloom("check", scaled)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == [
        "red  EmptyImage",
        "    width  typed here: 8",
        "    by default: height 512, batch_size 1, color 0",
        "scale  ImageScale",
        "    image   from node red, output image",
        "    height  typed here: 9",
        '    by default: upscale_method "nearest-exact", width 512, crop "disabled"',
        "save  SaveImage",
        "    images  from node scale, output image",
        '    by default: filename_prefix "blockloom"',
        "unused  PrimitiveInt  (not needed for what is saved or shown)",
        "    by default: value 0",
        "The graph can run: 3 nodes.",
    ]


def test_the_same_for_programs(blockloom, scaled):
    answer = blockloom("check", scaled, "--json", "--set", "scale.width=1")
    assert answer.code == 0
    found = answer.json
    scale = found["nodes"].pop("scale")
    assert (found["can_run"], found["problems"], found["order"]) == (
        True,
        [],
        ["red", "scale", "save"],
    )
    assert scale == {
        "class_type": "ImageScale",
        "inputs": {
            "image": {"from": "link", "node": "red", "output": "image"},
            "upscale_method": {"from": "default", "value": "nearest-exact", "text": ""},
            "width": {"from": "typed", "value": 1},
            "height": {"from": "typed", "value": 9},
            "crop": {"from": "default", "value": "disabled", "text": ""},
        },
        "branches": {},
        "undecided": [],
    }


def test_all_problems_at_once(blockloom, graph_file):
    graph = graph_file(
        red=("EmptyImage", {"width": 0, "hight": 3}),
        save=("SaveImage", {}),
        text=("PrimitiveString", {"value": ["nobody", 0]}),
    )
    answer = blockloom("check", graph)
    lines = answer.err.splitlines()
    assert (answer.code, answer.out) == (2, "")
    assert [line for line in lines if line.startswith("error: ")] == [
        line for line in lines if 'node "save" (SaveImage), input "images"' in line
    ]
    for place in ('node "red" (EmptyImage), input "width"', 'input "hight"', 'node "text"'):
        assert any(line.startswith("warning: ") and place in line for line in lines)
    problems = blockloom("check", graph, "--json").json["problems"]
    assert len(problems) == len(lines)
    assert set(problems[0]) == {
        "code",
        "node",
        "class_type",
        "socket",
        "side",
        "message",
        "remedy",
        "is_warning",
    }


@pytest.mark.parametrize("content", ["", "[]", "{", '{"prompt": 3}', '{"a": {"inputs": {}}}'])
def test_what_is_no_graph(blockloom, folder, content):
    (folder / "graph.json").write_text(content)
    answer = blockloom("check", "graph.json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error: ")
    assert "Traceback" not in answer.err


def test_what_is_no_graph_for_programs(blockloom, folder):
    (folder / "graph.json").write_text("[]")
    answer = blockloom("check", "graph.json", "--json")
    assert answer.code == 2
    assert [problem["code"] for problem in answer.json["problems"]] == ["not_a_graph"]
