"""Open models: from a repository's index files to the start of a main wire, nothing loaded yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from diffusers import ModularPipeline
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from diffusers.pipelines.pipeline_loading_utils import simple_get_class_obj

from blockloom.bridge.component_classes import class_for_loading
from blockloom.bridge.component_code import with_own_class
from blockloom.bridge.components import (
    LoadedHandle,
    absent_ref,
    carries_run_state,
    class_name,
    component_ref,
    json_text,
    made_ref,
)
from blockloom.bridge.devices import AUTO, choose_device, choose_dtype
from blockloom.bridge.loading import ComponentSource, Placement, is_model_class
from blockloom.bridge.model_store import (
    ModelStore,
    current_places,
    current_store,
    current_trust,
    using_store,
)
from blockloom.bridge.offload import MODEL, NONE, check_policy
from blockloom.bridge.pipeline_index import PipelineIndex, make_template, read_index
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.bridge.quantization import NONE as NO_QUANTIZATION
from blockloom.bridge.quantization import Quantization, read_quantization
from blockloom.bridge.repositories import Repository, check_part, find_repository, refuse
from blockloom.errors import ModelError, UsageError
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef, NewPipeline
from blockloom.model_places import variant_refusal

__all__ = [
    "LoadOptions",
    "ModelStore",
    "current_places",
    "current_store",
    "open_component",
    "open_model",
    "trust_mark",
    "using_store",
]

_AS_THEY_ARE = Quantization()
_CONFIG_FILES = ("config.json",)
_PROCESSOR_FILES = ("tokenizer_config.json", "preprocessor_config.json", "processor_config.json")


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load: empty texts and "auto" leave the choice to the repository or this machine.

    ``offload`` is "none", or "model": models live in main memory and visit the GPU while they
    work; it changes nothing on a CPU. ``quantization`` is one of ``quantization.CHOICES``, and
    ``quantized`` names the components it is for, with commas; without any, all but text encoders
    and autoencoders.
    """

    revision: str = ""
    variant: str = ""
    dtype: str = "auto"
    device: str = "auto"
    offload: str = NONE
    quantization: str = NO_QUANTIZATION
    quantized: str = ""


def open_model(model: str, options: LoadOptions | None = None, *, store: ModelStore) -> NewPipeline:
    """The start of a main wire: pipeline class, config values and a reference to each component.

    ``model`` is ``demo``, a folder, a folder in the store's places, or a Hub name. Only index
    and config files are read; weights come into ``store`` when a block needs them. Code of the
    repository is run only where ``store`` trusts it. Raises NotFoundError, ModelError or
    UsageError.
    """
    options = options or LoadOptions()
    placement = _placement(options, store)
    repository = find_repository(model, options.revision, store.places)
    index = read_index(repository)
    template = make_template(index, store.trust)
    quantization = read_quantization(options.quantization, options.quantized)
    opener = _Opener(repository, placement, options.variant, store, quantization)
    _check_quantized(quantization, template)
    refs = {
        name: opener.ref(spec, index, getattr(template, name))
        for name, spec in template._component_specs.items()
    }
    return NewPipeline(PipelineHandle(template, placement.device).base(), refs)


def _check_quantized(quantization: Quantization, template: Any) -> None:
    for name in quantization.components:
        spec = template._component_specs.get(name)
        if spec is None or not is_model_class(spec.type_hint):
            models = [
                n for n, s in template._component_specs.items() if is_model_class(s.type_hint)
            ]
            raise UsageError(
                f'"{name}" is no model of this pipeline that could be quantized.',
                remedy=f"Type some of: {', '.join(models)}.",
            )


def trust_mark(model: str) -> str:
    """Changes when the user says or takes back that a model may run its code, for fingerprints."""
    folder = current_places().find_folder(model)
    known = [e for e in current_trust().entries() if e.location in (model, str(folder))]
    return key_of("trust", *(f"{e.commit}:{e.digest}" for e in known)) if known else ""


def open_component(
    model: str,
    component: str,
    options: LoadOptions | None = None,
    *,
    class_name: str = "",
    store: ModelStore,
) -> ComponentRef:
    """One component of a repository, by its name in the index or by its folder.

    ``component`` may be empty where the repository is the component. ``class_name`` is a class of
    diffusers or transformers; it is needed for a single weights file, and elsewhere only where
    index and config do not name it. Raises NotFoundError, ModelError or UsageError.
    """
    options = options or LoadOptions()
    placement = _placement(options, store)
    repository = find_repository(model, options.revision, store.places)
    check_part(repository, component, store.places)
    spec = _component_spec(repository, component, class_name)
    return _Opener(repository, placement, options.variant, store).loaded_ref(spec)


def _placement(options: LoadOptions, store: ModelStore) -> Placement:
    refuse(variant_refusal(options.variant))
    is_free = options.device in ("", AUTO)
    device = choose_device(store.device if is_free else options.device)
    dtype = choose_dtype(options.dtype, device)
    moves = check_policy(options.offload) == MODEL and device.type != "cpu"
    return Placement(device, dtype, store.offloader(device) if moves else None)


@dataclass(frozen=True, slots=True)
class _Opener:
    """Makes the references of one opened model."""

    repository: Repository
    placement: Placement
    variant: str
    store: ModelStore
    quantization: Quantization = _AS_THEY_ARE

    def ref(self, spec: ComponentSpec, index: PipelineIndex, made: Any) -> ComponentRef:
        """``made`` is the object where diffusers creates the component without files."""
        if spec.default_creation_method == "from_config":
            return made_ref(made, spec.config or {})
        if not index.has_component(spec):
            reason = f'The model "{self.repository.name}" has no component "{spec.name}".'
            return absent_ref(reason)
        return self.loaded_ref(spec)

    def loaded_ref(self, spec: ComponentSpec) -> ComponentRef:
        repository = self._repository_of(spec)
        check_part(repository, spec.subfolder or "", self.store.places)
        own = replace(
            spec,
            pretrained_model_name_or_path=repository.location,
            revision=repository.revision,
            variant=self.variant or spec.variant,
        )
        own = with_own_class(own, repository, self.store.trust)
        is_quantized = self.quantization.applies_to(spec.name, own.type_hint)
        method = self.quantization.method if is_quantized else ""
        source = ComponentSource(repository, own, self.placement, quantization=method)
        if carries_run_state(spec.type_hint):
            return component_ref(source.load())
        handle = LoadedHandle(source.weights_key, source, self.store)
        return ComponentRef(source.key, self._config_key(repository, own), handle)

    def _repository_of(self, spec: ComponentSpec) -> Repository:
        """Where the files are: indexes may point to other repositories."""
        location = spec.pretrained_model_name_or_path
        if location in (None, self.repository.location):
            return self.repository
        revision = None if Path(str(location)).is_dir() else spec.revision
        return find_repository(str(location), revision, self.store.places)

    def _config_key(self, repository: Repository, spec: ComponentSpec) -> str:
        """Class and config, and for models what pipelines tell of their device and dtype."""
        is_model = is_model_class(spec.type_hint)
        files = _CONFIG_FILES if is_model else _PROCESSOR_FILES
        paths = (f"{spec.subfolder}/{file}" if spec.subfolder else file for file in files)
        config = next(filter(None, map(repository.read_json, paths)), {})
        where = self.placement.text if is_model else ""
        return key_of("config", class_name(spec.type_hint), json_text(config), where)


def _component_spec(repository: Repository, component: str, wanted: str) -> ComponentSpec:
    name = component or repository.name.rpartition("/")[2]
    spec = ComponentSpec(name=name, pretrained_model_name_or_path=repository.location)
    if not repository.is_file:
        found = _indexed_spec(repository, component)
        spec = found or replace(spec, subfolder=component)
        if found is None and not _config_of(repository, component):
            where = f'"{component}" in ' if component else ""
            raise ModelError(
                f'There is no component {where}the model "{repository.name}".',
                remedy="Type its name in the model's index, or its folder there.",
            )
    if wanted or repository.is_file:
        return replace(spec, type_hint=class_for_loading(wanted))
    if spec.type_hint is None:
        return replace(spec, type_hint=_class_in_config(_config_of(repository, component)))
    return spec


def _indexed_spec(repository: Repository, component: str) -> ComponentSpec | None:
    entry = read_index(repository, is_needed=False).parts.get(component)
    if not isinstance(entry, list) or len(entry) not in (2, 3) or not any(entry):
        return None
    if len(entry) == 3:
        return ModularPipeline._dict_to_component_spec(component, entry[2])
    return ComponentSpec(
        name=component,
        type_hint=simple_get_class_obj(*entry),
        pretrained_model_name_or_path=repository.location,
        subfolder=component,
    )


def _config_of(repository: Repository, subfolder: str) -> dict[str, Any]:
    files = (*_CONFIG_FILES, *_PROCESSOR_FILES, "scheduler_config.json", "guider_config.json")
    paths = (f"{subfolder}/{file}" if subfolder else file for file in files)
    return next(filter(None, map(repository.read_json, paths)), {})


def _class_in_config(config: dict[str, Any]) -> type | None:
    """The class a config names; None leaves it to diffusers' AutoModel."""
    architectures = config.get("architectures") or [""]
    named = config.get("_class_name") or config.get("tokenizer_class") or architectures[0]
    return class_for_loading(named) if named else None
