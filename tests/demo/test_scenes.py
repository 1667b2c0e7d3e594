"""The grammar: the same scenes for the same seed, and nothing of the held-out part in training."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from blockloom.demo.captions import any_caption, full_caption
from blockloom.demo.data import phase_at, random_training_scene
from blockloom.demo.draw import draw
from blockloom.demo.scenes import (
    BACKGROUNDS,
    COLOURS,
    SHAPES,
    Family,
    Land,
    Many,
    One,
    Pair,
    combination,
    has_contrast,
    is_held_out,
    random_scene,
)

FAMILIES: tuple[Family, ...] = ("land", "one", "many", "pair")


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_scenes_and_pictures(family: Family) -> None:
    def some(seed: int) -> list[tuple[object, str, bytes]]:
        random = Random(seed)
        scenes = [random_scene(random, family, held_out=False) for _ in range(8)]
        return [(s, any_caption(s, random), draw(s, random).tobytes()) for s in scenes]

    assert some(1) == some(1)
    assert some(1) != some(2)


@pytest.mark.parametrize("family", FAMILIES)
def test_training_and_held_out_share_no_combination(family: Family) -> None:
    random = Random(0)
    held_out = {combination(random_scene(random, family, held_out=True)) for _ in range(300)}
    training = {combination(random_scene(random, family, held_out=False)) for _ in range(1500)}
    assert len(held_out) > 10
    assert len(training) > 5 * len(held_out) / 2
    assert not held_out & training


def test_training_scenes_are_never_held_out() -> None:
    random = Random(3)
    scenes = [random_training_scene(random, phase_at(part / 500)) for part in range(500)]
    assert {type(scene) for scene in scenes} == {Land, One, Many, Pair}
    assert not any(is_held_out(scene) for scene in scenes)


def test_a_pair_is_held_out_whichever_comes_first() -> None:
    one, other = ("star", "red"), ("circle", "blue")
    there = Pair(one, other, "left of", "white")
    back = Pair(other, one, "below", "mint")
    assert combination(there) == combination(back)


def test_about_a_tenth_is_held_out() -> None:
    scenes = [
        One(shape, colour, background)
        for shape in SHAPES
        for colour in COLOURS
        for background in BACKGROUNDS
    ]
    assert 0.05 < sum(map(is_held_out, scenes)) / len(scenes) < 0.15


def test_no_shape_hides_in_its_background() -> None:
    random = Random(5)
    for _ in range(300):
        scene = random_scene(random, "one", held_out=False)
        assert isinstance(scene, One)
        assert has_contrast(scene.colour, scene.background)
    assert not has_contrast("white", "cream")
    assert not has_contrast("black", "navy")


@pytest.mark.parametrize(
    ("scene", "caption"),
    [
        (Land("night", "desert"), "the desert at night"),
        (
            Land("sunset", "sea", "sailboat", "orange", "left", "sun"),
            "an orange sailboat on the left on the sea at sunset with the sun",
        ),
        (
            Land("day", "green hills", "hot air balloon", "red", "middle", "rainbow"),
            "a red hot air balloon over green hills by day with a rainbow",
        ),
        (One("heart", "red", "mint", "big"), "a big red heart on a mint background"),
        (
            One("star", "orange", "navy", "", "right"),
            "an orange star on the right on a navy background",
        ),
        (Many(3, "circle", "blue", "white"), "three blue circles on a white background"),
        (
            Pair(("star", "red"), ("square", "blue"), "left of", "cream"),
            "a red star to the left of a blue square on a cream background",
        ),
        (
            Pair(("star", "red"), ("square", "orange"), "above", "cream"),
            "a red star above an orange square on a cream background",
        ),
    ],
)
def test_full_captions(scene: Land | One | Many | Pair, caption: str) -> None:
    assert full_caption(scene) == caption


def test_pictures_are_64_pixels_and_not_alike() -> None:
    random = Random(6)
    scene = One("star", "red", "white")
    first, second = (np.asarray(draw(scene, random)) for _ in range(2))
    assert first.shape == second.shape == (64, 64, 3)
    assert (first != second).any()
