"""``blockloom comfyui install``: from a checkout a link, else a file that loads the package."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from blockloom.cli import main
from blockloom.comfyui import install as installing
from blockloom.comfyui.install import install
from blockloom.errors import NotFoundError, UsageError
from blockloom.resources import checkout_folder


@pytest.fixture
def comfyui(tmp_path: Path) -> Path:
    """As much of a ComfyUI as the command looks at."""
    (tmp_path / "custom_nodes").mkdir()
    (tmp_path / "main.py").touch()
    return tmp_path


@pytest.fixture
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "checkout_folder", lambda: None)


def test_a_checkout_is_linked_once(comfyui: Path) -> None:
    first, again = install(comfyui), install(comfyui)
    assert first.folder == comfyui / "custom_nodes" / "blockloom"
    assert first.folder.is_symlink()
    assert first.folder.resolve() == checkout_folder()
    assert (first.was_there, again.was_there) == (False, True)


def test_a_link_that_leads_nowhere_is_replaced(comfyui: Path) -> None:
    (comfyui / "custom_nodes" / "blockloom").symlink_to(comfyui / "gone")
    assert install(comfyui).folder.resolve() == checkout_folder()


@pytest.mark.usefixtures("no_checkout")
def test_an_installed_package_is_loaded_by_a_file_of_its_own(comfyui: Path) -> None:
    found = install(comfyui)
    assert not found.folder.is_symlink()
    assert install(comfyui).was_there

    loaded = runpy.run_path(str(found.folder / "__init__.py"))
    assert "StableDiffusionXLTextEncoderStep" in loaded["NODE_CLASS_MAPPINGS"]
    assert loaded["NODE_CLASS_MAPPINGS"].keys() == loaded["NODE_DISPLAY_NAME_MAPPINGS"].keys()
    assert (Path(loaded["WEB_DIRECTORY"]) / "blockloom.js").is_file()


@pytest.mark.usefixtures("no_checkout")
def test_without_blockloom_in_its_python_the_file_has_no_nodes(
    comfyui: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "blockloom.comfyui.pack", None)
    loaded = runpy.run_path(str(install(comfyui).folder / "__init__.py"))
    assert loaded["NODE_CLASS_MAPPINGS"] == {}
    assert "Is it installed in the Python that ComfyUI runs with?" in caplog.text


def test_what_is_no_comfyui_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"is no ComfyUI.*Name the folder"):
        install(tmp_path)


def test_what_has_the_name_already_is_left_alone(comfyui: Path) -> None:
    other = comfyui / "custom_nodes" / "blockloom"
    other.mkdir()
    (other / "__init__.py").write_text("mine = 1\n")
    with pytest.raises(UsageError, match="already something called"):
        install(comfyui)
    assert (other / "__init__.py").read_text() == "mine = 1\n"


@pytest.mark.usefixtures("no_checkout")
def test_another_python_beside_comfyui_is_named(
    comfyui: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    python = comfyui / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert main(["comfyui", "install", str(comfyui)]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(comfyui / "custom_nodes" / "blockloom")
    assert f"{python} -m pip install blockloom" in printed.err
