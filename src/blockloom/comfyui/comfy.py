"""All that is asked of ComfyUI itself, in one place; its modules are there only in its process."""

from __future__ import annotations

import contextlib
import importlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import PIL.Image

from blockloom.execution.views import Host
from blockloom.graph.model import Json

_log = logging.getLogger(__name__)
_PREVIEW_SIDE = 512


def module(name: str) -> ModuleType | None:
    """A module of ComfyUI's, or None outside of it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def device() -> str:
    """The device ComfyUI runs its models on."""
    management = module("comfy.model_management")
    return str(management.get_torch_device()) if management is not None else "auto"


def host(notes: Mapping[str, Json]) -> Host:
    """ComfyUI's folders; ``notes`` is what its client wants written into pictures."""
    folders: Any = module("folder_paths")
    if folders is None:
        return Host(picture_notes=notes)
    return Host(
        output_folder=Path(folders.get_output_directory()),
        input_folders=(Path(folders.get_input_directory()),),
        temporary_folder=Path(folders.get_temp_directory()),
        picture_notes=notes,
    )


_MODEL_FOLDERS = (
    "diffusers",
    "loras",
    "controlnet",
    "embeddings",
    "ipadapter",
    "diffusion_models",
    "text_encoders",
    "clip_vision",
    "vae",
)


def model_folders() -> tuple[Path, ...]:
    """Where ComfyUI keeps models and adapters that our nodes can load."""
    folders: Any = module("folder_paths")
    found: list[Path] = []
    for name in _MODEL_FOLDERS if folders is not None else ():
        with contextlib.suppress(KeyError):  # a folder that this ComfyUI does not know
            found.extend(Path(path) for path in folders.get_folder_paths(name))
    return tuple(dict.fromkeys(found))


def input_files() -> tuple[str, ...]:
    """The names of the files in ComfyUI's input folder, in order."""
    folders: Any = module("folder_paths")
    names: list[str] = []
    if folders is not None:
        with contextlib.suppress(OSError):
            found = Path(folders.get_input_directory()).iterdir()
            names = sorted(path.name for path in found if path.is_file())
    return tuple(names)


def core_class(class_type: str) -> Any:
    """The class behind a node type, whoever registered it; None where there is none."""
    return _classes().get(class_type)


def is_cores(class_type: str) -> bool:
    """Whether ComfyUI itself has a node of that name, so that ours steps aside."""
    return class_type in _classes()


def _classes() -> Mapping[str, Any]:
    nodes = module("nodes")
    found = getattr(nodes, "NODE_CLASS_MAPPINGS", None)
    return found if isinstance(found, Mapping) else {}


def is_interruption(error: BaseException) -> bool:
    """Whether ComfyUI raised this because its user pressed the button."""
    management = module("comfy.model_management")
    kind = getattr(management, "InterruptProcessingException", None)
    return kind is not None and isinstance(error, kind)


def interruption() -> BaseException:
    """What ComfyUI wants raised where a run was interrupted."""
    management: Any = module("comfy.model_management")
    found: BaseException = management.InterruptProcessingException()
    return found


def check_interrupted() -> None:
    """Raise ComfyUI's own exception once its user asked it to stop."""
    management: Any = module("comfy.model_management")
    if management is not None:
        management.throw_exception_if_processing_interrupted()


@dataclass(slots=True)
class ProgressBar:
    """A node's progress bar in ComfyUI, with a picture of what it is making.

    Moving it raises ComfyUI's exception where the run was interrupted.
    """

    node_id: str
    _bar: Any = field(default=None)

    def show(self, done: int, total: int, picture: PIL.Image.Image | None = None) -> None:
        utils: Any = module("comfy.utils")
        if utils is None:
            return
        if self._bar is None:
            try:
                self._bar = utils.ProgressBar(total, node_id=self.node_id)
            except TypeError:
                # Older ones know only the node that runs.
                self._bar = utils.ProgressBar(total)
        preview = None if picture is None else ("JPEG", picture.convert("RGB"), _PREVIEW_SIDE)
        self._bar.update_absolute(done, total, preview)
        check_interrupted()


def server() -> Any:
    """ComfyUI's web server, once there is one."""
    found = module("server")
    return getattr(getattr(found, "PromptServer", None), "instance", None)


def tell(event: str, content: Mapping[str, Json]) -> None:
    """Send an event to the client whose prompt runs; others do not see its graph."""
    found = server()
    client = getattr(found, "client_id", None)
    if client is not None:
        try:
            found.send_sync(event, dict(content), client)
        except Exception:
            _log.exception("Blockloom could not tell ComfyUI's clients of %s.", event)


def in_normal_mode() -> contextlib.AbstractContextManager[object]:
    """ComfyUI runs nodes in inference mode, where tensors do not count who writes into them."""
    import torch

    return torch.inference_mode(False)


def on_memory_needed(free: Callable[[int, str, bool], None]) -> Callable[[int], None]:
    """Call ``free(bytes, device, everything)`` whenever ComfyUI makes room for its own models.

    Returns what asks ComfyUI to make room for so many bytes of ours.
    """
    management: Any = module("comfy.model_management")
    own = getattr(management, "free_memory", None)
    if own is None:
        return lambda wanted: None
    own = getattr(own, "blockloom_wraps", own)

    def free_memory(memory_required: float, device: Any, *others: Any, **named: Any) -> Any:
        found = own(memory_required, device, *others, **named)
        try:
            # Whoever wants everything gone asks for more than any device has.
            is_everything = memory_required >= _EVERYTHING
            missing = 0 if is_everything else memory_required - management.get_free_memory(device)
            if is_everything or missing > 0:
                free(max(0, int(missing)), str(device), is_everything)
        except Exception:
            _log.exception("Blockloom could not free memory for ComfyUI.")
        return found

    free_memory.blockloom_wraps = own  # type: ignore[attr-defined]
    management.free_memory = free_memory

    def make_room(wanted: int) -> None:
        if wanted > 0:
            own(wanted, management.get_torch_device())

    return make_room


_EVERYTHING = 1e20
