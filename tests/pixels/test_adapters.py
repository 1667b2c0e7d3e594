"""Adapters give what diffusers gives with them, and leave everything else as it was."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from diffusers import ModularPipeline, StableDiffusionXLPipeline
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file
from tests.kit.families.sdxl import IP_ADAPTER_FILE, write_ip_adapter
from tests.real_sessions import (
    first_reader,
    make_pictures,
    run,
    template,
    with_input,
    with_node_behind,
    without_sinks,
    workshop,
)
from tests.tiny_models import TEXT_WIDTH, build_tiny_sdxl

from blockloom.bridge.adapter_files import find_adapter_file
from blockloom.bridge.ip_adapters import apply_ip_adapter_file
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.models import LoadOptions, open_model
from blockloom.errors import BlockloomError, NodeFailed
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.wiring import Engine, open_engine

GIVEN: dict[str, Any] = {"prompt": "a red boat", "num_inference_steps": 3}
NAMES = ("unet", "text_encoder", "text_encoder_2")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("sdxl"), dtype=torch.float32)


@pytest.fixture(scope="module")
def loras(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two LoRAs with random weights: one for all models, one for the UNet only."""
    folder = tmp_path_factory.mktemp("loras")
    for seed, (name, parts) in enumerate({"all": NAMES, "unet_only": NAMES[:1]}.items()):
        pipeline = StableDiffusionXLPipeline.from_pretrained(model)
        states = {part: lora_state(getattr(pipeline, part), seed) for part in parts}
        StableDiffusionXLPipeline.save_lora_weights(
            folder,
            unet_lora_layers=states.get("unet"),
            text_encoder_lora_layers=states.get("text_encoder"),
            text_encoder_2_lora_layers=states.get("text_encoder_2"),
            weight_name=f"{name}.safetensors",
        )
    return folder


def lora_state(module: Any, seed: int) -> dict[str, torch.Tensor]:
    is_unet = hasattr(module, "conv_in")
    targets = ["to_q", "to_k", "to_v"] if is_unet else ["q_proj", "v_proj"]
    config = LoraConfig(r=2, lora_alpha=2, target_modules=targets)
    module.add_adapter(config, *([] if is_unet else ["default"]))
    state = get_peft_model_state_dict(module, adapter_name="default")
    random = torch.Generator().manual_seed(seed)
    return {name: torch.randn(w.shape, generator=random) / 2 for name, w in state.items()}


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A word of two vectors for both text encoders."""
    folder = tmp_path_factory.mktemp("words")
    random = torch.Generator().manual_seed(7)
    tables = {name: torch.randn(2, TEXT_WIDTH, generator=random) for name in ("clip_l", "clip_g")}
    save_file(tables, folder / "cat.safetensors")
    return folder


@pytest.fixture
def engine() -> Engine:
    return open_engine(workshop())


def graph_of(model: Path, **given: Any) -> Graph:
    graph = without_sinks(template("text2image", model=str(model)))
    for name, value in {**GIVEN, **given}.items():
        graph = with_input(graph, first_reader(graph, name), name, value)
    return graph


def lora_node(node_id: str, loras: Path, name: str, **inputs: Any) -> Node:
    values = {"model": str(loras), "weight_name": f"{name}.safetensors", **inputs}
    return Node(node_id, "BlockloomApplyLoRA", {k: Literal(v) for k, v in values.items()})


def pixels(engine: Engine, graph: Graph, folder: Path) -> numpy.ndarray:
    report = run(engine.session, graph, make_pictures(folder), targets=("decode",))
    return numpy.asarray(report.value("decode", "images")[0])


@cache
def reference(model: Path) -> ModularPipeline:
    pipeline = ModularPipeline.from_pretrained(str(model))
    pipeline.load_components(dtype=torch.float32)
    return pipeline


def expected(pipeline: ModularPipeline, **given: Any) -> numpy.ndarray:
    generator = torch.Generator().manual_seed(0)
    images = pipeline(generator=generator, output="images", **{**GIVEN, **given})
    return numpy.asarray(images[0])


def fresh_reference(model: Path) -> ModularPipeline:
    pipeline = ModularPipeline.from_pretrained(str(model))
    pipeline.load_components(dtype=torch.float32)
    return pipeline


def test_a_lora_gives_diffusers_pixels_and_goes_without_a_trace(
    tmp_path: Path, model: Path, loras: Path, engine: Engine
) -> None:
    graph = graph_of(model)
    plain = pixels(engine, graph, tmp_path)
    assert numpy.array_equal(plain, expected(reference(model)))
    pipeline = fresh_reference(model)
    pipeline.load_lora_weights(str(loras), weight_name="all.safetensors", adapter_name="a")
    for strength in (1.0, 0.4):
        pipeline.set_adapters(["a"], [strength])
        with_lora = with_node_behind(
            graph, "model", lora_node("lora", loras, "all", strength=strength)
        )
        found = pixels(engine, with_lora, tmp_path)
        assert numpy.array_equal(found, expected(pipeline)), strength
        assert not numpy.array_equal(found, plain)
    nothing = with_node_behind(graph, "model", lora_node("lora", loras, "all", strength=0.0))
    assert numpy.array_equal(pixels(engine, nothing, tmp_path), plain)
    # From nothing, on the very models that had the LoRA: not out of what was kept.
    other_seed = graph_of(model, generator=5)
    generator = torch.Generator().manual_seed(5)
    images = reference(model)(generator=generator, output="images", **GIVEN)
    assert numpy.array_equal(pixels(engine, other_seed, tmp_path), numpy.asarray(images[0]))


def test_several_loras_add_up(tmp_path: Path, model: Path, loras: Path, engine: Engine) -> None:
    pipeline = fresh_reference(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are two of them
        for adapter, name in {"a": "all", "b": "unet_only"}.items():
            file = f"{name}.safetensors"
            pipeline.load_lora_weights(str(loras), weight_name=file, adapter_name=adapter)
    pipeline.set_adapters(["a", "b"], [0.7, -0.5])
    graph = with_node_behind(graph_of(model), "model", lora_node("one", loras, "all", strength=0.7))
    graph = with_node_behind(graph, "one", lora_node("two", loras, "unet_only", strength=-0.5))
    assert numpy.array_equal(pixels(engine, graph, tmp_path), expected(pipeline))


def test_only_what_a_lora_changes_runs_again_and_no_model_is_loaded_twice(
    tmp_path: Path, model: Path, loras: Path, engine: Engine
) -> None:
    graph = graph_of(model)
    pixels(engine, graph, tmp_path)
    size = engine.models.size
    with_lora = with_node_behind(graph, "model", lora_node("lora", loras, "unet_only"))
    report = run(engine.session, with_lora, make_pictures(tmp_path), targets=("decode",))
    assert "text_encoder" in report.kept
    assert {"denoise", "decode"} <= set(report.ran)
    added = engine.models.size - size
    lora_bytes = (loras / "unet_only.safetensors").stat().st_size
    assert 0 < added <= 2 * lora_bytes, "the weights of the UNet are shared"
    unets = [found for found in engine.models.loaded() if found.label.startswith("unet")]
    assert len(unets) == 2
    only = lora_node("lora", loras, "all", component="text_encoder")
    report = run(
        engine.session,
        with_node_behind(graph, "model", only),
        make_pictures(tmp_path),
        targets=("decode",),
    )
    assert "text_encoder" in report.ran


def test_a_branch_without_the_lora_is_untouched(
    tmp_path: Path, model: Path, loras: Path, engine: Engine
) -> None:
    graph = graph_of(model)
    for node in list(graph.nodes.values()):
        if node.id != "model":
            inputs = {
                name: Link(f"{given.node_id}_b", given.output)
                if isinstance(given, Link) and given.node_id != "model"
                else given
                for name, given in node.inputs.items()
            }
            if inputs.get("pipeline") == Link("model", "pipeline"):
                inputs["pipeline"] = Link("lora", "pipeline")
            graph = graph.with_node(Node(f"{node.id}_b", node.class_type, inputs))
    lora = lora_node("lora", loras, "all").with_input("pipeline", Link("model", "pipeline"))
    graph = graph.with_node(lora)
    targets = ("decode", "decode_b")
    report = run(engine.session, graph, make_pictures(tmp_path), targets=targets)
    plain, bent = (numpy.asarray(report.value(node, "images")[0]) for node in targets)
    assert numpy.array_equal(plain, expected(reference(model)))
    pipeline = fresh_reference(model)
    pipeline.load_lora_weights(str(loras), weight_name="all.safetensors", adapter_name="a")
    assert numpy.array_equal(bent, expected(pipeline))
    assert not numpy.array_equal(plain, bent)


def test_a_new_word_gives_diffusers_pixels(
    tmp_path: Path, model: Path, words: Path, engine: Engine
) -> None:
    prompt = "a <cat> boat"
    pipeline = fresh_reference(model)
    tables = {"clip_l": "", "clip_g": "_2"}
    from safetensors.torch import load_file

    for name, behind in tables.items():
        pipeline.load_textual_inversion(
            {"<cat>": load_file(words / "cat.safetensors")[name]},
            token="<cat>",
            text_encoder=getattr(pipeline, f"text_encoder{behind}"),
            tokenizer=getattr(pipeline, f"tokenizer{behind}"),
        )
    values = {"model": str(words), "token": "<cat>"}
    inputs = {name: Literal(value) for name, value in values.items()}
    graph = graph_of(model, prompt=prompt)
    plain = pixels(engine, graph, tmp_path)
    word = Node("word", "BlockloomLoadTextualInversion", inputs)  # type: ignore[arg-type]
    found = pixels(engine, with_node_behind(graph, "model", word), tmp_path)
    assert numpy.array_equal(found, expected(pipeline, prompt=prompt))
    assert not numpy.array_equal(found, plain)
    assert numpy.array_equal(pixels(engine, graph, tmp_path), plain)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "No adapter was named"),
        ({"weight_name": ""}, "There are 2 files in"),
        ({"weight_name": "none.safetensors"}, "There is no file"),
        ({"weight_name": "../x.safetensors"}, "is not inside the model"),
        ({"weight_name": "lora.bin"}, "Python pickle"),
        ({"component": "vae"}, "No LoRA can be applied"),
    ],
)
def test_what_cannot_be_applied_is_told_on_the_node(
    tmp_path: Path, model: Path, loras: Path, engine: Engine, inputs: dict[str, Any], message: str
) -> None:
    node = (
        lora_node("lora", loras, "all", **inputs) if inputs else Node("lora", "BlockloomApplyLoRA")
    )
    with pytest.raises((NodeFailed, BlockloomError), match=message):
        pixels(engine, with_node_behind(graph_of(model), "model", node), tmp_path)


def test_a_lora_of_another_model_is_told(tmp_path: Path, model: Path, engine: Engine) -> None:
    strange = {"transformer.x.lora_A.weight": torch.ones(2, 2)}
    save_file(strange, tmp_path / "other.safetensors")
    with pytest.raises(NodeFailed, match="has nothing for this model"):
        pixels(
            engine,
            with_node_behind(graph_of(model), "model", lora_node("lora", tmp_path, "other")),
            tmp_path,
        )
    wrong = {
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight": torch.ones(
            2, 99
        ),
        "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora_B.weight": torch.ones(
            99, 2
        ),
    }
    save_file(wrong, tmp_path / "wrong.safetensors")
    with pytest.raises(NodeFailed, match="does not fit unet"):
        pixels(
            engine,
            with_node_behind(graph_of(model), "model", lora_node("lora", tmp_path, "wrong")),
            tmp_path,
        )


def test_ip_adapters_in_a_row_are_loaded_together(tmp_path: Path, model: Path) -> None:
    for number in (1, 2):
        torch.manual_seed(number)
        write_ip_adapter(tmp_path / f"ip{number}")
    folders = [str(tmp_path / f"ip{number}") for number in (1, 2)]
    pipeline = fresh_reference(model)
    names = [IP_ADAPTER_FILE] * 2
    pipeline.load_ip_adapter(folders, subfolder=["", ""], weight_name=names)
    pipeline.set_ip_adapter_scale([0.3, 0.8])
    store = ModelStore()
    opened = open_model(str(model), LoadOptions(dtype="float32"), store=store)
    components = dict(opened.components)
    for folder, scale in zip(folders, (0.3, 0.8), strict=True):
        file = find_adapter_file(folder, "", "", store.places)
        base: Any = opened.base.handle
        components.update(apply_ip_adapter_file(components, base, file, scale, store))
    unet = components["unet"].handle.take()
    found, wanted = unet.state_dict(), pipeline.unet.state_dict()
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    scales = {tuple(p.scale) for p in unet.attn_processors.values() if hasattr(p, "scale")}
    assert scales == {(0.3, 0.8)}


def test_a_model_without_controlnet_is_told_where_to_get_one(
    tmp_path: Path, model: Path, engine: Engine
) -> None:
    graph = without_sinks(template("controlnet_text2image", model=str(model)))
    behind = Link("load_controlnet", "pipeline")
    (reader,) = [n for n in graph.nodes.values() if n.inputs.get("pipeline") == behind]
    graph = graph.without_node("load_controlnet")
    graph = graph.with_node(reader.with_input("pipeline", Link("model", "pipeline")))
    with pytest.raises(NodeFailed) as found:
        run(engine.session, graph, make_control_picture(tmp_path), targets=("decode",))
    assert found.value.remedy == (
        'The model has no "controlnet", which this block uses: add it with Load ControlNet.'
    )


def make_control_picture(folder: Path) -> Any:
    host = make_pictures(folder)
    (folder / "control.png").write_bytes((folder / "example.png").read_bytes())
    return host
