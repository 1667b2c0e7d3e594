"""The detectors read true drawings without error, and do not read what is not there."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from blockloom.demo.check import held_out_scenes, judge_thing
from blockloom.demo.detect import Pixels, judge, read_blobs
from blockloom.demo.draw import draw
from blockloom.demo.scenes import One, Pair, Scene

FAMILIES = ("land", "thing", "one", "many", "pair")
COUNT = 60


def pixels(scene: Scene, random: Random) -> Pixels:
    return np.asarray(draw(scene, random), dtype=np.float32)


@pytest.mark.parametrize("family", FAMILIES)
def test_true_drawings_are_read_right_and_shuffled_ones_are_not(family: str) -> None:
    random = Random(7)
    scenes = held_out_scenes(family, COUNT)
    pictures = [pixels(scene, random) for scene in scenes]
    read = judge_thing if family == "thing" else judge
    for scene, picture in zip(scenes, pictures, strict=True):
        assert all(read(scene, picture).values()), scene
    shuffled = [
        read(scene, picture) for scene, picture in zip(scenes[1:], pictures[:-1], strict=True)
    ]
    for claim in shuffled[0]:
        judged = [claims[claim] for claims in shuffled if claim in claims]
        assert np.mean(judged) < 0.7, claim
    assert np.mean([all(claims.values()) for claims in shuffled]) < 0.5


def test_a_shape_of_the_wrong_kind_is_told_apart() -> None:
    random = Random(8)
    shapes = ("circle", "square", "triangle", "star", "heart")
    for drawn in shapes:
        picture = pixels(One(drawn, "red", "white"), random)
        told = [s for s in shapes if judge(One(s, "red", "white"), picture)["shape"]]
        assert told == [drawn]


def test_relation_needs_the_right_side() -> None:
    random = Random(9)
    scene = Pair(("star", "red"), ("circle", "blue"), "left of", "white")
    mirrored = Pair(("star", "red"), ("circle", "blue"), "right of", "white")
    picture = pixels(scene, random)
    assert judge(scene, picture)["relation"]
    assert not judge(mirrored, picture)["relation"]


def test_shapes_must_wear_their_own_colours() -> None:
    scene = Pair(("star", "red"), ("circle", "blue"), "above", "white")
    swapped = Pair(("circle", "red"), ("star", "blue"), "above", "white")
    claims = judge(scene, pixels(swapped, Random(10)))
    assert claims["both colours"]
    assert not claims["both shapes bound"]


def test_an_empty_or_noisy_picture_shows_nothing() -> None:
    plain = np.full((64, 64, 3), 246, dtype=np.float32)
    assert read_blobs(plain) == ("white", [])
    noise = np.random.default_rng(0).uniform(0, 255, (64, 64, 3)).astype(np.float32)
    claims = judge(One("star", "red", "white"), noise)
    assert not any(claims.values())
