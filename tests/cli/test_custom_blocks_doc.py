"""What docs/custom_blocks.md shows, done."""

from __future__ import annotations

import json
import re
from pathlib import Path

DOC = (Path(__file__).parents[2] / "docs" / "custom_blocks.md").read_text()


def test_the_blocks_shown_are_nodes_and_run(blockloom, folder) -> None:
    bend, brighten = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    loop = json.loads(re.findall(r"```json\n(.*?)```", DOC, re.DOTALL)[0])
    nodes = folder / "data" / "nodes"
    nodes.mkdir(parents=True)
    (nodes / "bend.py").write_text(bend)
    (nodes / "brighten.py").write_text(
        "from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam\n"
        + brighten
    )
    assert blockloom("new", "stable-diffusion-xl", "--leaf", "--model", "demo", "-o", "g.json")
    graph = json.loads((folder / "g.json").read_text())
    prompt = graph["prompt"]
    (loop_id,) = (k for k, node in prompt.items() if node["class_type"] == loop["class_type"])
    decode_id, decode = next((k, n) for k, n in prompt.items() if "Decode" in n["class_type"])
    given = {k: value for k, value in loop["inputs"].items() if k != "pipeline"}
    prompt[loop_id]["inputs"] |= given
    prompt["bright"] = {
        "class_type": "Brighten",
        "inputs": {"pipeline": decode["inputs"]["pipeline"], "by": 0.2},
    }
    decode["inputs"]["pipeline"] = ["bright", "pipeline"]
    (folder / "g.json").write_text(json.dumps(graph))
    settings = ("--set", "num_inference_steps=2", "--set", "prompt=a red circle")
    answer = blockloom("run", "g.json", *settings, "--json")
    assert answer.code == 0, answer.err
    assert {"bright", loop_id, decode_id} <= set(answer.json["ran"])
