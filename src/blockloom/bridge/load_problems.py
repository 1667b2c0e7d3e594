"""Why a component could not be loaded, and what to do about it, in an artist's words."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.repositories import Repository
from blockloom.errors import ModelError

_VARIANT_FILE = re.compile(r"\.(?P<variant>[\w\-]+?)(-\d+-of-\d+)?\.(safetensors|bin)$")


def explain_failure(
    repository: Repository, spec: ComponentSpec, error: BaseException
) -> ModelError:
    """The error to raise: which component, of which model, why, and what to do."""
    cause = _first_cause(error)
    message = f'The component "{spec.name}" of the model "{repository.name}" cannot be loaded: '
    remedy = _remedy(repository, spec, cause)
    if "trust_remote_code" in str(cause):
        message += "it needs code that comes with the model, and Blockloom does not run that."
    elif not _folder_exists(repository, spec):
        message += f'there is no folder "{spec.subfolder}".'
    elif _is_mismatch(cause):
        message += "its config and its weights do not belong together."
    else:
        message += f"{_first_line(cause)}."
    details = "".join(traceback.format_exception(error))
    return ModelError(message, remedy=remedy, details=details)


def _first_cause(error: BaseException) -> BaseException:
    """What the library said before diffusers wrapped it."""
    seen = error
    while (inner := seen.__cause__ or seen.__context__) is not None and str(inner):
        if isinstance(seen, ValueError) and str(inner) in str(seen):
            seen = inner
        else:
            break
    return seen


def _is_mismatch(error: BaseException) -> bool:
    """Whether a library complains that shapes differ; each has words of its own."""
    signs = ("size mismatch", "expected shape", "ignore_mismatched_sizes")
    return any(sign in str(error) for sign in signs)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).strip().rstrip(".:")


def _remedy(repository: Repository, spec: ComponentSpec, cause: BaseException) -> str:
    text = str(cause)
    if "trust_remote_code" in text:
        return "Use a model that diffusers or transformers can load on their own."
    if isinstance(cause, MemoryError) or "out of memory" in text.lower():
        return "Free models, choose another dtype, or set offload to model."
    if isinstance(cause, ImportError):
        return "Install the package it names, then run again."
    if _is_mismatch(cause):
        return "Check that both come from the same model and version."
    if _has_only_pickles(repository, spec):
        return "Its weights are Python pickles (.bin), which are not read: save it as safetensors."
    variants = _variants(repository, spec)
    if spec.variant and spec.variant not in variants and "file named" in text:
        return f'Leave variant empty: there are no files of variant "{spec.variant}".'
    if not spec.variant and variants and "file named" in text:
        return f"Set variant to {' or '.join(variants)}: only such files are there."
    again = "Download the model again"
    if not repository.is_local:
        again = f"Get it again with `hf download {repository.name}`"
    return f"{again}: the file may be damaged or incomplete."


def _has_only_pickles(repository: Repository, spec: ComponentSpec) -> bool:
    folder = Path(repository.location, spec.subfolder or "")
    if not repository.is_local or not folder.is_dir():
        return False
    suffixes = {path.suffix for path in folder.iterdir()}
    return ".safetensors" not in suffixes and not suffixes.isdisjoint({".bin", ".pt", ".ckpt"})


def _folder_exists(repository: Repository, spec: ComponentSpec) -> bool:
    if not repository.is_local or not spec.subfolder:
        return True
    return Path(repository.location, spec.subfolder).is_dir()


def _variants(repository: Repository, spec: ComponentSpec) -> list[str]:
    """The variants among the weight files of a local folder."""
    folder = Path(repository.location, spec.subfolder or "")
    if not repository.is_local or not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if path.suffix in (".safetensors", ".bin")]
    found = {match["variant"] for name in names if (match := _VARIANT_FILE.search(name))}
    return sorted(found)
