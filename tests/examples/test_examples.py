"""Every example runs as it is, with the built-in model, and saves a picture with its graph."""

from __future__ import annotations

import json
from pathlib import Path

import PIL.Image
import pytest
from tests.real_sessions import first_reader, open_real_session, run, with_input, workshop

from blockloom.execution.views import Host
from blockloom.export.comfyui import export_to_comfyui
from blockloom.export.comfyui_read import read_any
from blockloom.export.png import read_png_origin
from blockloom.graph.file import load_graph, read_graph
from blockloom.graph.model import Graph, Literal
from blockloom.resources import examples_folder

EXAMPLES = sorted(examples_folder().glob("*.json"))


def typed_seed(graph: Graph) -> object:
    (seed,) = {
        given.value
        for node in graph.nodes.values()
        for name, given in node.inputs.items()
        if name == "generator" and isinstance(given, Literal)
    }
    return seed


def test_there_are_the_examples_the_readme_names() -> None:
    assert {path.stem for path in EXAMPLES} == {
        "image_to_image",
        "inpainting",
        "leaf_text_to_image",
        "text_to_image",
        "two_schedulers",
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_and_its_picture_carries_the_graph(path: Path, tmp_path: Path) -> None:
    graph = load_graph(path)
    host = Host(output_folder=tmp_path, input_folders=(path.parent,))
    report = run(open_real_session(), graph, host)
    (files,) = report.outputs.values()
    picture = PIL.Image.open(files[0]["path"])
    assert picture.size[1] == 384
    assert picture.convert("L").getextrema() != (0, 0)
    assert report.seed == typed_seed(graph)
    origin = read_png_origin(Path(files[0]["path"]))
    assert (read_graph(origin.graph_json), origin.seed) == (graph, typed_seed(graph))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_checks_without_any_remark(path: Path) -> None:
    assert open_real_session().check(load_graph(path)).problems == ()


def test_two_schedulers_share_one_text_encoder(tmp_path: Path) -> None:
    graph = load_graph(examples_folder() / "two_schedulers.json")
    session, host = open_real_session(), Host(output_folder=tmp_path)
    report = run(session, graph, host)
    encoders = [n.id for n in graph.nodes.values() if "TextEncoder" in n.class_type]
    assert encoders == ["text_encoder"]
    other = with_input(graph, "denoise_dpm", "num_inference_steps", 6)
    again = run(session, other, host)
    assert set(again.ran) == {
        "denoise_dpm",
        "decode_dpm",
        "side_by_side",
        "enlarge",
        "save",
    }
    assert report.value("decode_euler", "images") == again.value("decode_euler", "images")


@pytest.mark.parametrize("name", ["text_to_image", "inpainting", "leaf_text_to_image"])
def test_a_file_of_comfyuis_api_gives_the_same_pixels(name: str, tmp_path: Path) -> None:
    """Numbers for ids, places for outputs, keys that mean nothing here: as ComfyUI saves it."""
    path = examples_folder() / f"{name}.json"
    graph = load_graph(path)
    graph = with_input(graph, first_reader(graph, "num_inference_steps"), "num_inference_steps", 2)
    exported = export_to_comfyui(graph, workshop().catalogue)
    numbers = {id_: str(number) for id_, number in exported.node_ids.items()}
    text = json.dumps(exported.prompt)
    for id_, number in numbers.items():
        text = text.replace(f'["{id_}", ', f'["{number}", ')
    saved = {
        numbers[id_]: {**node, "is_changed": ["x"], "_meta": {"title": id_}}
        for id_, node in json.loads(text).items()
    }
    theirs = read_any(saved, workshop().catalogue)
    assert not set(theirs.nodes) & set(graph.nodes)
    pictures = []
    for number, drawn in enumerate((graph, theirs)):
        host = Host(output_folder=tmp_path / str(number), input_folders=(path.parent,))
        (files,) = run(open_real_session(), drawn, host).outputs.values()
        with PIL.Image.open(files[0]["path"]) as picture:
            pictures.append((Path(files[0]["path"]).name, picture.size, picture.tobytes()))
    assert pictures[0] == pictures[1]


def test_a_new_prompt_does_not_encode_the_picture_again(tmp_path: Path) -> None:
    path = examples_folder() / "inpainting.json"
    graph = load_graph(path)
    session, host = open_real_session(), Host(tmp_path, (path.parent,))
    run(session, graph, host)
    reader = first_reader(graph, "prompt")
    report = run(session, with_input(graph, reader, "prompt", "a red house"), host)
    encoder = next(node.id for node in graph.nodes.values() if "VaeEncoder" in node.class_type)
    assert encoder in report.kept
    assert workshop().catalogue.get(graph.nodes[encoder].class_type) is not None
    assert {"text_encoder", "denoise", "decode"} <= set(report.ran)
