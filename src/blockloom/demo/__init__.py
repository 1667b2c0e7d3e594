"""The model in the box: a 64-pixel SDXL small enough to ship and to run on any CPU.

Importing this package costs nothing: torch is only imported by the modules that train or measure.
"""

from __future__ import annotations

from pathlib import Path


def model_folder() -> Path:
    """The folder of the shipped model, ready for ``ModularPipeline.from_pretrained``."""
    return Path(__file__).resolve().parent / "model"
