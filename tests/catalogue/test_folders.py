"""Folders of node files: each file by itself, whatever the others do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blockloom.catalogue.folders import (
    FileProblem,
    imports_torch,
    load_folder,
    load_folders,
    node_files,
)

_GOOD = '''
from __future__ import annotations
from dataclasses import dataclass
from blockloom import Image, node

@dataclass
class Kept:
    times: int = 0

@node(category="image")
def {name}(image: Image, amount: float = 0.5) -> Image:
    """Do it."""
    return (image, amount)

def helper(image: Image) -> Image:
    return image
'''

_BLOCK = """
from diffusers.modular_pipelines.modular_pipeline import ModularPipelineBlocks

class Sharpen(ModularPipelineBlocks):
    model_name = "toy"
"""


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_functions_are_found_by_type_id(tmp_path: Path) -> None:
    path = _write(tmp_path, "b.py", _GOOD.format(name="darken"))
    _write(tmp_path, "a.py", _GOOD.format(name="lighten"))
    _write(tmp_path, "_later.py", "raise SystemExit")
    _write(tmp_path, "notes.txt", "no node")

    loaded = load_folder(tmp_path)
    assert list(loaded.functions) == list(loaded.types)
    assert set(loaded.types) == {"BlockloomLighten", "BlockloomDarken"}
    assert loaded.functions["BlockloomDarken"]("x", amount=1) == ("x", 1)
    assert loaded.types["BlockloomDarken"].origin == str(path)
    assert (loaded.problems, loaded.block_classes, loaded.deferred) == ((), (), ())


def test_a_broken_file_never_stops_the_others(tmp_path: Path) -> None:
    syntax = _write(tmp_path, "a_syntax.py", "x = 1\ndef broken(:\n    pass\n")
    raising = _write(tmp_path, "b_raising.py", "x = 1\n\nraise ValueError('not today')\n")
    missing = _write(tmp_path, "c_missing.py", "import no_such_package_at_all\n")
    bad_node = _write(
        tmp_path,
        "d_node.py",
        "from blockloom import node\n\n@node\ndef untyped(x):\n    return x\n"
        + _GOOD.format(name="fine").replace("from __future__ import annotations", ""),
    )

    loaded = load_folder(tmp_path)
    assert set(loaded.types) == {"BlockloomFine"}
    assert [(p.file, p.line) for p in loaded.problems] == [
        (syntax, 2),
        (raising, 3),
        (missing, 1),
        (bad_node, 3),
    ]
    messages = [problem.message for problem in loaded.problems]
    assert messages[0].startswith("Not valid Python:")
    assert messages[1] == "Could not be run: ValueError: not today"
    assert "no_such_package_at_all" in messages[2]
    assert 'parameter "x" has no type' in messages[3]
    assert str(loaded.problems[1]) == f"{raising}, line 3: {messages[1]}"
    assert "Traceback" in loaded.problems[1].details


def test_of_two_nodes_of_one_id_the_first_stays(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    first = _write(one, "same.py", _GOOD.format(name="darken"))
    second = _write(two, "same.py", _GOOD.format(name="darken").replace("0.5", "0.75"))

    loaded = load_folders([one, two])
    assert loaded.types["BlockloomDarken"].origin == str(first)
    amount = loaded.types["BlockloomDarken"].input("amount")
    assert amount is not None
    assert amount.default == 0.5
    assert loaded.problems == (
        FileProblem(
            second,
            10,
            f"The node BlockloomDarken is already defined in {first}. Give one of them another id.",
        ),
    )


def test_one_id_twice_in_one_file(tmp_path: Path) -> None:
    text = "from blockloom import node\n"
    for name in ("one", "two"):
        text += f"@node(id='Same')\ndef {name}(x: int) -> int:\n    return x\n"
    _write(tmp_path, "same.py", text)

    loaded = load_folder(tmp_path)
    assert loaded.functions["Same"].__name__ == "one"
    assert [(p.line, "already defined" in p.message) for p in loaded.problems] == [(5, True)]


def test_imported_nodes_belong_to_the_file_that_defines_them(tmp_path: Path) -> None:
    _write(tmp_path, "a.py", _GOOD.format(name="darken"))
    loaded = load_folder(tmp_path)
    module = loaded.functions["BlockloomDarken"].__module__
    _write(tmp_path, "b.py", f"from {module} import darken\n")

    assert load_folder(tmp_path).problems == ()


def test_block_classes_are_given_apart(tmp_path: Path) -> None:
    _write(tmp_path, "block.py", _BLOCK)

    loaded = load_folder(tmp_path)
    assert [block_class.__name__ for block_class in loaded.block_classes] == ["Sharpen"]
    assert (dict(loaded.types), loaded.problems) == ({}, ())


def test_files_that_import_torch_can_be_left_for_later(tmp_path: Path) -> None:
    heavy = _write(tmp_path, "block.py", _BLOCK)
    _write(tmp_path, "light.py", _GOOD.format(name="darken"))
    script = f"""
import sys
from pathlib import Path
from blockloom.catalogue.folders import load_folder
loaded = load_folder(Path({str(tmp_path)!r}), with_torch=False)
print(list(loaded.types), [path.name for path in loaded.deferred], loaded.problems)
print(sorted({{"torch", "diffusers", "numpy", "PIL"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [f"['BlockloomDarken'] ['{heavy.name}'] ()", "[]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import torch\n", True),
        ("import torch.nn as nn\n", True),
        ("from diffusers.utils import x\n", True),
        ("try:\n    import transformers\nexcept ImportError:\n    pass\n", True),
        ("import torchvision_like\n", False),
        ("def f():\n    import torch\n", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n", False),
        ("def broken(:\n", False),
    ],
)
def test_whether_a_file_imports_torch(text: str, expected: bool, tmp_path: Path) -> None:
    assert imports_torch(_write(tmp_path, "file.py", text)) is expected


def test_a_single_file_is_a_place_too(tmp_path: Path) -> None:
    path = _write(tmp_path, "_own.py", _GOOD.format(name="darken"))

    assert node_files(path) == [path]
    assert node_files(tmp_path / "nowhere") == []
    assert set(load_folders([path, tmp_path / "nowhere"]).types) == {"BlockloomDarken"}
