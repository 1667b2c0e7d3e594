"""Broken and missing models: an error that names the model, the component and what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.models import LoadOptions, ModelStore, open_component, open_model
from blockloom.errors import BlockloomError, ModelError, NotFoundError, UsageError

UNET_WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def repository(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "tiny"))


def _edit(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


def _open_error(folder: Path | str) -> BlockloomError:
    with pytest.raises(BlockloomError) as caught:
        open_model(str(folder), store=ModelStore())
    return caught.value


def _take_error(folder: Path, component: str, **options: str) -> ModelError:
    store = ModelStore()
    handle: Any = open_model(str(folder), LoadOptions(**options), store=store)
    handle = handle.components[component].handle
    with pytest.raises(ModelError) as caught:
        handle.take()
    assert [loaded.label for loaded in store.loaded()] == []
    return caught.value


def test_missing_weights(repository: Path) -> None:
    (repository / UNET_WEIGHTS).unlink()
    error = _take_error(repository, "unet")
    assert error.message.startswith(
        f'The component "unet" of the model "{repository}" cannot be loaded: '
    )
    assert "no file named" in error.message
    assert error.remedy == "Download the model again: the file may be damaged or incomplete."
    assert "Traceback" in error.details


@pytest.mark.parametrize(
    ("component", "name"),
    [("unet", "diffusion_pytorch_model.bin"), ("text_encoder", "pytorch_model.bin")],
)
def test_pickled_weights_are_never_read(repository: Path, component: str, name: str) -> None:
    folder = repository / component
    (file,) = folder.glob("*.safetensors")
    marker = repository / "was run"

    class Harm:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (marker,))

    torch.save({**safetensors.torch.load_file(file), "harm": Harm()}, folder / name)
    file.unlink()
    error = _take_error(repository, component)
    assert "pickles" in error.remedy
    assert not marker.exists()


def test_a_pickled_file_is_refused() -> None:
    with pytest.raises(UsageError, match="pickle"):
        open_component("model.ckpt", "", store=ModelStore())


def test_missing_weights_of_a_text_encoder(repository: Path) -> None:
    (repository / "text_encoder" / "model.safetensors").unlink()
    error = _take_error(repository, "text_encoder")
    assert '"text_encoder"' in error.message
    assert "no file named" in error.message


@pytest.mark.parametrize(
    ("component", "file"),
    [("unet", UNET_WEIGHTS), ("text_encoder", "text_encoder/model.safetensors")],
)
def test_damaged_weights(repository: Path, component: str, file: str) -> None:
    path = repository / file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    error = _take_error(repository, component)
    assert f'"{component}"' in error.message
    assert "Download the model again" in error.remedy


def test_weights_that_lack_some(repository: Path) -> None:
    path = repository / UNET_WEIGHTS
    weights = safetensors.torch.load_file(path)
    weights.pop("conv_in.weight")
    safetensors.torch.save_file(weights, path, metadata={"format": "pt"})
    error = _take_error(repository, "unet")
    assert "conv_in.weight" in str(error)


@pytest.mark.parametrize(
    ("component", "change"),
    [("unet", {"block_out_channels": [16, 16]}), ("text_encoder", {"hidden_size": 16})],
)
def test_weights_of_another_size(repository: Path, component: str, change: dict[str, Any]) -> None:
    _edit(repository / component / "config.json", lambda config: config.update(change))
    error = _take_error(repository, component)
    assert error.message == (
        f'The component "{component}" of the model "{repository}" cannot be loaded: '
        "its config and its weights do not belong together."
    )


def test_a_missing_folder(repository: Path) -> None:
    shutil.rmtree(repository / "unet")
    error = _take_error(repository, "unet")
    assert error.message == (
        f'The component "unet" of the model "{repository}" cannot be loaded: '
        'there is no folder "unet".'
    )


def test_only_files_of_a_variant(repository: Path) -> None:
    path = repository / UNET_WEIGHTS
    path.rename(path.with_name("diffusion_pytorch_model.fp16.safetensors"))
    error = _take_error(repository, "unet")
    assert error.remedy == "Set variant to fp16: only such files are there."


def test_a_variant_that_is_not_there(repository: Path) -> None:
    error = _take_error(repository, "unet", variant="fp16")
    assert error.remedy == 'Leave variant empty: there are no files of variant "fp16".'


def test_what_is_broken_elsewhere_does_not_matter(repository: Path) -> None:
    (repository / UNET_WEIGHTS).unlink()
    opened: Any = open_model(str(repository), store=ModelStore())
    assert opened.components["vae"].handle.take() is not None
    assert opened.components["unet"].handle.look() is not None


def test_a_damaged_scheduler_config(repository: Path) -> None:
    (repository / "scheduler" / "scheduler_config.json").write_text("{")
    error = _open_error(repository)
    assert isinstance(error, ModelError)
    assert '"scheduler"' in error.message


def test_no_index(repository: Path) -> None:
    (repository / "model_index.json").unlink()
    error = _open_error(repository)
    assert type(error) is ModelError
    assert error.message == (
        f'The model "{repository}" has no model_index.json and no modular_model_index.json.'
    )
    assert "Load Component" in error.remedy


@pytest.mark.parametrize("content", ["{", "[]"])
def test_an_index_that_cannot_be_read(repository: Path, content: str) -> None:
    (repository / "model_index.json").write_text(content)
    error = _open_error(repository)
    assert type(error) is ModelError
    assert '"model_index.json"' in error.message


def test_an_unknown_pipeline_class(repository: Path) -> None:
    _edit(repository / "model_index.json", lambda index: index.update(_class_name="NoPipeline"))
    error = _open_error(repository)
    assert type(error) is ModelError
    assert 'the pipeline class "NoPipeline"' in error.message


def test_a_pipeline_that_has_no_modular_one(repository: Path) -> None:
    _edit(
        repository / "model_index.json",
        lambda index: index.update(_class_name="StableDiffusionPipeline"),
    )
    error = _open_error(repository)
    assert type(error) is ModelError
    assert "StableDiffusionPipeline, which has no modular pipeline" in error.message


def test_an_unknown_component_class(repository: Path) -> None:
    _edit(repository / "model_index.json", lambda index: index.update(unet=["diffusers", "NoUNet"]))
    error = _open_error(repository)
    assert type(error) is ModelError
    assert error.message.startswith(
        f'The component "unet" of the model "{repository}" wants the class "NoUNet" of diffusers'
    )


def test_a_component_with_code_of_its_own(repository: Path) -> None:
    marker = repository / "was_run"
    (repository / "own_unet.py").write_text(f"open({str(marker)!r}, 'w')")
    _edit(repository / "model_index.json", lambda index: index.update(unet=["own_unet", "Own"]))
    error = _open_error(repository)
    assert type(error) is ModelError
    assert error.message == (
        f'The component "unet" of the model "{repository}" needs code of its own ("own_unet"), '
        "and Blockloom does not run that."
    )
    assert not marker.exists()


def test_blocks_with_code_of_their_own(repository: Path) -> None:
    marker = repository / "was_run"
    (repository / "block.py").write_text(f"open({str(marker)!r}, 'w')")
    (repository / "modular_config.json").write_text(
        json.dumps({"auto_map": {"ModularPipelineBlocks": "block.OwnBlocks"}})
    )
    error = _open_error(repository)
    assert type(error) is ModelError
    assert error.message == (
        f'"{repository}" has code of its own, which is not trusted on this machine. If you want it '
        f"to run, type: blockloom trust {repository}"
    )
    assert not marker.exists()


def test_a_model_with_code_of_its_own(repository: Path) -> None:
    marker = repository / "was_run"
    (repository / "unet" / "own.py").write_text(f"open({str(marker)!r}, 'w')")
    _edit(
        repository / "unet" / "config.json",
        lambda config: config.update(auto_map={"AutoModel": "own.OwnUNet"}, _class_name="Own"),
    )
    (repository / "model_index.json").unlink()
    with pytest.raises(ModelError, match='The component "unet" needs code of its own') as caught:
        open_component(str(repository), "unet", class_name="AutoModel", store=ModelStore())
    assert f"type: blockloom trust {repository}" in str(caught.value)
    assert not marker.exists()


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "a b", ""])
def test_no_such_folder(name: str) -> None:
    assert isinstance(_open_error(name), NotFoundError)


def test_a_folder_has_no_revision(repository: Path) -> None:
    with pytest.raises(UsageError, match='has no revision "main"'):
        open_model(str(repository), LoadOptions(revision="main"), store=ModelStore())


def test_an_unknown_offload_policy(repository: Path) -> None:
    with pytest.raises(UsageError, match='"disk" is no way to offload'):
        open_model(str(repository), LoadOptions(offload="disk"), store=ModelStore())


def test_a_hub_model_that_was_never_downloaded() -> None:
    error = _open_error("somebody/some-model")
    assert isinstance(error, NotFoundError)
    assert "offline mode is on" in error.message
    assert "hf download somebody/some-model" in error.remedy


def test_no_such_component(repository: Path) -> None:
    with pytest.raises(ModelError, match='no component "transformer"'):
        open_component(str(repository), "transformer", store=ModelStore())


def test_a_weights_file_needs_its_class(repository: Path) -> None:
    weights = str(repository / UNET_WEIGHTS)
    with pytest.raises(UsageError, match="does not say what it is"):
        open_component(weights, "", store=ModelStore())
    with pytest.raises(UsageError, match='"os" is not a class'):
        open_component(weights, "", class_name="os", store=ModelStore())
    with pytest.raises(NotFoundError, match="There is no model file"):
        open_component("none.safetensors", "", class_name="AutoencoderKL", store=ModelStore())
