"""The hand-written nodes as node types; where ComfyUI's core has the node, as it has it."""

from __future__ import annotations

import pytest

from blockloom.catalogue.folders import load_folder
from blockloom.graph.node_types import Kind
from blockloom.resources import nodes_folder

LOADED = load_folder(nodes_folder())

# Inputs (name, type) and output types of ComfyUI 0.3.64's core nodes, as its /object_info has them.
CORE = {
    "LoadImage": ("image:STRING", "IMAGE MASK"),
    "LoadImageMask": ("image:STRING channel:STRING", "MASK"),
    "EmptyImage": ("width:INT height:INT batch_size:INT color:INT", "IMAGE"),
    "SaveImage": ("images:IMAGE filename_prefix:STRING", ""),
    "PreviewImage": ("images:IMAGE", ""),
    "ImageScale": (
        "image:IMAGE upscale_method:STRING width:INT height:INT crop:STRING",
        "IMAGE",
    ),
    "ImageCrop": ("image:IMAGE width:INT height:INT x:INT y:INT", "IMAGE"),
    "ImageInvert": ("image:IMAGE", "IMAGE"),
    "ImageStitch": (
        "image1:IMAGE direction:STRING match_image_size:BOOLEAN spacing_width:INT "
        "spacing_color:STRING image2:IMAGE",
        "IMAGE",
    ),
    "ImageFromBatch": ("image:IMAGE batch_index:INT length:INT", "IMAGE"),
    "ImageColorToMask": ("image:IMAGE color:INT", "MASK"),
    "ImageToMask": ("image:IMAGE channel:STRING", "MASK"),
    "MaskToImage": ("mask:MASK", "IMAGE"),
    "InvertMask": ("mask:MASK", "MASK"),
    "SolidMask": ("value:FLOAT width:INT height:INT", "MASK"),
    "PrimitiveInt": ("value:INT", "INT"),
    "PrimitiveFloat": ("value:FLOAT", "FLOAT"),
    "PrimitiveString": ("value:STRING", "STRING"),
    "PrimitiveStringMultiline": ("value:STRING", "STRING"),
    "PrimitiveBoolean": ("value:BOOLEAN", "BOOLEAN"),
    "PreviewAny": ("source:ANY", "STRING"),
    "ImageBatch": ("image1:IMAGE image2:IMAGE", "IMAGE"),
    "LoadVideo": ("file:STRING", "VIDEO"),
    "SaveVideo": (
        "video:VIDEO filename_prefix:STRING format:STRING codec:STRING",
        "",
    ),
    "CreateVideo": ("images:IMAGE fps:FLOAT audio:AUDIO", "VIDEO"),
    "GetVideoComponents": ("video:VIDEO", "IMAGE AUDIO FLOAT"),
    "SaveWEBM": (
        "images:IMAGE filename_prefix:STRING codec:STRING fps:FLOAT crf:FLOAT",
        "",
    ),
    "LoadAudio": ("audio:STRING", "AUDIO"),
    "SaveAudio": ("audio:AUDIO filename_prefix:STRING", ""),
    "SaveAudioMP3": ("audio:AUDIO filename_prefix:STRING quality:STRING", ""),
    "SaveAudioOpus": ("audio:AUDIO filename_prefix:STRING quality:STRING", ""),
    "PreviewAudio": ("audio:AUDIO", ""),
    "EmptyAudio": ("duration:FLOAT sample_rate:INT channels:INT", "AUDIO"),
    "TrimAudioDuration": ("audio:AUDIO start_index:FLOAT duration:FLOAT", "AUDIO"),
    "AudioConcat": ("audio1:AUDIO audio2:AUDIO direction:STRING", "AUDIO"),
    "AudioMerge": ("audio1:AUDIO audio2:AUDIO merge_method:STRING", "AUDIO"),
    "AudioAdjustVolume": ("audio:AUDIO volume:INT", "AUDIO"),
}


def test_all_files_load():
    assert LOADED.problems == ()
    assert LOADED.deferred == ()


@pytest.mark.parametrize("type_id", CORE)
def test_the_same_sockets_as_in_comfyui(type_id):
    node_type = LOADED.types[type_id]
    inputs = " ".join(f"{socket.name}:{socket.type.value}" for socket in node_type.inputs)
    outputs = " ".join(socket.type.value for socket in node_type.outputs)
    assert (inputs, outputs) == CORE[type_id]


def test_inputs_that_name_something_or_mean_a_colour_say_so():
    looks = {
        f"{node_type.id}.{socket.name}": socket.widget.look
        for node_type in LOADED.types.values()
        for socket in node_type.inputs
        if socket.widget.look
    }
    assert looks == {
        "LoadImage.image": "picture",
        "LoadImageMask.image": "picture",
        "LoadVideo.file": "video",
        "BlockloomLoadVideoPart.file": "video",
        "LoadAudio.audio": "audio",
        "EmptyImage.color": "colour",
        "ImageColorToMask.color": "colour",
        "BlockloomApplyLoRA.model": "model",
        "BlockloomLoadControlNet.model": "model",
        "BlockloomLoadControlNet.component": "model_part",
        "BlockloomLoadIPAdapter.model": "model",
        "BlockloomLoadTextualInversion.model": "model",
        "BlockloomLoadPipeline.model": "model",
        "BlockloomLoadComponent.model": "model",
        "BlockloomLoadComponent.component": "model_part",
    }


def test_every_other_node_has_our_name():
    others = set(LOADED.types) - set(CORE)
    assert {type_id for type_id in others if not type_id.startswith("Blockloom")} == set()


def test_what_runs_for_its_effect():
    outputs = {type_id for type_id, node_type in LOADED.types.items() if node_type.is_output}
    assert outputs == {
        "SaveImage",
        "PreviewImage",
        "PreviewAny",
        "SaveVideo",
        "SaveWEBM",
        "BlockloomPreviewVideo",
        "SaveAudio",
        "SaveAudioMP3",
        "SaveAudioOpus",
        "BlockloomSaveWav",
        "PreviewAudio",
    }


@pytest.mark.parametrize("type_id", sorted(LOADED.types))
def test_nodes_say_what_they_do(type_id):
    node_type = LOADED.types[type_id]
    assert node_type.kind is Kind.FUNCTION
    assert node_type.description.endswith((".", "…"))
    assert node_type.title
    assert node_type.category


def test_numbers_have_limits_and_choices_are_listed():
    scale = LOADED.types["ImageScale"]
    widgets = {socket.name: socket.widget for socket in scale.inputs}
    assert (widgets["width"].minimum, widgets["width"].maximum) == (0, 16384)
    assert widgets["crop"].choices == ("disabled", "center")
    assert LOADED.types["PrimitiveStringMultiline"].inputs[0].widget.is_multiline
