"""Every workflow of the recipes a module names, in every mode, as one test each."""

from __future__ import annotations

from tests.kit.running import benches, check, pytest_generate_tests, uncompiled_attention

__all__ = ["benches", "check", "pytest_generate_tests", "uncompiled_attention"]
