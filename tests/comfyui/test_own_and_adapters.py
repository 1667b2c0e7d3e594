"""Blocks of the user's own and LoRAs inside ComfyUI: a branch with one leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from diffusers import ClassifierFreeGuidance, ModularPipeline, StableDiffusionXLPipeline
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from tests.comfyui.core_nodes import pixels
from tests.comfyui.executor import Report
from tests.comfyui.host import Host, open_pack
from tests.comfyui.prompts import example, node, typed
from tests.comfyui.validation import Prompt
from tests.real_sessions import reference_pipeline

from blockloom.demo import model_folder
from blockloom.settings import read_settings

BALLOON = "a red hot air balloon on the left over snowy mountains at sunset with the sun"
FEW = 4
OWN = '''
from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam


class FadeInPlace(ModularPipelineBlocks):
    """Write into the latents it was given."""

    @property
    def inputs(self):
        return [
            InputParam("latents", required=True),
            InputParam("by", type_hint=float, default=0.5),
        ]

    @property
    def intermediate_outputs(self):
        return [OutputParam("latents")]

    def __call__(self, components, state):
        block_state = self.get_block_state(state)
        block_state.latents.mul_(block_state.by)
        self.set_block_state(state, block_state)
        return components, state
'''


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host whose user has a block of their own."""
    base = tmp_path_factory.mktemp("own")
    nodes = base / "data" / "nodes"
    nodes.mkdir(parents=True)
    (nodes / "fade.py").write_text(OWN)
    with pytest.MonkeyPatch.context() as patch:
        # The catalogue of diffusers' blocks is the one that is there already.
        patch.setenv("BLOCKLOOM_CACHE", str(read_settings().cache))
        patch.setenv("BLOCKLOOM_DATA", str(base / "data"))
        with open_pack(base / "comfyui") as host:
            yield host


@pytest.fixture(scope="module")
def lora(loaded: Host) -> str:
    """A LoRA in a folder of ComfyUI's for diffusers' models, and its name there."""
    folder = loaded.base / "models" / "diffusers" / "shine"
    pipeline = StableDiffusionXLPipeline.from_pretrained(model_folder())
    pipeline.unet.add_adapter(
        LoraConfig(r=2, lora_alpha=2, target_modules=["to_q", "to_k", "to_v"])
    )
    state = get_peft_model_state_dict(pipeline.unet, adapter_name="default")
    random = torch.Generator().manual_seed(4)
    weights = {name: torch.randn(w.shape, generator=random) / 2 for name, w in state.items()}
    StableDiffusionXLPipeline.save_lora_weights(
        folder, unet_lora_layers=weights, weight_name="shine.safetensors"
    )
    return "shine"


def reference() -> ModularPipeline:
    pipeline = reference_pipeline()
    pipeline.update_components(guider=ClassifierFreeGuidance(guidance_scale=4.0))
    return pipeline


def expected(pipeline: ModularPipeline) -> numpy.ndarray:
    generator = torch.Generator().manual_seed(2)
    images = pipeline(generator=generator, output="images", prompt=BALLOON, num_inference_steps=FEW)
    return numpy.asarray(images[0])


def found(report: Report, decode: str) -> numpy.ndarray:
    assert report.error is None, (report.failed_node, report.error)
    return pixels(report.value(decode, 1)[0])


def with_branch(host: Host, behind: str, first: dict[str, Any]) -> Prompt:
    """The first example with a second branch that begins behind a node, with that node."""
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    names = list(prompt)
    prompt["other"] = {**first, "inputs": {**first["inputs"], "pipeline": [behind, 0]}}
    before = "other"
    for name in names[names.index(behind) + 1 : names.index("decode") + 1]:
        prompt[f"{name}_other"] = typed(prompt, name, pipeline=[before, 0])[name]
        before = f"{name}_other"
    prompt["preview"] = node("PreviewImage", images=[before, 1])
    return prompt


def test_a_block_that_writes_in_place_changes_its_own_branch_only(host: Host) -> None:
    picture = expected(reference())
    prompt = with_branch(host, "denoise", node("FadeInPlace", by=0.5))
    # Whichever branch comes first.
    for order in (list(prompt), list(reversed(prompt))):
        host.free()
        report = host.run({name: prompt[name] for name in order})
        assert numpy.array_equal(found(report, "decode"), picture)
        faded = found(report, "decode_other")
        assert not numpy.array_equal(faded, picture)
    # Once more from what was kept, in the one branch and in the other.
    again = host.run(typed(prompt, "other", by=0.25))
    assert "denoise" in again.cached
    assert not numpy.array_equal(found(again, "decode_other"), faded)
    back = host.run(typed(typed(prompt, "other", by=0.5), "decode", output_type="pil"))
    assert numpy.array_equal(found(back, "decode"), picture)
    assert numpy.array_equal(found(back, "decode_other"), faded)


def test_a_lora_changes_its_own_branch_only(host: Host, lora: str) -> None:
    plain = expected(reference())
    pipeline = reference()
    folder = host.base / "models" / "diffusers" / lora
    pipeline.load_lora_weights(str(folder), weight_name="shine.safetensors", adapter_name="a")
    pipeline.set_adapters(["a"], [0.6])
    shining = expected(pipeline)
    assert not numpy.array_equal(plain, shining)
    apply = node("BlockloomApplyLoRA", model=lora, weight_name="shine.safetensors", strength=0.6)
    prompt = with_branch(host, "guider", apply)
    for order in (list(prompt), list(reversed(prompt))):
        host.free()
        report = host.run({name: prompt[name] for name in order})
        assert numpy.array_equal(found(report, "decode"), plain)
        assert numpy.array_equal(found(report, "decode_other"), shining)
    nothing = host.run(typed(prompt, "other", strength=0.0))
    assert numpy.array_equal(found(nothing, "decode_other"), plain)
    assert "decode" in nothing.cached


def test_a_model_outside_of_comfyuis_folders_is_not_for_a_prompt_to_name(
    host: Host, tmp_path: Path
) -> None:
    (tmp_path / "shine.safetensors").write_bytes(b"")
    apply = node(
        "BlockloomApplyLoRA", model=str(tmp_path), weight_name="shine.safetensors", strength=1.0
    )
    report = host.run(with_branch(host, "guider", apply))
    assert report.error is not None
    assert report.failed_node is not None
    assert "BlockloomApplyLoRA" in str(report.error) or str(tmp_path) in str(report.error)
