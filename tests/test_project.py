"""What holds for the project as a whole: its files, its versions and what is in the wheel."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import PIL.Image
import pytest
import tomllib

import blockloom
from blockloom.catalogue.folders import load_file

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BINARY = {".png", ".jpg", ".webp", ".safetensors"}


def tracked_files() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_this_machine_or_a_package_registry():
    forbidden = [
        "/" + "root/",
        "/" + "work/",
        "/" + "home/",
        "/" + "Users/",
        "index" + "-url",
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.org",
        str(Path.home()) + "/",
        f"{ROOT}/",
    ]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_files()
        if path.suffix not in BINARY
        for word in forbidden
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_source_files_stay_readable():
    code = [path for path in tracked_files() if path.suffix == ".py"]
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in code
        if (lines := len(path.read_text().splitlines())) > 400
    }
    vague = {"utils", "helpers", "common", "manager", "base"}
    assert too_long == {}
    assert [path for path in code if path.stem in vague] == []


def test_one_version_everywhere():
    changelog = (ROOT / "CHANGELOG.md").read_text()
    latest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert latest is not None
    assert latest[1] == blockloom.__version__ == metadata.version("blockloom")


def test_everything_needed_is_pinned():
    pins = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)", line)
            assert match is not None, line
            pins[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    extras = PROJECT["project"]["optional-dependencies"]
    needed = [*PROJECT["project"]["dependencies"], *extras["test"]]
    names = {re.split(r"[<>=\[ ]", requirement)[0].lower() for requirement in needed}
    assert names - set(pins) == set()
    assert pins["torch"] == "2.13.0"


def test_comfyui_installs_what_is_needed_but_for_its_torch():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = {line for line in lines if line and not line.startswith("#")}
    assert wanted == {name for name in PROJECT["project"]["dependencies"] if "torch" not in name}
    # ComfyUI serves the folder that the pack's own file names, once.
    assert 'WEB_DIRECTORY = "./web/comfyui"' in (ROOT / "__init__.py").read_text()
    assert (ROOT / "web" / "comfyui").is_dir()
    assert "web" not in PROJECT["tool"]["comfy"]


def test_the_scripts_can_be_run():
    for name in ("run", "test", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK), name
        subprocess.run(["bash", "-n", name], cwd=ROOT, check=True)
    assert "./test" in (ROOT / ".ci" / "run").read_text()


def test_the_readme_says_what_is_true(tmp_path):
    readme = (ROOT / "README.md").read_text()
    commands = set(re.findall(r"^blockloom (\w+)", readme, re.MULTILINE))
    assert commands == {
        "run",
        "check",
        "new",
        "nodes",
        "pipelines",
        "serve",
        "trust",
        "export",
        "comfyui",
    }
    for command in commands:
        assert importlib.util.find_spec(f"blockloom.cli.{command}") is not None
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", readme):
        assert (ROOT / target).exists(), target

    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "darken.py").write_text(example)
    loaded = load_file(tmp_path / "darken.py")
    assert loaded.problems == ()
    (function,) = loaded.functions.values()
    darkened = function(image=PIL.Image.new("RGB", (1, 1), "white"), amount=0.8)
    assert darkened.getpixel((0, 0)) == (51, 51, 51)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_nodes_examples_and_the_demo_model(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    expected = {f"blockloom/data/nodes/{path.name}" for path in (ROOT / "nodes").glob("*.py")}
    examples = ROOT / "examples"
    expected |= {
        f"blockloom/data/examples/{path.relative_to(examples)}"
        for path in examples.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    editor = ROOT / "web" / "dist"
    expected |= {
        f"blockloom/data/web/{path.relative_to(editor)}"
        for path in editor.rglob("*")
        if path.is_file()
    }
    extension = ROOT / "web" / "comfyui"
    expected |= {
        f"blockloom/data/comfyui/{path.relative_to(extension)}"
        for path in extension.rglob("*")
        if path.is_file()
    }
    source = ROOT / "src"
    expected |= {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.is_file() and path.suffix in (".py", ".safetensors", ".json", ".txt", ".typed")
    }
    inside = {name for name in names if ".dist-info/" not in name}
    assert {"blockloom/data/nodes/load_images.py", "blockloom/py.typed"} <= expected
    assert {"blockloom/data/web/index.html", "blockloom/data/web/assets/app.js"} <= expected
    assert inside == expected
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_source_archive_holds_the_editor_and_what_it_is_built_from(tmp_path):
    sources = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {name for name in sources if name.startswith("web/")} <= names
    assert not [name for name in names if "node_modules" in name]


def test_an_installed_wheel_finds_what_comes_with_it(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    script = (
        "from blockloom import demo, resources\n"
        "print(resources.nodes_folder(), resources.examples_folder(), sep='\\n')\n"
        "print(resources.editor_folder())\n"
        "print(demo.model_folder())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    package = tmp_path / "site" / "blockloom"
    folders = [
        package / "data" / "nodes",
        package / "data" / "examples",
        package / "data" / "web",
        package / "demo" / "model",
    ]
    assert done.stdout.splitlines() == [str(folder) for folder in folders]
    assert [folder.is_dir() for folder in folders] == [True] * 4
