"""The pipelines of diffusers and their workflows."""

from __future__ import annotations

import diffusers
from diffusers.modular_pipelines.modular_pipeline import (
    MODULAR_PIPELINE_MAPPING,
    ConditionalPipelineBlocks,
)

from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.graph.node_types import Kind
from described import catalogue, library


def test_every_pipeline_and_workflow_is_there() -> None:
    pipelines = catalogue().pipelines

    assert list(pipelines) == list(MODULAR_PIPELINE_MAPPING)
    assert len(pipelines) == 34
    assert sum(len(entry.workflows) for entry in pipelines.values()) == 92
    for entry in pipelines.values():
        pipeline_class = getattr(diffusers, entry.class_name)
        assert pipeline_class.default_blocks_name == entry.preset


def test_every_step_is_the_block_that_diffusers_would_run() -> None:
    closed = set()
    for entry in catalogue().pipelines.values():
        for workflow in entry.workflows:
            preset = library().resolve(entry.preset)
            has_map = preset._workflow_map is not None
            pruned = (
                preset.get_workflow(workflow.name) if has_map else preset.get_execution_blocks()
            )
            assert [step.path for step in workflow.leaf] == list(pruned.sub_blocks)
            for step in workflow.leaf:
                made, running = library().resolve(step.type_id), pruned.sub_blocks[step.path]
                if isinstance(made, ConditionalPipelineBlocks):
                    assert type(running) in map(type, made.sub_blocks.values())
                    closed.add((entry.name, step.path, step.type_id))
                    continue
                assert type(made) is type(running)
                assert made.input_names == running.input_names, step
                assert made.intermediate_output_names == running.intermediate_output_names, step

    assert closed == {
        ("stable-diffusion-xl", "decode", "StableDiffusionXLAutoDecodeStep"),
        ("ltx2", "duration", "LTX2AutoDurationStep"),
        ("ltx2.5", "duration", "LTX2AutoDurationStep"),
    }


def test_a_choice_that_is_still_the_users_stays_open() -> None:
    """The crop of the mask decides how the picture is decoded, the length whether to guess it."""
    pipelines = catalogue().pipelines
    painted = pipelines["stable-diffusion-xl"]
    expected = [
        (painted, "text2image", "StableDiffusionXLDecodeStep"),
        (painted, "inpainting", "StableDiffusionXLAutoDecodeStep"),
        (pipelines["ltx2"], "text2video", "LTX2AutoDurationStep"),
    ]
    for entry, name, type_id in expected:
        workflow = entry.workflow(name)
        assert workflow is not None
        assert type_id in [step.type_id for step in workflow.leaf]


def test_every_step_has_a_node_type_and_coarse_steps_cover_the_leaves() -> None:
    for entry in catalogue().pipelines.values():
        for workflow in entry.workflows:
            for step in (*workflow.coarse, *workflow.leaf):
                node_type = catalogue().get(step.type_id)
                assert node_type is not None, step
                assert node_type.kind is not Kind.LOOP_STEP
            tops = list(dict.fromkeys(step.path.split(".")[0] for step in workflow.leaf))
            assert [step.path for step in workflow.coarse] == tops


def test_places_made_with_arguments_are_named_by_their_place() -> None:
    workflow = catalogue().pipelines["flux-kontext"].workflow("image_conditioned")

    assert workflow is not None
    assert Step("vae_encoder.encode", "FluxKontextVaeEncoderStep:encode") in workflow.leaf


def test_a_pipeline_in_full() -> None:
    wan = catalogue().pipelines["wan"]

    assert wan == PipelineEntry(
        name="wan",
        class_name="WanModularPipeline",
        preset="WanBlocks",
        workflows=(
            Workflow(
                name="default",
                triggers=(),
                coarse=(
                    Step("text_encoder", "WanTextEncoderStep"),
                    Step("denoise", "WanCoreDenoiseStep"),
                    Step("decode", "WanVaeDecoderStep"),
                ),
                leaf=(
                    Step("text_encoder", "WanTextEncoderStep"),
                    Step("denoise.input", "WanTextInputStep"),
                    Step("denoise.set_timesteps", "WanSetTimestepsStep"),
                    Step("denoise.prepare_latents", "WanPrepareLatentsStep"),
                    Step("denoise.denoise", "WanDenoiseStep"),
                    Step("decode", "WanVaeDecoderStep"),
                ),
                defaults={
                    "max_sequence_length": 512,
                    "num_videos_per_prompt": 1,
                    "num_inference_steps": 50,
                    "output_type": "np",
                },
            ),
        ),
        description=wan.description,
    )


def test_defaults_are_those_of_the_whole_preset() -> None:
    defaults = catalogue().pipelines["krea2"].workflows[0].defaults

    assert defaults["num_inference_steps"] == 28, "the loop's own default is 50"


def test_of_several_spellings_the_first_counts() -> None:
    workflow = catalogue().pipelines["minimax-h3"].workflow("fl2va")

    assert workflow is not None
    assert workflow.triggers == ("prompt", "image")
