"""Models of the Hugging Face Hub, from a cache as its own library lays it out, without network."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.models import LoadOptions, ModelStore, open_model
from blockloom.bridge.repositories import find_repository, fingerprint
from blockloom.errors import ModelError, NotFoundError

# What diffusers passes to huggingface_hub.
pytestmark = pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning")

NAME = "somebody/tiny-xl"
COMMITS = ("a" * 40, "b" * 40)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def cached(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model's folder in a cache that has the first commit as ``main``."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    folder = tmp_path / "models--somebody--tiny-xl"
    for commit in COMMITS:
        shutil.copytree(repository, folder / "snapshots" / commit)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(COMMITS[0])
    return folder


def _keys(name: str, **options: str) -> dict[str, str]:
    opened = open_model(name, LoadOptions(**options), store=ModelStore())
    return {name: ref.key for name, ref in opened.components.items()}


@pytest.mark.usefixtures("cached")
def test_a_downloaded_model_opens_offline() -> None:
    store = ModelStore()
    opened: Any = open_model(NAME, store=store)
    assert opened.components["unet"].handle.look().device.type == "meta"
    assert opened.components["text_encoder"].handle.look().device.type == "meta"
    assert {name for name, ref in opened.components.items() if ref.handle.take() is None} == {
        "controlnet",
        "image_encoder",
    }
    assert [loaded.label for loaded in store.loaded()] == [
        f"{name} of {NAME}"
        for name in ("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "unet", "vae")
    ]


def test_the_commit_is_part_of_the_keys(cached: Path) -> None:
    first = _keys(NAME)
    assert first == _keys(NAME, revision="main") == _keys(NAME, revision=COMMITS[0])
    assert find_repository(NAME).revision == COMMITS[0]
    before = fingerprint(NAME)
    (cached / "refs" / "main").write_text(COMMITS[1])
    assert fingerprint(NAME) != before
    second = _keys(NAME)
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {"text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "unet", "vae"}


def test_the_pinned_commit_is_the_one_loaded(cached: Path) -> None:
    opened: Any = open_model(NAME, store=ModelStore())
    (cached / "refs" / "main").write_text(COMMITS[1])
    shutil.rmtree(cached / "snapshots" / COMMITS[1])
    assert opened.components["unet"].handle.take() is not None


@pytest.mark.usefixtures("cached")
def test_a_revision_that_was_not_downloaded() -> None:
    with pytest.raises(NotFoundError, match="was not downloaded before"):
        open_model(NAME, LoadOptions(revision="dev"), store=ModelStore())


def test_a_file_that_was_not_downloaded(cached: Path) -> None:
    (cached / "snapshots" / COMMITS[0] / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    opened: Any = open_model(NAME, store=ModelStore())
    with pytest.raises(ModelError, match=f'"vae" of the model "{NAME}"') as caught:
        opened.components["vae"].handle.take()
    assert f"hf download {NAME}" in caught.value.remedy
