"""IP-Adapters, by diffusers' own loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blockloom.bridge.adapter_files import AdapterFile
from blockloom.bridge.adapters import AdaptedHandle, Carrier, Overlay, with_overlay
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.errors import UsageError
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef

_CARRIERS = ("unet", "transformer")


@dataclass(frozen=True, slots=True)
class IPAdapterOverlay:
    """All IP-Adapters of one component, since diffusers loads them together, in order."""

    files: tuple[AdapterFile, ...]
    scales: tuple[float, ...]

    @property
    def key(self) -> str:
        return key_of("ip-adapter", *(file.key for file in self.files), repr(self.scales))

    @property
    def label(self) -> str:
        return f"IP-Adapter {', '.join(file.name for file in self.files)}"

    @property
    def changes_config(self) -> bool:
        return True

    def takes_up(self, earlier: Overlay) -> bool:
        return isinstance(earlier, IPAdapterOverlay)

    def lay_over(self, component: Any, carrier: Carrier) -> None:
        pipeline = carrier.carry(component)
        paths = [Path(file.path) for file in self.files]
        pipeline.load_ip_adapter(
            [str(path.parent) for path in paths],
            subfolder=[""] * len(paths),
            weight_name=[path.name for path in paths],
            local_files_only=True,
        )
        pipeline.set_ip_adapter_scale(list(self.scales))

    def finish(self, component: Any) -> None:
        return None


def apply_ip_adapter_file(
    components: Mapping[str, ComponentRef],
    pipeline: PipelineHandle,
    file: AdapterFile,
    scale: float,
    store: ModelStore,
) -> dict[str, ComponentRef]:
    """The component of a wire that an IP-Adapter changes, with it. Raises UsageError."""
    pipeline_class = pipeline.pipeline_class
    name = next((name for name in _CARRIERS if name in components), "")
    if not hasattr(pipeline_class, "load_ip_adapter") or not name:
        raise UsageError(
            f"{pipeline_class.__name__} takes no IP-Adapter.",
            remedy="Use another model, such as one of Stable Diffusion XL.",
        )
    handle = components[name].handle
    earlier = handle.overlays if isinstance(handle, AdaptedHandle) else ()
    known = next((found for found in earlier if isinstance(found, IPAdapterOverlay)), None)
    files, scales = (known.files, known.scales) if known is not None else ((), ())
    overlay = IPAdapterOverlay((*files, file), (*scales, scale))
    return {name: with_overlay(components, pipeline, name, overlay, store)}
