"""The pack as ComfyUI's loader meets it, also where something is broken."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib
from tests.comfyui.host import ROOT, Host, open_host, open_pack


def copy_of_the_pack(folder: Path) -> Path:
    """What is imported first, beside sources that a test may break."""
    (folder / "src" / "blockloom").mkdir(parents=True)
    shutil.copy(ROOT / "__init__.py", folder / "__init__.py")
    return folder


def in_a_process(folder: Path, code: str, *, path: tuple[Path, ...] = ()) -> str:
    """Run code in a fresh interpreter that has the project's dependencies, and not the project."""
    script = f"""
import sys
sys.path = [p for p in sys.path if p != {str(ROOT / "src")!r}]
sys.meta_path = [f for f in sys.meta_path if "editable" not in type(f).__module__]
from pathlib import Path
from tests.comfyui.host import open_host
{code}
"""
    places = os.pathsep.join(map(str, (*path, ROOT, ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


LOAD = """
with open_host(Path("base")) as host:
    pack = host.load_pack(Path("pack").absolute())
    print(len(pack.NODE_CLASS_MAPPINGS), pack.WEB_DIRECTORY)
"""


def test_a_pack_that_is_broken_raises_nothing_and_says_so(tmp_path: Path) -> None:
    pack = copy_of_the_pack(tmp_path / "pack")
    (pack / "src" / "blockloom" / "__init__.py").write_text("raise RuntimeError('broken')\n")
    told = in_a_process(tmp_path, LOAD)
    assert told.startswith("0 ")
    assert "requirements" in told


def test_a_pack_whose_requirements_are_missing(tmp_path: Path) -> None:
    pack = copy_of_the_pack(tmp_path / "pack")
    shutil.rmtree(pack / "src")
    (pack / "src").symlink_to(ROOT / "src")
    hidden = tmp_path / "hidden" / "rpds"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('No module named rpds')\n")
    told = in_a_process(tmp_path, LOAD, path=(hidden.parent,))
    assert told.startswith("0 ")
    assert "pip install -r" in told


def test_the_pack_finds_its_own_code_and_lists_its_nodes_without_diffusers(tmp_path: Path) -> None:
    """Not installed, only linked; and diffusers costs seconds, while ComfyUI starts in less."""
    (tmp_path / "pack").symlink_to(ROOT)
    heavy = "print([n for n in ('diffusers', 'transformers', 'peft') if n in sys.modules])"
    number, modules = in_a_process(tmp_path, f"{LOAD}\n{heavy}").splitlines()[:2]
    assert int(number.split()[0]) > 700
    assert modules == "[]"


def test_outside_of_comfyui_nothing_is_loaded(tmp_path: Path) -> None:
    """Test runners and packaging tools import the folder's file, too."""
    (tmp_path / "pack").symlink_to(ROOT)
    code = """
import importlib.util
spec = importlib.util.spec_from_file_location("pack", "pack/__init__.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(module.NODE_CLASS_MAPPINGS, [name for name in sys.modules if name.startswith("blockloom")])
"""
    assert in_a_process(tmp_path, code).strip() == "{} []"


def test_one_node_that_cannot_be_made_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from blockloom.comfyui import pack as packing

    own = packing.node_class

    def make(node_type: object, bench: object) -> type:
        if getattr(node_type, "id", "") == "BlockloomSwitch":
            raise ValueError("no")
        return own(node_type, bench)  # type: ignore[arg-type]

    with open_host(tmp_path), caplog.at_level(logging.ERROR):
        monkeypatch.setattr(packing, "node_class", make)
        made = packing.make_pack()
    assert "BlockloomSwitch" not in made.classes
    assert len(made.classes) > 700
    assert "BlockloomSwitch" in caplog.text


def test_an_old_comfyui_without_what_we_ask_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a module of ComfyUI's lacks is gone without."""
    from blockloom.comfyui import pack as packing

    with open_host(tmp_path) as host, caplog.at_level(logging.CRITICAL):
        vars(host.modules["server"]).pop("PromptServer")
        vars(host.management).pop("free_memory")
        made = packing.make_pack()
    assert len(made.classes) > 700


def test_a_second_copy_leaves_all_to_the_first(tmp_path: Path) -> None:
    with open_pack(tmp_path) as host:
        first = dict(host.classes)
        routes = len(host.server.routes)
        again = tmp_path / "custom_nodes" / "again"
        again.symlink_to(ROOT)
        pack = host.load_pack(again)
        assert (pack.NODE_CLASS_MAPPINGS, pack.WEB_DIRECTORY) == ({}, None)
        assert host.classes == first
        assert len(host.server.routes) == routes


def test_the_extension_is_registered_under_one_name_only(loaded: Host) -> None:
    """ComfyUI registers WEB_DIRECTORY under the folder's name, and what pyproject.toml names under
    the project's: with both, all of it would run twice wherever these two differ."""
    pack = loaded.packs["blockloom"]
    assert (ROOT / pack.WEB_DIRECTORY / "blockloom.js").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "web" not in project["tool"]["comfy"]


def test_what_comfyui_brings_is_not_among_the_requirements() -> None:
    """A pip that replaces ComfyUI's torch breaks it."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    names = {line.partition(">")[0].strip() for line in lines if not line.startswith("#")}
    assert names
    assert not names & {"torch", "torchvision", "torchaudio"}
