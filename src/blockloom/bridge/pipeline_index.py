"""A repository's index file, and the pipeline diffusers makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import diffusers
from diffusers import ModularPipeline
from diffusers.modular_pipelines.modular_pipeline import MODULAR_PIPELINE_MAPPING
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from diffusers.pipelines.pipeline_loading_utils import simple_get_class_obj

from blockloom.bridge.repositories import BLOCKS_FILE, INDEX_FILES, Repository
from blockloom.bridge.repository_code import (
    BLOCK,
    auto_map,
    block_reference,
    class_in,
    trusted_code,
)
from blockloom.errors import ModelError
from blockloom.trust import TrustBook

_FAILURES = (AttributeError, ImportError, KeyError, OSError, TypeError, ValueError)
_NOTHING = TrustBook()
_NO_REMOTE_CODE = "Use a model that diffusers can load on its own."


@dataclass(frozen=True, slots=True)
class PipelineIndex:
    """The content of ``modular_model_index.json`` or ``model_index.json``."""

    repository: Repository
    parts: dict[str, Any]

    def has_component(self, spec: ComponentSpec) -> bool:
        """Whether the repository says where that component is."""
        entry = self.parts.get(spec.name or "")
        if isinstance(entry, list) and len(entry) == 2 and None in entry:
            return False
        return spec.pretrained_model_name_or_path is not None


def read_index(repository: Repository, *, is_needed: bool = True) -> PipelineIndex:
    """The index, the modular one first as diffusers does.

    Raises ModelError where there is none and one ``is_needed``.
    """
    parts = next(filter(None, map(repository.read_json, INDEX_FILES)), None)
    if parts is None and is_needed:
        raise ModelError(
            f'The model "{repository.name}" has no {INDEX_FILES[1]} and no {INDEX_FILES[0]}.',
            remedy="It is no pipeline: load one of its components with Load Component, or check "
            "that the download was complete.",
        )
    return PipelineIndex(repository, parts or {})


def make_template(index: PipelineIndex, book: TrustBook = _NOTHING) -> ModularPipeline:
    """The pipeline of diffusers' own class for that index, with nothing loaded.

    Where the blocks are code of the repository itself, they are those, if ``book`` trusts it.
    Raises ModelError: unknown classes, no modular pipeline for this model, code not trusted.
    """
    repository = index.repository
    is_own = bool(auto_map(repository.read_json(BLOCKS_FILE) or {}, BLOCK))
    try:
        if is_own:
            return _with_own_blocks(index, book)
        return ModularPipeline.from_pretrained(
            repository.location, revision=repository.revision, trust_remote_code=False
        )
    except _FAILURES as error:
        raise _explain(index, error) from error


def _with_own_blocks(index: PipelineIndex, book: TrustBook) -> ModularPipeline:
    """What diffusers would make with ``trust_remote_code``, of the code that was looked at."""
    repository = index.repository
    code = trusted_code(repository, book)
    blocks = class_in(repository, code, block_reference(code))()
    is_modular = repository.read_json(INDEX_FILES[0]) is not None
    pipeline_class = getattr(diffusers, str(index.parts.get("_class_name")))
    if not is_modular:
        family = MODULAR_PIPELINE_MAPPING.get(blocks.model_name, lambda: "ModularPipeline")
        pipeline_class = getattr(diffusers, family())
    pipeline: ModularPipeline = pipeline_class(
        blocks=blocks,
        pretrained_model_name_or_path=repository.location,
        modular_config_dict=dict(index.parts) if is_modular else None,
        config_dict=None if is_modular else dict(index.parts),
    )
    return pipeline


def _explain(index: PipelineIndex, error: Exception) -> ModelError:
    name = index.repository.name
    pipeline = index.parts.get("_class_name")
    if not isinstance(pipeline, str) or getattr(diffusers, pipeline, None) is None:
        return ModelError(
            f'The model "{name}" wants the pipeline class "{pipeline}", '
            f"which diffusers {diffusers.__version__} does not have.",
            remedy="Update diffusers, or use another model.",
        )
    broken = next(filter(None, (_broken_part(index, part) for part in index.parts)), None)
    if broken is not None:
        return broken
    if "No pipeline blocks" in str(error):
        return ModelError(
            f'The model "{name}" is made for {pipeline}, which has no modular pipeline in '
            f"diffusers {diffusers.__version__}.",
            remedy="Use a model of one of the families that `blockloom pipelines` lists.",
        )
    first = str(error).strip().partition("\n")[0]
    return ModelError(
        f'The model "{name}" cannot be opened: {first}',
        remedy="Check its index file, or download it again.",
    )


def _broken_part(index: PipelineIndex, part: str) -> ModelError | None:
    """What is wrong with one entry of the index, if its class cannot be found."""
    entry = index.parts[part]
    if part.startswith("_") or not isinstance(entry, list) or len(entry) not in (2, 3):
        return None
    hint = entry[2].get("type_hint") if len(entry) == 3 and isinstance(entry[2], dict) else entry
    if not isinstance(hint, list) or len(hint) != 2 or None in hint:
        return None
    library, class_name = hint
    start = f'The component "{part}" of the model "{index.repository.name}" '
    try:
        simple_get_class_obj(library, class_name)
    except ValueError:
        return ModelError(
            f'{start}needs code of its own ("{library}"), and Blockloom does not run that.',
            remedy=_NO_REMOTE_CODE,
        )
    except (AttributeError, ImportError, TypeError) as error:
        return ModelError(
            f'{start}wants the class "{class_name}" of {library}, which cannot be found here: '
            f"{str(error).partition(chr(10))[0]}.",
            remedy=f"Update {library}, or install what it needs.",
        )
    return None
