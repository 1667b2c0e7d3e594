"""A few nodes of ComfyUI's own kind, which a pack meets on the canvas."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import PIL.Image
import torch
from PIL.PngImagePlugin import PngInfo
from tests.comfyui.stand_ins import VideoComponents, VideoFromComponents, VideoInput


def pixels(image: torch.Tensor) -> np.ndarray[Any, Any]:
    """One picture of a batch in whole numbers, cut as ComfyUI cuts them."""
    return (255.0 * image.cpu().numpy()).clip(0, 255).astype(np.uint8)


def batch(*pictures: PIL.Image.Image) -> torch.Tensor:
    """Pictures as they travel on an IMAGE wire."""
    arrays = [np.asarray(picture.convert("RGB"), dtype=np.float32) / 255.0 for picture in pictures]
    return torch.from_numpy(np.stack(arrays))


def core_nodes(folder_paths: ModuleType) -> dict[str, Any]:
    """The classes, by the names that ComfyUI has for them."""

    class LoadImage:
        RETURN_TYPES = ("IMAGE", "MASK")
        FUNCTION = "load_image"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            folder = Path(folder_paths.get_input_directory())
            return {"required": {"image": (sorted(p.name for p in folder.iterdir()), {})}}

        def load_image(self, image: str) -> tuple[torch.Tensor, torch.Tensor]:
            with PIL.Image.open(folder_paths.get_annotated_filepath(image)) as picture:
                picture.load()
            mask = torch.zeros((1, 64, 64))
            if "A" in picture.getbands():
                alpha = np.asarray(picture.getchannel("A"), dtype=np.float32) / 255.0
                mask = 1.0 - torch.from_numpy(alpha)[None]
            return batch(picture), mask

        @classmethod
        def IS_CHANGED(cls, image: str) -> str:
            path = Path(folder_paths.get_annotated_filepath(image))
            return hashlib.sha256(path.read_bytes()).hexdigest()

        @classmethod
        def VALIDATE_INPUTS(cls, image: str) -> bool | str:
            exists = folder_paths.exists_annotated_filepath(image)
            return True if exists else f"Invalid image file: {image}"

    class SaveImage:
        RETURN_TYPES = ()
        FUNCTION = "save_images"
        OUTPUT_NODE = True
        folder, kind = folder_paths.get_output_directory(), "output"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {
                "required": {
                    "images": ("IMAGE", {}),
                    "filename_prefix": ("STRING", {"default": "ComfyUI"}),
                },
                "hidden": {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"},
            }

        def save_images(
            self,
            images: torch.Tensor,
            filename_prefix: str = "ComfyUI",
            prompt: Any = None,
            extra_pnginfo: Any = None,
        ) -> dict[str, Any]:
            full, name, counter, subfolder, _ = folder_paths.get_save_image_path(
                filename_prefix, self.folder, images[0].shape[1], images[0].shape[0]
            )
            saved = []
            for number, image in enumerate(images, start=counter):
                words = PngInfo()
                words.add_text("prompt", json.dumps(prompt))
                for key, value in (extra_pnginfo or {}).items():
                    words.add_text(key, json.dumps(value))
                file = f"{name}_{number:05}_.png"
                PIL.Image.fromarray(pixels(image)).save(Path(full) / file, pnginfo=words)
                saved.append({"filename": file, "subfolder": subfolder, "type": self.kind})
            return {"ui": {"images": saved}}

    class PreviewImage(SaveImage):
        folder, kind = folder_paths.get_temp_directory(), "temp"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {
                "required": {"images": ("IMAGE",)},
                "hidden": {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"},
            }

    class ImageScale:
        RETURN_TYPES = ("IMAGE",)
        FUNCTION = "upscale"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            side = ("INT", {"default": 512, "min": 0, "max": 16384, "step": 1})
            methods = ["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]
            return {
                "required": {
                    "image": ("IMAGE",),
                    "upscale_method": (methods,),
                    "width": side,
                    "height": side,
                    "crop": (["disabled", "center"],),
                }
            }

        def upscale(
            self, image: torch.Tensor, upscale_method: str, width: int, height: int, crop: str
        ) -> tuple[torch.Tensor]:
            method = PIL.Image.Resampling.LANCZOS
            pictures = [PIL.Image.fromarray(pixels(one)) for one in image]
            return (batch(*(one.resize((width, height), method) for one in pictures)),)

    class InvertMask:
        RETURN_TYPES = ("MASK",)
        FUNCTION = "invert"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"mask": ("MASK",)}}

        def invert(self, mask: torch.Tensor) -> tuple[torch.Tensor]:
            return (1.0 - mask,)

    return {
        "LoadImage": LoadImage,
        "SaveImage": SaveImage,
        "PreviewImage": PreviewImage,
        "ImageScale": ImageScale,
        "InvertMask": InvertMask,
        "PreviewAny": PreviewAny,
        "PrimitiveInt": _primitive("INT", {"min": -(2**63), "max": 2**63 - 1}),
        "PrimitiveFloat": _primitive("FLOAT", {"min": -1e300, "max": 1e300}),
        "PrimitiveString": _primitive("STRING", {}),
        "PrimitiveBoolean": _primitive("BOOLEAN", {}),
        "LatentOf": _changed("LATENT", lambda value: {"samples": value["samples"] * 1.0}),
        "AudioOf": _changed("AUDIO", _copied_sound),
        "VideoOf": _changed("VIDEO", _copied_film),
        "ListOfTexts": _texts(),
    }


class AnyType(str):
    """A type that is never different from another one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class PreviewAny:
    """Shows any value as a text; here the test looks at the value itself."""

    RETURN_TYPES = ()
    FUNCTION = "main"
    OUTPUT_NODE = True
    seen: list[Any] = []

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:
        return {"required": {"source": (AnyType("*"), {})}}

    def main(self, source: Any) -> dict[str, Any]:
        PreviewAny.seen.append(source)
        return {"ui": {"text": (str(type(source)),)}}


def _copied_sound(sound: dict[str, Any]) -> dict[str, Any]:
    return {"waveform": sound["waveform"] * 1.0, "sample_rate": sound["sample_rate"]}


def _copied_film(film: VideoInput) -> VideoInput:
    parts = film.get_components()
    return VideoFromComponents(VideoComponents(parts.images, parts.frame_rate, parts.audio))


def _primitive(type_: str, options: dict[str, Any]) -> Any:
    class Primitive:
        RETURN_TYPES = (type_,)
        FUNCTION = "give"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"value": (type_, options)}}

        def give(self, value: Any) -> tuple[Any]:
            return (value,)

    return Primitive


def _changed(type_: str, function: Any) -> Any:
    """A node that takes and gives a value of that type, made by somebody else's code."""

    class Changed:
        RETURN_TYPES = (type_,)
        FUNCTION = "change"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"value": (type_,)}}

        def change(self, value: Any) -> tuple[Any]:
            return (function(value),)

    return Changed


def _texts() -> Any:
    class ListOfTexts:
        """Lines of a text, one by one: what comes behind runs once for each."""

        RETURN_TYPES = ("STRING",)
        OUTPUT_IS_LIST = (True,)
        FUNCTION = "give"

        @classmethod
        def INPUT_TYPES(cls) -> dict[str, Any]:
            return {"required": {"text": ("STRING", {"multiline": True})}}

        def give(self, text: str) -> tuple[list[str]]:
            return (text.splitlines(),)

    return ListOfTexts
