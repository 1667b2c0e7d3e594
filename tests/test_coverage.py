"""Every workflow of diffusers is run by the kit, or said not to be; the table says just that."""

from __future__ import annotations

from pathlib import Path

from tests.kit.compare import MODES, workshop
from tests.kit.coverage import SAME, read_page
from tests.kit.recipes import all_missing, all_recipes

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"


def there_are() -> set[tuple[str, str]]:
    return {
        (entry.name, workflow.name)
        for entry in workshop().catalogue.pipelines.values()
        for workflow in entry.workflows
    }


def covered() -> set[tuple[str, str]]:
    return {(recipe.pipeline, name) for recipe in all_recipes() for name in recipe.workflows}


def left_out() -> set[tuple[str, str]]:
    return {
        pair
        for pair in there_are()
        for item in all_missing()
        if item.pipeline == pair[0] and item.workflow in ("", pair[1])
    }


def test_every_workflow_has_a_recipe_or_a_reason() -> None:
    assert there_are() - covered() - left_out() == set()
    assert covered() - there_are() == set()
    assert covered() & left_out() == set()
    assert {item.pipeline for item in all_missing()} <= {pipeline for pipeline, _ in there_are()}
    assert all(item.reason for item in all_missing())


def test_the_table_is_of_the_recipes_there_are() -> None:
    """Run scripts/make_coverage.py where this fails."""
    outcomes, missing = read_page(PAGE.read_text())
    assert outcomes == {pair: dict.fromkeys(MODES, SAME) for pair in covered()}
    assert missing == all_missing()
