"""Every error of a posted graph names the node, the input and the cause, in ComfyUI's shape."""

from __future__ import annotations

from typing import Any

import pytest
from tests.server.server_kit import Lab, play

EMPTY = {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8}}
NUMBER = {"class_type": "PrimitiveInt", "inputs": {"value": 1}}


def empty(**inputs: Any) -> dict[str, Any]:
    return {"class_type": "EmptyImage", "inputs": inputs}


def invert(link: Any) -> dict[str, Any]:
    return {"class_type": "ImageInvert", "inputs": {"image": link}}


def save(link: Any) -> dict[str, Any]:
    return {"class_type": "SaveImage", "inputs": {"images": link}}


# name: graph, node, input, type of the error, what the details say, what the remedy says
CASES: dict[str, tuple[dict[str, Any], str, str, str, str, str]] = {
    "nothing linked": (
        {"2": {"class_type": "SaveImage", "inputs": {}}},
        *("2", "images", "required_input_missing", "images", "Link an output"),
    ),
    "no such node": (
        {"2": save(["9", 0])},
        *("2", "images", "bad_linked_input", 'node "9", which is not in the graph', "Remove"),
    ),
    "no such output number": (
        {"1": EMPTY, "2": save(["1", 3])},
        *("2", "images", "bad_linked_input", "has no output number 3", "It has image"),
    ),
    "no such output name": (
        {"1": EMPTY, "2": save(["1", "imagge"])},
        *("2", "images", "bad_linked_input", 'no output "imagge"', 'Did you mean "image"'),
    ),
    "a negative output": (
        {"1": EMPTY, "2": save(["1", -1])},
        *("2", "images", "bad_linked_input", "names no output", "A link is"),
    ),
    "another type": (
        {"1": NUMBER, "2": save(["1", 0])},
        *("2", "images", "return_type_mismatch", "received_type(INT)", "Link another output"),
    ),
    "a text for a number": (
        {"1": empty(width="x"), "2": save(["1", 0])},
        *("1", "width", "invalid_input_type", 'not the text "x"', "Type a whole number"),
    ),
    "too small": (
        {"1": empty(width=0), "2": save(["1", 0])},
        *("1", "width", "value_smaller_than_min", "smallest allowed is 1", "smallest allowed is 1"),
    ),
    "too large": (
        {"1": empty(width=10**9), "2": save(["1", 0])},
        *("1", "width", "value_bigger_than_max", "largest allowed is 16384", "largest allowed"),
    ),
    "no such choice": (
        {
            "1": EMPTY,
            "3": {
                "class_type": "ImageScale",
                "inputs": {"image": ["1", 0], "upscale_method": "none"},
            },
            "2": save(["3", 0]),
        },
        *("3", "upscale_method", "value_not_in_list", 'no choice "none"', 'Choose "nearest-exact"'),
    ),
    "a picture that is typed": (
        {"2": save("a.png")},
        *("2", "images", "invalid_input_type", "have to be linked", "Load Image"),
    ),
    "a list that is no link": (
        {"1": empty(width=[1, 2, 3]), "2": save(["1", 0])},
        *("1", "width", "bad_linked_input", "has to be wrapped", "__value__"),
    ),
    "a wrapped value with more beside it": (
        {"1": empty(width={"__value__": 1, "x": 2}), "2": save(["1", 0])},
        *("1", "width", "bad_linked_input", "may hold nothing else", "Wrap the whole"),
    ),
    "a circle": (
        {"1": invert(["3", 0]), "3": invert(["1", 0]), "2": save(["1", 0])},
        *("3", "image", "dependency_cycle", "in a circle: 3 -> 1 -> 3", "Remove one"),
    ),
    "a node linked to itself": (
        {"1": invert(["1", 0]), "2": save(["1", 0])},
        *("1", "image", "dependency_cycle", "in a circle: 1 -> 1", "Remove one"),
    ),
    "a main wire that is missing": (
        {
            "1": {"class_type": "BlockloomGetValue", "inputs": {"name": "latents"}},
            "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
        },
        *("1", "pipeline", "required_input_missing", "pipeline", ""),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_error_names_node_input_and_cause(name: str, tmp_path: Any) -> None:
    graph, node_id, input_name, kind, cause, remedy = CASES[name]

    async def story(lab: Lab) -> None:
        status, answer = await lab.post("/prompt", {"prompt": graph})
        assert (status, answer["error"]["type"]) == (400, "prompt_outputs_failed_validation")
        assert answer["node_errors"].keys() == {node_id}
        found = answer["node_errors"][node_id]
        assert found["class_type"] == graph[node_id]["class_type"]
        assert found["dependent_outputs"] == ["2"]
        (error,) = found["errors"]
        assert (error["type"], error["extra_info"]["input_name"]) == (kind, input_name)
        assert cause in error["details"]
        assert input_name in error["details"]
        assert error["message"]
        assert error["extra_info"]["reason"]
        assert remedy in error["extra_info"]["remedy"]
        # ComfyUI leaves these empty unless the error is on the output itself.
        assert f"Node {node_id} ({found['class_type']})" in answer["error"]["details"]
        assert cause in answer["error"]["details"]

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("node", "kind", "words"),
    [
        ({"class_type": "EmptyImag", "inputs": {}}, "does not exist", "Did you mean EmptyImage"),
        ({"inputs": {}}, "missing the class_type", "Node ID '#1'"),
        ({"class_type": 5, "inputs": {}}, "missing the class_type", "Node ID '#1'"),
        ("text", "missing the class_type", "Node ID '#1'"),
        (
            {"class_type": "EmptyImage", "inputs": [1]},
            '"inputs" has to be',
            'node "1" (EmptyImage)',
        ),
        ({**EMPTY, "_meta": 5}, '"_meta" has to be', 'node "1" (EmptyImage)'),
    ],
)
def test_a_node_that_is_none_is_named(node: Any, kind: str, words: str, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        body = {"prompt": {"1": node, "2": save(["1", 0])}}
        status, answer = await lab.post("/prompt", body)
        assert (status, answer["error"]["type"]) == (400, "invalid_prompt")
        assert kind in answer["error"]["message"]
        assert words in answer["error"]["details"]
        assert answer["error"]["extra_info"]["node_id"] == "1"
        assert answer["node_errors"] == {}

    play(tmp_path, story)
