"""Readable titles and categories of blocks, from their class, module and family names."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORD = re.compile(
    r"RoPE|ControlNet|[A-Z]+2[A-Z](?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+[0-9]*"
    r"|[A-Z]+[0-9]*(?![a-z])|[a-z]+[0-9]*|[0-9]+"
)
_SHOWN = {
    "Vae": "VAE",
    "To": "to",
    "T2I": "Text to Image",
    "I2I": "Image to Image",
    "T2V": "Text to Video",
    "I2V": "Image to Video",
    "V2V": "Video to Video",
    "FLF2V": "First and Last Frame to Video",
}

# The role of a composite, from the words of its class name; the first that fits.
_ROLE_BY_CLASS = (
    (re.compile(r"Decod"), "Decode"),
    (re.compile(r"BeforeDenoise"), "Before Denoise"),
    (re.compile(r"Denois"), "Denoise"),
    (re.compile(r"Input|SetResolution"), "Input"),
    (re.compile(r"Text|Prompt|VLEncoder|Semantic"), "Text Encoder"),
    (re.compile(r"Encod|IPAdapter|Resize|Process|Reference|Image|Video"), "Image Encoder"),
)
_ROLE_BY_MODULE = {
    "before_denoise": "Before Denoise",
    "denoise": "Denoise",
    "decoders": "Decode",
    "after_decode": "Decode",
    "inputs": "Input",
}


def split_words(name: str) -> list[str]:
    """The words of a CamelCase name."""
    return _WORD.findall(name)


def readable(name: str) -> str:
    """A CamelCase name as words: ``Image2VideoVaeEncoder`` is "Image to Video VAE Encoder"."""
    spaced = re.sub(r"(?<=[a-z])2(?=[A-Z])", "To", name)
    return " ".join(_SHOWN.get(word, word) for word in split_words(spaced))


def block_title(class_name: str, families: tuple[str, ...], is_preset: bool = False) -> str:
    """The title of a block: its class name without the family's words and without ``Step``."""
    rest = re.sub(r"(Step|Blocks)$", "", _without_family(class_name, families))
    if not is_preset:
        return readable(rest) or class_name
    variant = readable(re.sub(r"Auto$", "", rest))
    return f"Whole Pipeline ({variant})" if variant else "Whole Pipeline"


def block_role(class_name: str, module: str, is_preset: bool, is_loop_step: bool) -> str:
    """What a block is there for: "Text Encoder", "Denoise", "Decode" …"""
    if is_preset:
        return "Preset"
    if is_loop_step:
        return "Loop Step"
    room = module.rsplit(".", 1)[-1]
    if room in _ROLE_BY_MODULE:
        return _ROLE_BY_MODULE[room]
    return next((role for words, role in _ROLE_BY_CLASS if words.search(class_name)), "Other")


def family_label(family: str, class_names: Mapping[str, str]) -> str:
    """A family's name on screen; ``class_names`` holds each family's pipeline class name.

    ``stable-diffusion-xl`` with ``StableDiffusionXLModularPipeline`` is "Stable Diffusion XL".
    """
    class_name = class_names.get(family, "")
    return " ".join(_label_word(word, class_name) for word in family.split("-") if word)


def _label_word(word: str, class_name: str) -> str:
    letters, rest = re.fullmatch(r"([^\d.]*)(.*)", word).groups()  # type: ignore[union-attr]
    at = class_name.lower().find(letters.lower())
    if letters and at >= 0 and not (rest and not re.fullmatch(r"[\d.]+", rest)):
        return class_name[at : at + len(letters)] + rest
    return word.upper() if re.search(r"\d", word) else word.capitalize()


def _without_family(class_name: str, families: tuple[str, ...]) -> str:
    """The class name without the longest run of leading words that a family name begins with."""
    plain = [re.sub(r"[^a-z0-9]", "", family.lower()) for family in families]
    for name in sorted(filter(None, plain), key=len, reverse=True):
        rest = class_name[len(name) :]
        if class_name.lower().startswith(name) and rest[:1].isupper():
            return rest
    words = split_words(class_name)
    if "".join(words) != class_name:
        return class_name
    for count in range(len(words) - 1, 0, -1):
        start = "".join(words[:count]).lower()
        if any(name.startswith(start) for name in plain):
            return "".join(words[count:])
    return class_name
