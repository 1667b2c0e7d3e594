"""Which models may be named: everything by who sits at the machine, little by who posts a graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockloom.model_places import (
    ModelPlaces,
    is_hub_name,
    part_refusal,
    revision_refusal,
    variant_refusal,
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with two model folders, a home with a secret model, and a working folder."""
    for name in (
        "models/mine",
        "models/org/deep",
        "more/theirs",
        "owner/secret",
        "owner/models/mine",
        "work/local",
        "work/org/local",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "models" / "vae.safetensors").touch()
    (tmp_path / "owner" / "vae.safetensors").touch()
    (tmp_path / "models" / "out").symlink_to(tmp_path / "owner" / "secret")
    (tmp_path / "models" / "org" / "out").symlink_to(tmp_path / "owner")
    (tmp_path / "models" / "out.safetensors").symlink_to(tmp_path / "owner" / "vae.safetensors")
    (tmp_path / "models" / "again").symlink_to("mine")
    (tmp_path / "models" / "across").symlink_to(tmp_path / "more" / "theirs")
    (tmp_path / "models" / "circle").symlink_to("circle")
    monkeypatch.setenv("HOME", str(tmp_path / "owner"))
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


@pytest.fixture
def closed(machine: Path) -> ModelPlaces:
    return ModelPlaces((machine / "models", machine / "more"), is_closed=True)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("mine", "models/mine"),
        ("./mine", "models/mine"),
        ("org/deep", "models/org/deep"),
        ("theirs", "more/theirs"),
        ("again", "models/mine"),
        ("across", "more/theirs"),
        ("{}/models/mine", "models/mine"),
        ("{}/more", "more"),
        ("mine/../org/deep", "models/org/deep"),
    ],
)
def test_what_lies_in_a_model_folder_may_be_named(
    machine: Path, closed: ModelPlaces, name: str, place: str
) -> None:
    name = name.format(machine)
    assert closed.find_folder(name) == machine / place
    assert closed.refusal(name) is None


def test_a_weights_file_in_a_model_folder_may_be_named(machine: Path, closed: ModelPlaces) -> None:
    assert closed.find_file("vae.safetensors") == machine / "models" / "vae.safetensors"
    assert closed.refusal("vae.safetensors") is None
    assert closed.find_folder("vae.safetensors") is None


OUTSIDE = [
    "{}/owner/secret",
    "{}/owner/vae.safetensors",
    "{}/models/../owner/secret",
    "{}/models/out",
    "../owner/secret",
    "mine/../../owner/secret",
    "./../owner/secret",
    "..",
    "../..",
    "../models/../owner",
    "~/secret",
    "~/models/mine",
    "~",
    "~root",
    "~nobody-of-that-name/x",
    "out",
    "org/out",
    "org/out/secret",
    "out.safetensors",
    "circle",
    "local",
    "org/local",
    "./local",
    "none.safetensors",
    "none.bin",
    "a/b/c",
    "/",
    "//server/share/model",
    "\\\\server\\share\\model",
    "..\\owner\\secret",
    "C:\\models\\secret",
    "C:/models/secret",
    "file://{}/owner/secret",
    "file:{}/owner/secret",
    "http://example.com/model.safetensors",
    "https://example.com/model",
    "HTTPS://example.com/model.safetensors",
    "ftp://example.com/x",
    "hf://org/model",
    "org/model/",
    ".hidden",
    "org/.hidden",
    " mine",
    "mine\0/../../owner/secret",
    "mine\n",
    "x" * 5000,
    "/" + "x" * 5000,
]


@pytest.mark.parametrize("name", OUTSIDE, ids=lambda name: repr(name)[:40])
def test_nothing_outside_may_be_named(machine: Path, closed: ModelPlaces, name: str) -> None:
    name = name.format(machine)
    assert closed.find_folder(name) is None
    assert closed.find_file(name) is None
    refusal = closed.refusal(name)
    assert refusal is not None
    assert refusal.message.startswith(f'"{name[:100]}')
    assert len(refusal.message) < 500
    assert "--models" in refusal.remedy
    assert ("is an address" in refusal.message) is (":" in name[:6] and name[0] != "x")


@pytest.mark.parametrize(
    "name", ["demo", "", "gpt2", "stabilityai/sdxl-turbo", "org/model.v1", "a_b/c-d", "org/mine"]
)
def test_what_is_built_in_and_names_on_the_hub_may_be_named(closed: ModelPlaces, name: str) -> None:
    assert closed.refusal(name) is None


def test_who_sits_at_the_machine_may_name_anything(machine: Path) -> None:
    places = ModelPlaces((machine / "models",))
    for name in OUTSIDE:
        assert places.refusal(name.format(machine)) is None
    assert places.find_folder("~/secret") == machine / "owner" / "secret"
    assert places.find_folder("../owner/secret") == machine / "owner" / "secret"
    assert places.find_folder("local") == machine / "work" / "local"
    assert places.find_folder("out") == machine / "owner" / "secret"
    assert places.find_folder("mine") == machine / "models" / "mine"
    assert places.find_folder("~nobody-of-that-name/x") is None
    assert places.find_folder("x" * 5000) is None


def test_a_model_folder_that_is_a_link_is_where_it_leads(machine: Path) -> None:
    (machine / "link").symlink_to(machine / "more")
    places = ModelPlaces((machine / "link", machine / "not-there"), is_closed=True)
    assert places.find_folder("theirs") == machine / "more" / "theirs"
    assert places.refusal("theirs") is None


def test_names_on_the_hub() -> None:
    assert all(map(is_hub_name, ("gpt2", "org/model", "org/model.v1-2_x")))
    for name in ("", ".", "..", "../x", "a/..", "a/b/c", "/a", "a/", "a.bin", "org/x.safetensors"):
        assert not is_hub_name(name), name


@pytest.mark.parametrize("part", ["", "vae", "text_encoder_2", "sub/vae", "vae."])
def test_parts_lie_inside_a_model(part: str) -> None:
    assert part_refusal(part) is None


@pytest.mark.parametrize(
    "part",
    [
        *("..", "../vae", "vae/../../x", "vae\\..\\x", "/vae", "\\vae", "~/vae", "C:vae", "a\0b"),
        *("http://example.com/vae", "file:///vae"),
    ],
)
def test_parts_do_not_lead_out_of_a_model(part: str) -> None:
    refusal = part_refusal(part)
    assert refusal is not None
    assert "is not inside the model" in refusal.message


def test_revisions_and_variants_are_no_paths() -> None:
    for good in ("", "main", "refs/pr/1", "v1.0", "a" * 40):
        assert revision_refusal(good) is None
    for bad in (
        "..",
        "../../etc/passwd",
        "refs/../../x",
        "/etc/passwd",
        "a\\b",
        ".x",
        "a//b",
        "\0",
    ):
        assert revision_refusal(bad) is not None, bad
    for good in ("", "fp16", "bf16.ema"):
        assert variant_refusal(good) is None
    for bad in ("..", "a/b", "/a", "a\\b", "\0"):
        assert variant_refusal(bad) is not None, bad
