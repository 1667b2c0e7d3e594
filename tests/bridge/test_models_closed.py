"""Models in a process that runs anybody's graphs: what lies outside of its places is not opened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.models import (
    LoadOptions,
    ModelStore,
    current_places,
    open_component,
    open_model,
    using_store,
)
from blockloom.bridge.repositories import find_repository, fingerprint
from blockloom.errors import NotFoundError, UsageError
from blockloom.model_places import ModelPlaces

# What diffusers passes to huggingface_hub.
pytestmark = pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning")


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of somebody on this machine that is nobody else's business."""
    return build_tiny_sdxl(tmp_path_factory.mktemp("outside"))


@pytest.fixture
def folder(outside: Path, tmp_path: Path) -> Path:
    """A model folder with one model in it."""
    shutil.copytree(outside, tmp_path / "models" / "mine")
    return tmp_path / "models"


@pytest.fixture
def store(folder: Path) -> ModelStore:
    return ModelStore(places=ModelPlaces((folder,), is_closed=True))


def test_a_model_inside_opens_and_loads(store: ModelStore) -> None:
    opened: Any = open_model("mine", store=store)
    assert opened.components["vae"].handle.take() is not None
    assert open_component("mine", "vae", store=store).key == opened.components["vae"].key
    assert open_component("mine/vae", "", store=store).handle is not None
    open_model("demo", store=store)


def test_a_model_outside_does_not_open(store: ModelStore, folder: Path, outside: Path) -> None:
    (folder / "out").symlink_to(outside)
    for name in (str(outside), f"{folder}/../../{outside.name}", "out", "../models/mine/..//.."):
        with pytest.raises(UsageError, match="is not in a model folder of this server"):
            open_model(name, store=store)
        with pytest.raises(UsageError, match="is not in a model folder of this server"):
            open_component(name, "vae", store=store)
    weights = str(outside / "vae" / "diffusion_pytorch_model.fp16.safetensors")
    with pytest.raises(UsageError, match="is not in a model folder"):
        open_component(weights, "", class_name="AutoencoderKL", store=store)
    with pytest.raises(UsageError, match="is an address"):
        open_component(
            "https://example.com/a.safetensors", "", class_name="AutoencoderKL", store=store
        )


@pytest.mark.parametrize("part", ["../out/vae", "{}/vae", "vae/../../mine/vae", "..\\out"])
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_part_lies_inside_its_model_whoever_asks(
    folder: Path, outside: Path, part: str, is_closed: bool
) -> None:
    shutil.copytree(outside, folder / "out")
    store = ModelStore(places=ModelPlaces((folder,), is_closed))
    with pytest.raises(UsageError, match="is not inside the model"):
        open_component("mine", part.format(outside), store=store)


def test_a_part_that_is_a_link_out_is_not_followed(folder: Path, outside: Path) -> None:
    shutil.rmtree(folder / "mine" / "vae")
    (folder / "mine" / "vae").symlink_to(outside / "vae")
    closed = ModelStore(places=ModelPlaces((folder,), is_closed=True))
    for _ in range(2):
        with pytest.raises(UsageError, match='"vae" of the model "mine" is a link to a place outs'):
            open_component("mine", "vae", store=closed)
        with pytest.raises(UsageError, match="is a link to a place outside"):
            open_model("mine", store=closed)
    both = ModelStore(places=ModelPlaces((folder, outside), is_closed=True))
    open_model("mine", store=both)
    open_model("mine", store=ModelStore(places=ModelPlaces((folder,))))


@pytest.mark.parametrize("key", ["pretrained_model_name_or_path", "repo"])
@pytest.mark.parametrize("elsewhere", ["{}", "../elsewhere", "https://example.com/x.safetensors"])
def test_an_index_that_points_elsewhere_is_not_followed(
    folder: Path, outside: Path, elsewhere: str, key: str
) -> None:
    """As the index of anybody's repository on the Hub might."""
    shutil.rmtree(folder / "mine" / "vae")  # what is here is preferred
    index = folder / "mine" / "model_index.json"
    parts = json.loads(index.read_text())
    place: dict[str, Any] = {key: elsewhere.format(outside), "subfolder": "vae"}
    place["type_hint"] = ["diffusers", "AutoencoderKL"]
    modular = {
        "_class_name": "StableDiffusionXLModularPipeline",
        "_blocks_class_name": "StableDiffusionXLAutoBlocks",
        "_diffusers_version": parts["_diffusers_version"],
        "vae": ["diffusers", "AutoencoderKL", place],
    }
    index.with_name("modular_model_index.json").write_text(json.dumps(modular))
    closed = ModelStore(places=ModelPlaces((folder,), is_closed=True))
    with pytest.raises(UsageError, match=r"is not in a model folder|is an address"):
        open_model("mine", store=closed)


def test_a_subfolder_in_an_index_does_not_lead_out(folder: Path, outside: Path) -> None:
    shutil.copytree(outside, folder / "other")
    parts = json.loads((folder / "mine" / "model_index.json").read_text())
    place = {
        "pretrained_model_name_or_path": str(folder / "mine"),
        "subfolder": "../other/vae",
        "type_hint": ["diffusers", "AutoencoderKL"],
    }
    modular = {
        "_class_name": "StableDiffusionXLModularPipeline",
        "_blocks_class_name": "StableDiffusionXLAutoBlocks",
        "_diffusers_version": parts["_diffusers_version"],
        "vae": ["diffusers", "AutoencoderKL", place],
    }
    (folder / "mine" / "modular_model_index.json").write_text(json.dumps(modular))
    with pytest.raises(UsageError, match="is not inside the model"):
        open_model("mine", store=ModelStore(places=ModelPlaces((folder,))))


def test_a_name_on_the_hub_opens_unless_a_folder_here_has_it(
    store: ModelStore, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    cached = tmp_path / "cache" / "models--somebody--tiny-xl"
    shutil.copytree(outside, cached / "snapshots" / ("a" * 40))
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("a" * 40)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    opened: Any = open_model("somebody/tiny-xl", store=store)
    assert opened.components["vae"].handle.take() is not None
    with pytest.raises(NotFoundError, match="was not downloaded before"):
        open_model("somebody/else", store=store)
    # diffusers would take the folder, which nobody put into a model folder.
    shutil.copytree(outside, tmp_path / "work" / "somebody" / "tiny-xl")
    with pytest.raises(UsageError, match="is not in a model folder"):
        open_model("somebody/tiny-xl", store=store)


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_revision_reads_no_file_of_this_machine(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_closed: bool
) -> None:
    """The cache looks a revision up as a file below the repository's ``refs``."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "models--somebody--tiny-xl" / "refs").mkdir(parents=True)
    (tmp_path / "secret").write_text("the secret")
    places = ModelPlaces((folder,), is_closed)
    with pytest.raises(UsageError, match="is no revision") as raised:
        find_repository("somebody/tiny-xl", "../../../secret", places)
    assert "the secret" not in str(raised.value) + raised.value.details
    store = ModelStore(places=places)
    with pytest.raises(UsageError, match="is no variant"):
        open_model("mine", LoadOptions(variant="../../x"), store=store)


def test_fingerprints_tell_nothing_of_what_is_outside(folder: Path, outside: Path) -> None:
    closed = ModelPlaces((folder,), is_closed=True)
    name = str(outside / "vae")
    before = fingerprint(name, None, closed)
    assert before == fingerprint(name, None, ModelPlaces((folder / "none",), is_closed=True))
    assert before != fingerprint(name)
    assert fingerprint("mine", None, closed) == fingerprint(str(folder / "mine"))
    assert fingerprint("a/b", "../../../x", closed) != fingerprint("a/b", "main", closed)


def test_a_weights_file_that_is_replaced_has_another_fingerprint(folder: Path) -> None:
    places = ModelPlaces((folder,), is_closed=True)
    (folder / "vae.safetensors").write_bytes(b"1")
    before = fingerprint("vae.safetensors", None, places)
    (folder / "vae.safetensors").write_bytes(b"12")
    assert fingerprint("vae.safetensors", None, places) != before


def test_node_functions_see_the_places_of_their_run(store: ModelStore) -> None:
    with using_store(store):
        assert current_places() == store.places
