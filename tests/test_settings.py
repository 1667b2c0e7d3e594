from __future__ import annotations

from pathlib import Path

import pytest

from blockloom.settings import Settings, read_settings


def test_folders_of_the_system():
    found = read_settings({})
    assert {path.name for path in (found.data, found.cache, found.config)} == {"blockloom"}
    assert (found.inputs, found.nodes) == (found.data / "input", found.data / "nodes")
    assert (found.models, found.catalogue) == (found.data / "models", found.cache / "catalogue")


@pytest.mark.parametrize(
    ("environment", "option", "expected"),
    [
        ({"BLOCKLOOM_DATA": "/d"}, None, Settings(Path("/d"), Path("/d/cache"), Path("/d/config"))),
        (
            {"BLOCKLOOM_DATA": "/d", "BLOCKLOOM_CACHE": "/c"},
            None,
            Settings(Path("/d"), Path("/c"), Path("/d/config")),
        ),
        (
            {"BLOCKLOOM_DATA": "/d"},
            Path("/o"),
            Settings(Path("/o"), Path("/o/cache"), Path("/o/config")),
        ),
    ],
)
def test_folders_of_ones_own(environment, option, expected):
    assert read_settings(environment, data=option) == expected


def test_only_the_cache_elsewhere():
    system = read_settings({"BLOCKLOOM_DATA": " "})
    moved = read_settings({"BLOCKLOOM_CACHE": "~/c"})
    assert moved == Settings(system.data, Path.home() / "c", system.config)
