"""Pipelines and components whose code comes with their repository, trusted and not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ModularPipeline, UNet2DConditionModel
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.code_modules import import_from
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.models import open_component, open_model
from blockloom.errors import ModelError
from blockloom.trust import TrustBook, Trusted, read_code

BLOCKS = """
from pathlib import Path

from diffusers.modular_pipelines import StableDiffusionXLAutoBlocks

Path({marker!r}).write_text("was run")


class OwnBlocks(StableDiffusionXLAutoBlocks):
    model_name = "stable-diffusion-xl"
"""
MODEL = """
from pathlib import Path

from diffusers import UNet2DConditionModel

Path({marker!r}).write_text("was run")


class OwnUNet(UNet2DConditionModel):
    def what(self):
        return "of my own"
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as diffusers saves a modular pipeline: its index names itself."""
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def repository(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "tiny"))


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "was_run"


def with_blocks(repository: Path, marker: Path) -> None:
    (repository / "block.py").write_text(BLOCKS.replace("{marker!r}", repr(str(marker))))
    config = {"auto_map": {"ModularPipelineBlocks": "block.OwnBlocks"}}
    (repository / "modular_config.json").write_text(json.dumps(config))
    parts = json.loads((repository / "model_index.json").read_text())
    index: dict[str, Any] = {
        "_class_name": "StableDiffusionXLModularPipeline",
        "_blocks_class_name": "OwnBlocks",
        "_diffusers_version": parts["_diffusers_version"],
        "force_zeros_for_empty_prompt": True,
    }
    for name, entry in parts.items():
        if isinstance(entry, list) and all(entry):
            place = {"pretrained_model_name_or_path": str(repository), "subfolder": name}
            index[name] = [*entry, {**place, "type_hint": entry}]
    (repository / "modular_model_index.json").write_text(json.dumps(index))


def with_model(repository: Path, marker: Path) -> None:
    (repository / "unet" / "own.py").write_text(MODEL.replace("{marker!r}", repr(str(marker))))
    file = repository / "unet" / "config.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps({**config, "auto_map": {"AutoModel": "own.OwnUNet"}}))


def trusting(repository: Path, tmp_path: Path) -> ModelStore:
    book = TrustBook(tmp_path / "trust.json")
    place = str(repository.resolve())
    book.add(Trusted("mine", "", place, "", read_code(repository.resolve()).digest))
    return ModelStore(trust=book)


def test_a_pipeline_with_its_own_blocks_opens_when_trusted(
    repository: Path, tmp_path: Path, marker: Path
) -> None:
    with_blocks(repository, marker)
    with pytest.raises(ModelError, match="not trusted on this machine"):
        open_model(str(repository), store=ModelStore())
    assert not marker.exists()
    opened: Any = open_model(str(repository), store=trusting(repository, tmp_path))
    assert marker.exists()
    assert opened.components["unet"].handle.take() is not None
    # As diffusers itself would have it.
    expected = ModularPipeline.from_pretrained(str(repository), trust_remote_code=True)
    assert set(opened.components) == set(expected._component_specs)
    handle = opened.base.handle
    assert handle.pipeline_class is type(expected)
    assert handle.config == {name: expected.config.get(name) for name in expected._config_specs}


def test_changed_code_is_refused_again(repository: Path, tmp_path: Path, marker: Path) -> None:
    with_blocks(repository, marker)
    store = trusting(repository, tmp_path)
    (repository / "more.py").write_text("")
    with pytest.raises(ModelError, match="Its code has changed since you trusted it"):
        open_model(str(repository), store=store)
    assert not marker.exists()


def test_a_component_with_its_own_class_loads_when_trusted(
    repository: Path, tmp_path: Path, marker: Path
) -> None:
    with_model(repository, marker)
    place = (str(repository), "unet")
    store = trusting(repository, tmp_path)
    ref: Any = open_component(*place, class_name="AutoModel", store=store)
    stand_in = ref.handle.look()
    assert (stand_in.what(), stand_in.device.type) == ("of my own", "meta")
    model = ref.handle.take()
    assert model.what() == "of my own"
    plain = UNet2DConditionModel.from_pretrained(repository / "unet", torch_dtype=model.dtype)
    pairs = zip(model.parameters(), plain.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    marker.unlink()
    (repository / "unet" / "own.py").write_text("1 / 0")
    with pytest.raises(ModelError, match="has changed since you trusted it"):
        open_component(*place, class_name="AutoModel", store=store)
    # Where the class is one of diffusers', no code of the repository is needed.
    open_component(*place, class_name="UNet2DConditionModel", store=store)
    assert not marker.exists()


def test_trusting_one_repository_trusts_no_other(
    repository: Path, tmp_path: Path, marker: Path
) -> None:
    """An index that points to a component with code elsewhere does not get it run."""
    other = Path(shutil.copytree(repository, tmp_path / "other"))
    other_marker = tmp_path / "other_was_run"
    with_model(other, other_marker)
    with_blocks(repository, marker)
    file = repository / "modular_model_index.json"
    index = json.loads(file.read_text())
    place = {"pretrained_model_name_or_path": str(other), "subfolder": "unet"}
    index["unet"] = ["diffusers", "AutoModel", {**place, "type_hint": ["diffusers", "AutoModel"]}]
    file.write_text(json.dumps(index))
    with pytest.raises(ModelError, match='"unet" needs code of its own') as caught:
        open_component(str(repository), "unet", store=trusting(repository, tmp_path))
    assert str(other) in str(caught.value)
    assert not other_marker.exists()


def test_what_was_read_is_what_runs(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "names.py").write_text("NAME = 'read'\n")
    (tmp_path / "block.py").write_text("from .inner.names import NAME\n")
    code = read_code(tmp_path)
    (tmp_path / "inner" / "names.py").write_text("NAME = 'changed'\n")
    assert import_from(code, "block").NAME == "read"
    assert import_from(read_code(tmp_path), "block").NAME == "changed"
    with pytest.raises(ModuleNotFoundError):
        import_from(code, "nothing")
