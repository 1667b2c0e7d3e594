from __future__ import annotations

import json
import subprocess
import sys

import pytest

from blockloom.graph.file import load_graph


def test_nodes(blockloom):
    everything = blockloom("nodes")
    assert everything.code == 0
    ids = [line.split()[0] for line in everything.out.splitlines()]
    assert {"LoadImage", "BlockloomLoadPipeline", "StableDiffusionXLTextEncoderStep"} <= set(ids)
    assert everything.err == f"{len(ids)} node types.\n"

    found = blockloom("nodes", "load image", "--json").json
    assert found[0]["id"] == "LoadImage"
    assert blockloom("nodes", "qqqqqq").out == ""


def test_one_node_with_its_sockets(blockloom):
    lines = blockloom("nodes", "SolidMask").out.splitlines()
    assert lines[0] == "SolidMask: Solid Mask (function)"
    assert [line.split()[:4] for line in lines if line.startswith("  ")] == [
        ["value", "FLOAT", "default", "1.0"],
        ["width", "INT", "default", "512"],
        ["height", "INT", "default", "512"],
        ["mask", "MASK"],
    ]
    block = blockloom("nodes", "StableDiffusionXLAutoDecodeStep").out
    assert "blocks inside" in block
    assert "components" in block


def test_pipelines(blockloom):
    listed = {entry["name"]: entry for entry in blockloom("pipelines", "--json").json}
    assert len(listed) >= 30
    workflows = [workflow["name"] for workflow in listed["stable-diffusion-xl"]["workflows"]]
    assert workflows[:3] == ["text2image", "image2image", "inpainting"]
    assert "stable-diffusion-xl" in blockloom("pipelines").out


@pytest.mark.parametrize("leaf", [[], ["--leaf"]])
def test_a_new_graph_checks(blockloom, folder, leaf):
    answer = blockloom("new", "stable-diffusion-xl", *leaf, "-o", "g.json")
    graph = load_graph(folder / "g.json")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err == (
        f"Wrote g.json: stable-diffusion-xl, text2image, {len(graph.nodes)} nodes.\n"
    )
    assert blockloom("check", "g.json").code == 0
    assert blockloom("new", "stable-diffusion-xl", *leaf).json == json.loads(
        (folder / "g.json").read_text()
    )


def test_a_new_graph_for_a_model_one_has(blockloom):
    answer = blockloom("new", "flux", "--model", "someone/flux")
    assert '"someone/flux"' in answer.out
    assert answer.err == ""
    assert "names no model yet" in blockloom("new", "flux").err


def test_a_file_is_not_replaced_unasked(blockloom, folder):
    (folder / "g.json").write_text("mine")
    answer = blockloom("new", "stable-diffusion-xl", "-o", "g.json")
    assert (answer.code, (folder / "g.json").read_text()) == (2, "mine")
    assert answer.err.startswith('error: "g.json" is there already.')
    assert blockloom("new", "stable-diffusion-xl", "-o", "g.json", "--force").code == 0
    assert (folder / "g.json").read_text() != "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["stable-difusion-xl"], "Did you mean stable-diffusion-xl"),
        (["stable-diffusion-xl", "--workflow", "inpaint"], "Did you mean inpainting"),
        (["qqqq"], "There are: "),
    ],
)
def test_pipelines_and_workflows_that_are_not_there(blockloom, arguments, message):
    answer = blockloom("new", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


@pytest.mark.parametrize(
    "command",
    [["check", "graph.json"], ["nodes"], ["nodes", "LoadImage"], ["pipelines"], ["new", "flux"]],
)
def test_torch_is_not_imported(blockloom, graph_file, command):
    blockloom("nodes")  # the catalogue is on disk
    graph_file(
        red=("EmptyImage", {}),
        model=("BlockloomLoadPipeline", {}),
        save=("SaveImage", {"images": ["red", "image"]}),
    )
    script = (
        "import sys; from blockloom.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'torch', 'diffusers', 'transformers', 'numpy', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, done.stderr)


def test_python_m_blockloom(blockloom_process):
    answer = blockloom_process("--version")
    assert (answer.code, answer.out.split()[0]) == (0, "blockloom")
    assert "usage: blockloom" in blockloom_process("--help").out
