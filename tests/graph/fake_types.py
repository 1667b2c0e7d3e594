"""A small catalogue made by hand, shaped like Stable Diffusion XL's, and short ways to draw."""

from __future__ import annotations

from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.node_types import (
    ComponentNeed,
    FixedNodeTypes,
    InputSocket,
    Kind,
    NodeType,
    OutputSocket,
    Role,
    SubBlock,
    Widget,
)
from blockloom.graph.sockets import SocketType

S = SocketType
FIELDS = "denoiser_input_fields"

PIPELINE_IN = InputSocket("pipeline", S.PIPELINE, is_required=True)
PIPELINE_OUT = OutputSocket("pipeline", S.PIPELINE)


def takes(name: str, type_: SocketType, default: Json = None, **more: object) -> InputSocket:
    """An optional input."""
    return InputSocket(name, type_, default=default, has_default=True, **more)  # type: ignore[arg-type]


def needs(name: str, type_: SocketType, **more: object) -> InputSocket:
    """A required input."""
    return InputSocket(name, type_, is_required=True, **more)  # type: ignore[arg-type]


def gives(name: str, type_: SocketType, bundle: str = "") -> OutputSocket:
    return OutputSocket(name, type_, bundle=bundle)


def bundle(name: str = FIELDS) -> InputSocket:
    return InputSocket(name, S.DICT, has_default=True, is_bundle=True)


def block(
    id_: str,
    inputs: tuple[InputSocket, ...] = (),
    outputs: tuple[OutputSocket, ...] = (),
    components: tuple[str, ...] = (),
    kind: Kind = Kind.LEAF,
) -> NodeType:
    return NodeType(
        id_,
        id_,
        ("sdxl",),
        kind,
        inputs=(PIPELINE_IN, *inputs),
        outputs=(PIPELINE_OUT, *outputs),
        components=tuple(ComponentNeed(name) for name in components),
        family="sdxl",
    )


def composite(
    id_: str,
    kind: Kind,
    subs: tuple[tuple[str, str, str], ...],
    inputs: tuple[InputSocket, ...],
    outputs: tuple[OutputSocket, ...],
    default: str = "",
    by_presence: bool = True,
) -> NodeType:
    """A composite of (name, type id, trigger)."""
    return NodeType(
        id_,
        id_,
        ("sdxl",),
        kind,
        inputs=(PIPELINE_IN, *inputs),
        outputs=(PIPELINE_OUT, *outputs),
        sub_blocks=tuple(SubBlock(name, type_id, trigger) for name, type_id, trigger in subs),
        triggers=tuple(trigger for _, _, trigger in subs if trigger),
        selects_by_presence=by_presence and kind is Kind.CONDITIONAL,
        default_branch=default,
        family="sdxl",
    )


def function(
    id_: str,
    inputs: tuple[InputSocket, ...] = (),
    outputs: tuple[OutputSocket, ...] = (),
    is_output: bool = False,
) -> NodeType:
    return NodeType(
        id_, id_, (), Kind.FUNCTION, inputs=inputs, outputs=outputs, is_output=is_output
    )


PROMPT = needs("prompt", S.STRING)
SEED = takes("generator", S.SEED)
IMAGE = takes("image", S.IMAGE)
STEPS = takes("steps", S.INT, 50, widget=Widget(minimum=1, maximum=1000))
STRENGTH = takes("strength", S.FLOAT, 0.3, widget=Widget(minimum=0, maximum=1))
IMAGE_LATENTS = needs("image_latents", S.TENSOR, role=Role.INTERMEDIATE)
LATENTS = needs("latents", S.TENSOR, role=Role.INTERMEDIATE)
EMBEDS = needs("embeds", S.TENSOR, role=Role.INTERMEDIATE)
OUTPUT_TYPE = takes("output_type", S.STRING, "pil", widget=Widget(choices=("pil", "np")))

_TYPES = (
    function("BlockloomLoadPipeline", (needs("model", S.STRING),), (PIPELINE_OUT,)),
    function("BlockloomJoinPipelines", (PIPELINE_IN, needs("other", S.PIPELINE)), (PIPELINE_OUT,)),
    function(
        "BlockloomSetValue",
        (
            PIPELINE_IN,
            needs("name", S.STRING),
            takes("value", S.ANY),
            takes("bundle", S.STRING, ""),
        ),
        (PIPELINE_OUT,),
    ),
    function("BlockloomGetValue", (PIPELINE_IN, needs("name", S.STRING)), (gives("value", S.ANY),)),
    function("MyMixer", (PIPELINE_IN,), (PIPELINE_OUT,)),
    function(
        "LoadImage", (needs("image", S.STRING),), (gives("image", S.IMAGE), gives("mask", S.MASK))
    ),
    function("SaveImage", (needs("images", S.IMAGE),), (), is_output=True),
    function("PreviewAny", (needs("source", S.ANY),), (), is_output=True),
    function("PrimitiveInt", (needs("value", S.INT),), (gives("value", S.INT),)),
    block("TextEncoder", (PROMPT,), (gives("embeds", S.TENSOR, FIELDS),), ("text_encoder",)),
    block(
        "MaskEncoder",
        (needs("image", S.IMAGE), needs("mask_image", S.MASK), SEED),
        (gives("image_latents", S.TENSOR), gives("mask", S.TENSOR)),
        ("vae",),
    ),
    block(
        "ImageEncoder",
        (needs("image", S.IMAGE), SEED),
        (gives("image_latents", S.TENSOR),),
        ("vae",),
    ),
    composite(
        "AutoEncoder",
        Kind.CONDITIONAL,
        (("inpaint", "MaskEncoder", "mask_image"), ("img2img", "ImageEncoder", "image")),
        (IMAGE, takes("mask_image", S.MASK), SEED),
        (gives("image_latents", S.TENSOR), gives("mask", S.TENSOR)),
    ),
    block(
        "Prepare",
        (EMBEDS, STEPS, takes("height", S.INT), SEED),
        (gives("latents", S.TENSOR),),
        ("scheduler",),
    ),
    block(
        "PrepareFromImage",
        (EMBEDS, IMAGE_LATENTS, STEPS, STRENGTH, takes("height", S.INT), SEED),
        (gives("latents", S.TENSOR),),
        ("scheduler",),
    ),
    composite(
        "AutoPrepare",
        Kind.CONDITIONAL,
        (("img2img", "PrepareFromImage", "image_latents"), ("text2img", "Prepare", "")),
        (takes("embeds", S.TENSOR), takes("image_latents", S.TENSOR), STEPS, STRENGTH, SEED),
        (gives("latents", S.TENSOR),),
        default="text2img",
    ),
    block(
        "Denoise",
        (
            LATENTS,
            takes("steps", S.INT, 28),
            needs("height", S.INT, role=Role.INTERMEDIATE),
            bundle(),
        ),
        (gives("latents", S.TENSOR),),
        ("unet", "scheduler"),
        Kind.LOOP,
    ),
    block(
        "MaskedDenoise",
        (LATENTS, needs("mask", S.TENSOR), takes("steps", S.INT, 28), bundle()),
        (gives("latents", S.TENSOR),),
        ("unet", "scheduler"),
        Kind.LOOP,
    ),
    composite(
        "AutoDenoise",
        Kind.CONDITIONAL,
        (("masked", "MaskedDenoise", "mask"), ("plain", "Denoise", "")),
        (LATENTS, takes("mask", S.TENSOR), takes("steps", S.INT, 28), bundle()),
        (gives("latents", S.TENSOR),),
        default="plain",
    ),
    composite(
        "Core",
        Kind.SEQUENTIAL,
        (("prepare", "AutoPrepare", ""), ("denoise", "AutoDenoise", "")),
        (
            takes("embeds", S.TENSOR),
            takes("image_latents", S.TENSOR),
            takes("mask", S.TENSOR),
            STEPS,
            STRENGTH,
            SEED,
            bundle(),
        ),
        (gives("latents", S.TENSOR),),
    ),
    block("Decode", (LATENTS, OUTPUT_TYPE), (gives("images", S.IMAGE),), ("vae",)),
    composite(
        "Preset",
        Kind.SEQUENTIAL,
        (
            ("text", "TextEncoder", ""),
            ("vae", "AutoEncoder", ""),
            ("core", "Core", ""),
            ("decode", "Decode", ""),
        ),
        (PROMPT, IMAGE, takes("mask_image", S.MASK), STEPS, STRENGTH, SEED, OUTPUT_TYPE),
        (gives("embeds", S.TENSOR), gives("latents", S.TENSOR), gives("images", S.IMAGE)),
    ),
    composite(
        "OwnLogic",
        Kind.CONDITIONAL,
        (("one", "TextEncoder", ""), ("two", "Prepare", "")),
        (takes("prompt", S.STRING), takes("embeds", S.TENSOR)),
        (gives("embeds", S.TENSOR), gives("latents", S.TENSOR)),
        by_presence=False,
    ),
    block("LoopPart", (LATENTS,), (), kind=Kind.LOOP_STEP),
)

TYPES = FixedNodeTypes({node_type.id: node_type for node_type in _TYPES})


def draw(**nodes: tuple[str, dict[str, object]]) -> Graph:
    """A graph from ``id=(class type, inputs)``; a tuple as an input is a link."""
    return Graph({node_id: _node(node_id, *parts) for node_id, parts in nodes.items()})


def _node(node_id: str, class_type: str, inputs: dict[str, object]) -> Node:
    given = {
        name: Link(*value) if isinstance(value, tuple) else Literal(value)  # type: ignore[arg-type]
        for name, value in inputs.items()
    }
    return Node(node_id, class_type, given)


def chain(
    *steps: tuple[str, str, dict[str, object]], **beside: tuple[str, dict[str, object]]
) -> Graph:
    """A model and blocks behind each other on one main wire, and nodes beside it."""
    nodes: dict[str, tuple[str, dict[str, object]]] = {
        "model": ("BlockloomLoadPipeline", {"model": "demo"})
    }
    before = "model"
    for node_id, class_type, inputs in steps:
        nodes[node_id] = (class_type, {"pipeline": (before, "pipeline"), **inputs})
        before = node_id
    return draw(**nodes, **beside)


TEXT_TO_IMAGE = chain(
    ("text", "TextEncoder", {"prompt": "a red circle"}),
    ("vae", "AutoEncoder", {}),
    ("core", "Core", {"generator": 1}),
    ("decode", "Decode", {}),
    save=("SaveImage", {"images": ("decode", "images")}),
)
