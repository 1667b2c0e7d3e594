"""Films and sounds in the hands of blocks, which know lists of pictures and waveforms."""

from __future__ import annotations

import numpy
import PIL.Image
import torch

from blockloom.bridge.data import describe_data
from blockloom.bridge.isolate import for_block, is_unchanged, isolated, stamp
from blockloom.films import Film, Sound


def test_a_block_sees_the_frames_of_a_film_as_pictures_of_its_own() -> None:
    film = Film((PIL.Image.new("RGB", (4, 2)), PIL.Image.new("RGB", (4, 2), "red")))
    given = for_block(isolated(film, {}))
    assert type(given) is list
    assert is_unchanged(film, given)
    given[0].putpixel((0, 0), (1, 2, 3))
    assert not is_unchanged(film, given)
    assert film.frames[0].getpixel((0, 0)) == (0, 0, 0)
    assert not is_unchanged(film, given[1:])


def test_a_block_sees_the_waveform_of_a_sound() -> None:
    sound = Sound(torch.zeros(1, 9), 8000)
    given = for_block(isolated(sound, {}))
    assert given is sound.waveform
    assert is_unchanged(sound, given)
    before = stamp(sound)
    given += 1
    assert stamp(sound) != before
    assert not is_unchanged(sound, torch.zeros(1, 9))


def test_a_function_sees_a_film_with_pictures_of_its_own() -> None:
    film = Film((PIL.Image.new("RGB", (4, 2)),), sound=Sound(torch.zeros(1, 9), 8000))
    given = isolated(film, {})
    assert (given.rate, given.sound) == (film.rate, film.sound)
    assert is_unchanged(film, given)
    given.frames[0].putpixel((0, 0), (1, 2, 3))
    assert not is_unchanged(film, given)
    assert film.frames[0].getpixel((0, 0)) == (0, 0, 0)


def test_what_films_and_sounds_weigh() -> None:
    pages = [PIL.Image.fromarray(numpy.zeros((2, 4, 3), numpy.uint8))] * 3
    assert describe_data(Film(tuple(pages), sound=Sound(torch.zeros(1, 9), 8000))).size == 64 + 108
