"""A host with the pack in it, once for each module, and forgetful of what the test before did."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.comfyui.core_nodes import PreviewAny
from tests.comfyui.host import Host, open_pack


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The host of the module: loading the pack and the model takes a second."""
    with open_pack(tmp_path_factory.mktemp("comfyui")) as host:
        yield host


@pytest.fixture
def host(loaded: Host) -> Host:
    """The host with nothing kept by its executor, and no message sent yet."""
    loaded.executor.reset()
    loaded.server.sent.clear()
    PreviewAny.seen.clear()
    return loaded
