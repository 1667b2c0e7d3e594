"""Textual inversions: new words for a tokenizer, and what the text encoder makes of them.

Follows diffusers' ``TextualInversionLoaderMixin``, which changes one tokenizer and one text encoder
at once; here either is changed when it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from safetensors.torch import load_file

from blockloom.bridge.adapter_files import AdapterFile
from blockloom.bridge.adapters import Carrier, Overlay, with_overlay
from blockloom.bridge.handles import Handle
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.errors import ModelError, UsageError
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef

_ENCODER, _TOKENIZER = "text_encoder", "tokenizer"
# Files for the two text encoders of Stable Diffusion XL hold one table for each.
_TABLES = {"text_encoder": "clip_l", "text_encoder_2": "clip_g"}


@dataclass(frozen=True, slots=True, eq=False)
class WordOverlay:
    """A new word on a tokenizer, or on the text encoder behind it."""

    file: AdapterFile
    token: str
    encoder: str
    tokenizer: Handle
    """The tokenizer without the word."""

    @property
    def key(self) -> str:
        return key_of("textual inversion", self.file.key, self.token, self.encoder)

    @property
    def label(self) -> str:
        return f"textual inversion {self.token}"

    @property
    def changes_config(self) -> bool:
        return False

    def takes_up(self, earlier: Overlay) -> bool:
        return False

    def lay_over(self, component: Any, carrier: Carrier) -> None:
        vectors = _vectors(self.file, self.encoder)
        words = _words(self.token, len(vectors))
        if not isinstance(component, torch.nn.Module):
            component.add_tokens(words)
            return
        tokenizer = self.tokenizer.take()
        _teach(component, len(tokenizer), vectors)

    def finish(self, component: Any) -> None:
        return None


def apply_word(
    components: Mapping[str, ComponentRef],
    pipeline: PipelineHandle,
    file: AdapterFile,
    token: str,
    text_encoder: str,
    store: ModelStore,
) -> dict[str, ComponentRef]:
    """The tokenizers and text encoders of a wire that learn a word. Raises UsageError, ModelError.

    Without ``text_encoder`` all of them for which the file has a vector of the right width.
    """
    if not token or token != token.strip():
        raise UsageError("The new word is missing.", remedy='Type one, such as "<my-cat>".')
    pairs = [
        (name, name.replace(_ENCODER, _TOKENIZER))
        for name in components
        if name.startswith(_ENCODER) and name.replace(_ENCODER, _TOKENIZER) in components
    ]
    names = ", ".join(name for name, _ in pairs)
    if text_encoder and text_encoder not in {name for name, _ in pairs}:
        raise UsageError(
            f'The model has no text encoder "{text_encoder}" with a tokenizer.',
            remedy=f"Leave it empty, or type one of: {names or 'it has none'}.",
        )
    changed: dict[str, ComponentRef] = {}
    for encoder, tokenizer in pairs:
        if text_encoder in ("", encoder) and _fits(file, encoder, components[encoder]):
            _check_new(components[tokenizer], token)
            overlay = WordOverlay(file, token, encoder, components[tokenizer].handle)  # type: ignore[arg-type]
            for name in (encoder, tokenizer):
                changed[name] = with_overlay(components, pipeline, name, overlay, store)
    if not changed:
        raise ModelError(
            f"The textual inversion {file.name} fits none of the text encoders: {names or 'none'}.",
            remedy="Use one that was made for this kind of model.",
        )
    return changed


def _fits(file: AdapterFile, encoder: str, ref: ComponentRef) -> bool:
    handle: Any = ref.handle
    model = handle.look()
    if not isinstance(model, torch.nn.Module):
        return False
    try:
        vectors = _vectors(file, encoder)
    except ModelError:
        return False
    embeddings: Any = model
    return bool(vectors.shape[-1] == embeddings.get_input_embeddings().weight.shape[-1])


def _check_new(ref: ComponentRef, token: str) -> None:
    handle: Any = ref.handle
    if token in handle.take().get_vocab():
        raise UsageError(
            f'The tokenizer knows the word "{token}" already.', remedy="Choose another word."
        )


def _vectors(file: AdapterFile, encoder: str) -> torch.Tensor:
    """The vectors of a file, one row each."""
    found = load_file(file.path)
    table = found.get(_TABLES.get(encoder, ""))
    if table is None and len(found) == 1:
        (table,) = found.values()
    if table is None or table.ndim not in (1, 2):
        raise ModelError(
            f"The file {file.name} is no textual inversion: {', '.join(sorted(found))[:200]}.",
            remedy="Use a file with one vector, or one for each text encoder.",
        )
    return table[None] if table.ndim == 1 else table


def _words(token: str, count: int) -> list[str]:
    """The word, and for each further vector the word with a number, as diffusers has them."""
    return [token, *(f"{token}_{number}" for number in range(1, count))]


def _teach(model: Any, known: int, vectors: torch.Tensor) -> None:
    """Give the first words after those that are known their vectors."""
    model.resize_token_embeddings(known + len(vectors))
    weight = model.get_input_embeddings().weight
    for place, vector in enumerate(vectors):
        weight.data[known + place] = vector.to(device=weight.device, dtype=weight.dtype)
