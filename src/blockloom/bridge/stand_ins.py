"""Stand-ins: models that have their class and config and no weights, for blocks that only look."""

from __future__ import annotations

import logging
from typing import Any

import diffusers
import torch
from diffusers import ModelMixin
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from transformers import AutoConfig, PreTrainedModel

from blockloom.bridge.repositories import Repository
from blockloom.bridge.saved_buffers import fill_saved_buffers
from blockloom.errors import ModelError

_log = logging.getLogger(__name__)
# What constructors and config readers raise: a tensor without data was asked for its values, the
# file is not there, the config is of another version.
_FAILURES = (
    AttributeError,
    ImportError,
    LookupError,
    ModelError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def make_stand_in(
    repository: Repository, spec: ComponentSpec, dtype: torch.dtype, device: torch.device
) -> Any:
    """A model of the class and config of ``spec`` without weights, or None where that fails.

    The weights are on the meta device; what is saved besides them is on ``device``. Failing is no
    error: the caller loads the model instead, and what is wrong with it is told then.
    """
    try:
        model = _build(repository, spec, dtype)
        torch.nn.Module.to(model, dtype=dtype)  # the models' own ``to`` warns about formats
        fill_saved_buffers(model, repository, spec, device)
    except _FAILURES as error:
        _log.debug("no stand-in for %s of %s: %r", spec.name, repository.name, error)
        return None
    return model.eval()


def _build(repository: Repository, spec: ComponentSpec, dtype: torch.dtype) -> Any:
    location = spec.pretrained_model_name_or_path
    options = {"subfolder": spec.subfolder or "", "revision": spec.revision}
    model_class = spec.type_hint or _class_from_config(repository, spec)
    if issubclass(model_class, ModelMixin):
        config = model_class.load_config(location, **options)
        with torch.device("meta"):
            return model_class.from_config(config)
    if not issubclass(model_class, PreTrainedModel):
        raise TypeError(f"{model_class} is a model of an unknown kind")
    config_class = model_class.config_class or AutoConfig
    config = config_class.from_pretrained(location, **options)
    with torch.device("meta"):
        return model_class._from_config(config, dtype=dtype)


def _class_from_config(repository: Repository, spec: ComponentSpec) -> Any:
    """The class diffusers' AutoModel would take, where the config names one of diffusers."""
    config = repository.read_json(f"{spec.subfolder or '.'}/config.json") or {}
    return getattr(diffusers, config.get("_class_name", ""))
