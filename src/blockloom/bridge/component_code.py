"""Components whose class is code of the repository that they lie in."""

from __future__ import annotations

from dataclasses import replace

from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.repositories import Repository
from blockloom.bridge.repository_code import auto_map, class_in, trusted_code
from blockloom.errors import ModelError
from blockloom.trust import TrustBook

_CONFIGS = ("config.json", "tokenizer_config.json", "preprocessor_config.json")
_MODEL = "AutoModel"


def with_own_class(spec: ComponentSpec, repository: Repository, book: TrustBook) -> ComponentSpec:
    """The spec with the class that its config names in the repository's own code, if any.

    Only the code of this very repository is looked at. Raises ModelError where it is not trusted.
    """
    is_auto = spec.type_hint is None or spec.type_hint.__name__.startswith("Auto")
    if repository.is_file or not is_auto:
        return spec
    reference = _reference(spec, repository)
    if not reference:
        return spec
    try:
        code = trusted_code(repository, book)
    except ModelError as error:
        raise ModelError(f'The component "{spec.name}" needs code of its own. {error}') from error
    inside = f"{(spec.subfolder or '').strip('/')}/".lstrip("/")
    module = reference.rpartition(".")[0].replace(".", "/")
    # Libraries look beside the config first, for names inside it and for those from the top.
    has_beside = f"{inside}{module}.py" in code.files
    path = f"{inside.replace('/', '.')}{reference}" if has_beside else reference
    return replace(spec, type_hint=class_in(repository, code, path))


def _reference(spec: ComponentSpec, repository: Repository) -> str:
    wanted = spec.type_hint.__name__ if spec.type_hint is not None else _MODEL
    for name in _CONFIGS:
        config = repository.read_json(f"{spec.subfolder}/{name}" if spec.subfolder else name)
        reference = auto_map(config or {}, wanted)
        if reference:
            return reference
    return ""
