"""For test modules: every workflow of the recipes they name, in every mode, as a test each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.kit.compare import MODES, Bench
from tests.kit.recipes import Recipe
from torch.nn.attention import flex_attention


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``recipe``, ``workflow`` and ``mode`` gets all of the module's."""
    if "recipe" not in metafunc.fixturenames:
        return
    recipes: tuple[Recipe, ...] = metafunc.module.RECIPES
    cases = [
        pytest.param(recipe, workflow, mode, id=f"{recipe.pipeline}-{workflow}-{mode}")
        for recipe in recipes
        for workflow in recipe.workflows
        for mode in MODES
    ]
    metafunc.parametrize(("recipe", "workflow", "mode"), cases)


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Recipe], Bench]:
    """The bench of each recipe of the module."""
    made: dict[int, Bench] = {}

    def bench(recipe: Recipe) -> Bench:
        if id(recipe) not in made:
            made[id(recipe)] = Bench(recipe, tmp_path_factory.mktemp(recipe.pipeline))
        return made[id(recipe)]

    return bench


@pytest.fixture
def check(
    benches: Callable[[Recipe], Bench], record_property: Callable[[str, object], None]
) -> Callable[[Recipe, str, str], None]:
    """Compare a workflow with diffusers; the test report says which one that was."""

    def run(recipe: Recipe, workflow: str, mode: str) -> None:
        for name, value in (("pipeline", recipe.pipeline), ("workflow", workflow), ("mode", mode)):
            record_property(name, value)
        benches(recipe).check(workflow, mode)

    return run


@pytest.fixture
def uncompiled_attention(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention with masks of blocks as it is written: compiling it takes longer than all else."""
    monkeypatch.setattr(flex_attention, "_FLEX_ATTENTION_DISABLE_COMPILE_DEBUG", True)
