"""Sounds: written and read back, cut, joined and mixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import torch

from blockloom.errors import UsageError
from blockloom.export.media import read_media_origin
from blockloom.export.png import PictureOrigin
from blockloom.films import Sound
from blockloom.sound_files import open_sound


@pytest.fixture
def nodes(node_file):
    return node_file("audio")


def tone(seconds=1.0, rate=44100, channels=2, pitch=440.0):
    places = torch.arange(round(seconds * rate)) / rate
    return Sound(torch.sin(2 * torch.pi * pitch * places).repeat(channels, 1) / 2, rate)


def rounded(sound, bits):
    return replace(sound, waveform=(sound.waveform * 2 ** (bits - 1)).round() / 2 ** (bits - 1))


def saved(ctx):
    return Path(ctx.files[-1]["path"])


@pytest.mark.parametrize(
    ("depth", "bits"), [("16 bit", 16), ("24 bit", 24), ("32 bit float", None)]
)
def test_nothing_is_lost_in_wav(nodes, ctx, depth, bits):
    sound = tone() if bits is None else rounded(tone(), bits)
    nodes.save_wav(ctx, sound, "a/b", depth)
    read = open_sound(saved(ctx))
    assert saved(ctx).relative_to(ctx.output_folder) == Path("a", "b_00001_.wav")
    assert ctx.files[0]["kind"] == "audio"
    assert read.rate == 44100
    assert torch.equal(read.waveform, sound.waveform)


@pytest.mark.parametrize("rate", [8000, 24000, 44100, 96000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_nothing_is_lost_in_flac(nodes, ctx, rate, channels):
    sound = rounded(tone(0.5, rate, channels), 24)
    nodes.save_audio(ctx, sound)
    read = open_sound(saved(ctx))
    assert (saved(ctx).name, read.rate) == ("blockloom_00001_.flac", rate)
    assert torch.equal(read.waveform, sound.waveform)


@pytest.mark.parametrize(
    ("save", "quality", "rate", "expected"),
    [
        ("save_mp3", "V0", 44100, 44100),
        ("save_mp3", "128k", 24000, 24000),
        ("save_mp3", "320k", 96000, 48000),
        ("save_opus", "128k", 44100, 48000),
        ("save_opus", "64k", 48000, 48000),
    ],
)
def test_what_is_lossy_sounds_the_same(nodes, ctx, save, quality, rate, expected):
    getattr(nodes, save)(ctx, tone(2, rate), quality=quality)
    read = open_sound(saved(ctx))
    assert (read.rate, read.channels) == (expected, 2)
    assert read.seconds == pytest.approx(2, abs=0.1)
    middle = read.waveform[0, expected // 2 : expected]
    assert float(middle.square().mean().sqrt()) == pytest.approx(0.5 / 2**0.5, rel=0.05)
    spectrum = torch.fft.rfft(middle).abs()
    assert int(spectrum.argmax()) * expected / len(middle) == pytest.approx(440, abs=4)


@pytest.mark.parametrize("save", ["save_wav", "save_audio", "save_mp3", "save_opus"])
def test_a_sound_knows_its_graph(nodes, ctx, save):
    getattr(nodes, save)(ctx, tone(0.2))
    assert read_media_origin(saved(ctx)) == PictureOrigin(ctx.graph_json, seed=7, node_id="save")


def test_what_is_too_loud_is_cut_off(nodes, ctx):
    nodes.save_wav(ctx, replace(tone(), waveform=tone().waveform * 4))
    read = open_sound(saved(ctx)).waveform
    assert (float(read.min()), float(read.max())) == (-1, 1 - 2**-15)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "this is empty"),
        ("a song", "of type str"),
        (torch.zeros(2, 100), "does not say how many samples a second"),
        ([], "batch is empty"),
        (Sound(torch.zeros(2, 0), 8000), "no samples"),
    ],
)
def test_what_is_no_sound_says_why(nodes, ctx, value, message):
    with pytest.raises(UsageError, match=message):
        nodes.save_audio(ctx, value)
    assert [path for path in ctx.output_folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "waveform",
    [
        tone(0.1).waveform,
        tone(0.1).waveform[None],
        tone(0.1).waveform.numpy(),
        tone(0.1).waveform.T,
        [tone(0.1).waveform],
    ],
)
def test_a_bare_waveform_becomes_a_sound(nodes, waveform):
    made = nodes.make_sound(waveform, 16000)
    assert made.rate == 16000
    assert torch.equal(made.waveform, tone(0.1).waveform)


def test_waveforms_that_cannot_be_heard(nodes):
    with pytest.raises(UsageError, match="these values have 40"):
        nodes.make_sound(torch.zeros(40, 50))
    with pytest.raises(UsageError, match="no numbers"):
        nodes.make_sound(torch.full((1, 9), float("nan")))


def test_comfyuis_sounds_are_taken(nodes):
    given = {"waveform": tone(0.1).waveform[None], "sample_rate": 44100}
    waveform, rate, seconds = nodes.sound_components(given)
    assert torch.equal(waveform, tone(0.1).waveform)
    assert (rate, seconds) == (44100, pytest.approx(0.1))


def test_cutting_and_joining(nodes):
    sound = tone(2, 8000)
    part = nodes.trim_audio(sound, 0.5, 1.0)
    assert torch.equal(part.waveform, sound.waveform[:, 4000:12000])
    assert torch.equal(nodes.trim_audio(sound, -0.5).waveform, sound.waveform[:, 12000:])
    with pytest.raises(UsageError, match=r"it is 2\.00 seconds long"):
        nodes.trim_audio(sound, 3)

    silence = nodes.empty_audio(1.0, 8000, 1)
    joined = nodes.join_audio(sound, silence, "before")
    assert (joined.samples, joined.channels) == (24000, 2)
    assert not joined.waveform[:, :8000].any()
    assert torch.equal(joined.waveform[:, 8000:], sound.waveform)


def test_mixing_and_loudness(nodes):
    one, half = tone(1, 8000), tone(0.5, 8000)
    mixed = nodes.merge_audio(one, half)
    assert torch.equal(mixed.waveform[:, :4000], 2 * one.waveform[:, :4000])
    assert torch.equal(mixed.waveform[:, 4000:], one.waveform[:, 4000:])
    louder = nodes.merge_audio(mixed, one)
    assert float(louder.waveform.abs().max()) == 1
    quiet = nodes.adjust_volume(one, -20)
    assert torch.allclose(quiet.waveform, one.waveform / 10)


def test_resampling_keeps_pitch_and_length(nodes):
    sound = nodes.resample_sound(tone(1, 44100), 16000, 1)
    assert (sound.rate, sound.channels) == (16000, 1)
    assert sound.seconds == pytest.approx(1, abs=0.01)
    spectrum = torch.fft.rfft(sound.waveform[0, :16000]).abs()
    assert int(spectrum.argmax()) == pytest.approx(440, abs=2)


def test_one_of_several(nodes):
    both = {"waveform": torch.stack([torch.zeros(1, 9), torch.ones(1, 9)]), "sample_rate": 8000}
    assert nodes.sound_from_batch(both, 1).waveform.tolist() == [[1.0] * 9]
    with pytest.raises(UsageError, match="no number 2"):
        nodes.sound_from_batch(both, 2)
    with pytest.raises(UsageError, match="These are 2 sounds"):
        nodes.sound_components(both)


def test_loading_a_file_and_the_sound_of_a_film(node_file, nodes, ctx, tmp_path):
    nodes.save_wav(ctx, rounded(tone(), 16))
    saved(ctx).rename(tmp_path / "input" / "a.wav")
    assert torch.equal(nodes.load_audio(ctx, "a.wav").waveform, rounded(tone(), 16).waveform)

    video = node_file("video")
    pages = numpy.zeros((24, 16, 16, 3), numpy.uint8)
    video.save_video(ctx, video.create_video(pages, 24, tone()), format="mkv")
    saved(ctx).rename(tmp_path / "input" / "a.mkv")
    assert nodes.load_audio(ctx, "a.mkv").samples == 44100

    video.save_video(ctx, pages)
    saved(ctx).rename(tmp_path / "input" / "silent.mp4")
    with pytest.raises(UsageError, match="has no sound in it"):
        nodes.load_audio(ctx, "silent.mp4")


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 99])
def test_files_that_are_no_sound(nodes, ctx, tmp_path, content):
    (tmp_path / "input" / "a.wav").write_bytes(content)
    with pytest.raises(UsageError, match=r'"a\.wav" is not a sound that can be opened'):
        nodes.load_audio(ctx, "a.wav")


def test_a_sound_that_is_too_long(nodes, ctx, tmp_path, monkeypatch):
    nodes.save_wav(ctx, tone(2, 8000))
    saved(ctx).rename(tmp_path / "input" / "a.wav")
    monkeypatch.setattr("blockloom.sound_files.MAX_SOUND_VALUES", 16000)
    with pytest.raises(UsageError, match=r'"a\.wav" is longer than 1 seconds'):
        nodes.load_audio(ctx, "a.wav")
