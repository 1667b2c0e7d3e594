"""These tests have an interpreter of their own: transformers works otherwise with torchvision."""

from __future__ import annotations

import contextlib
import importlib
import sys

import torch

_OPERATORS = (
    "nms",
    "qnms",
    "roi_align",
    "_roi_align_backward",
    "qroi_align",
    "ps_roi_align",
    "_ps_roi_align_backward",
    "roi_pool",
    "_roi_pool_backward",
    "ps_roi_pool",
    "_ps_roi_pool_backward",
    "deform_conv2d",
    "_deform_conv2d_backward",
)


def import_torchvision() -> None:
    """Import it, or what is in Python of it where it was compiled for another build of torch.

    Its compiled operators find boxes in pictures, which no pipeline does.
    """
    with contextlib.suppress(RuntimeError):
        importlib.import_module("torchvision")
        return
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for name in _OPERATORS:
        library.define(f"{name}(Tensor boxes) -> Tensor")
    importlib.import_module("torchvision")


collect_ignore_glob = []
try:
    import_torchvision()
except ModuleNotFoundError:
    collect_ignore_glob.append("test_*.py")

from tests.kit.running import benches, check, pytest_generate_tests, uncompiled_attention  # noqa: E402

__all__ = ["benches", "check", "pytest_generate_tests", "uncompiled_attention"]
