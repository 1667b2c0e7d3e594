"""Films: written and read back, taken apart and put together."""

from __future__ import annotations

import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy
import PIL.Image
import pytest
import torch
from av.stream import Disposition

from blockloom.errors import Cancelled, NotFoundError, UsageError
from blockloom.execution.cancel import CancelController
from blockloom.export.media import read_media_origin
from blockloom.export.png import PictureOrigin
from blockloom.film_files import open_film, probe_film
from blockloom.films import Film, Sound, exact_rate
from blockloom.server.media_uploads import media_suffixes

WIDTH, HEIGHT = 48, 32


@pytest.fixture
def nodes(node_file):
    return node_file("video")


def frame(number, size=(WIDTH, HEIGHT)):
    """A soft picture that is another one for each number."""
    x, y = numpy.meshgrid(numpy.linspace(0, 1, size[0]), numpy.linspace(0, 1, size[1]))
    bands = (x * 200 + number * 5, y * 200, numpy.full_like(x, 20 * (number % 10)))
    return PIL.Image.fromarray(numpy.stack(bands, axis=-1).clip(0, 255).astype(numpy.uint8))


def tone(seconds, rate=8000):
    places = torch.arange(round(seconds * rate)) / rate
    wave = torch.sin(2 * torch.pi * 440 * places) / 2
    return Sound(torch.stack([wave, -wave]), rate)


def film(count=12, rate=24, sound=None):
    return Film(tuple(map(frame, range(count))), exact_rate(rate), sound)


def saved(ctx, number=0):
    return Path(ctx.files[number]["path"])


def difference(one, other):
    pairs = zip(one.frames, other.frames, strict=True)
    return float(
        numpy.mean([numpy.abs(numpy.float32(a) - numpy.float32(b)).mean() for a, b in pairs])
    )


@pytest.mark.parametrize(
    ("format_", "codec", "suffix"),
    [
        ("auto", "auto", ".mp4"),
        ("mp4", "h264", ".mp4"),
        ("mp4", "av1", ".mp4"),
        ("webm", "auto", ".webm"),
        ("webm", "av1", ".webm"),
        ("mkv", "h264", ".mkv"),
    ],
)
@pytest.mark.parametrize("rate", [24, 16, 7.5, 29.97])
def test_a_saved_film_is_read_back(nodes, ctx, format_, codec, suffix, rate):
    made = film(rate=rate)

    nodes.save_video(ctx, made, "a/b", format_, codec)
    read = open_film(saved(ctx))

    assert saved(ctx).relative_to(ctx.output_folder) == Path("a", f"b_00001_{suffix}")
    assert ctx.files[0]["kind"] == "video"
    assert (read.rate, len(read.frames), read.sound) == (made.rate, 12, None)
    assert read.size == (WIDTH, HEIGHT)
    assert difference(made, read) < 3


def test_nothing_is_lost_in_a_lossless_film(nodes, ctx):
    noise = numpy.random.default_rng(0)
    frames = [noise.integers(0, 256, (15, 21, 3), numpy.uint8) for _ in range(5)]
    sound = Sound((tone(5 / 24).waveform * 2**15).round() / 2**15, 8000)
    made = Film(tuple(map(PIL.Image.fromarray, frames)), Fraction(24), sound)

    nodes.save_video(ctx, made, format="mkv")
    read = open_film(saved(ctx))

    assert difference(made, read) == 0
    assert torch.equal(read.sound.waveform, sound.waveform)


def test_transparency_stays_in_a_lossless_film(nodes, ctx):
    clear = frame(3).convert("RGBA")
    clear.putalpha(PIL.Image.linear_gradient("L").resize(clear.size))

    nodes.save_video(ctx, [clear, frame(1).convert("RGBA")], format="mkv")

    read = open_film(saved(ctx)).frames
    assert [numpy.array_equal(read[0], clear), read[1].getpixel((0, 0))[3]] == [True, 255]


def test_a_gif_has_its_frames_and_meets_the_rate(nodes, ctx):
    nodes.save_video(ctx, film(24, sound=tone(1)), format="gif")

    read = open_film(saved(ctx))
    assert (len(read.frames), read.rate, read.sound) == (24, Fraction(24), None)
    assert difference(film(24), read) < 8


@pytest.mark.parametrize(
    ("format_", "rate"), [("mp4", 8000), ("webm", 48000), ("mkv", 8000), ("mp4", 44100)]
)
def test_the_sound_goes_with_the_film(nodes, ctx, format_, rate):
    made = film(24, sound=tone(1, 8000 if format_ == "webm" else rate))

    nodes.save_video(ctx, made, format=format_)
    read = open_film(saved(ctx)).sound

    assert (read.rate, read.channels) == (rate, 2)
    assert read.seconds == pytest.approx(1, abs=0.2)
    middle = read.waveform[0, read.rate // 4 : read.rate * 3 // 4]
    assert float(middle.square().mean().sqrt()) == pytest.approx(0.5 / 2**0.5, rel=0.1)


def test_sound_longer_than_the_film_is_cut_off(nodes, ctx):
    nodes.save_video(ctx, film(12, sound=tone(3)), format="mkv")
    assert open_film(saved(ctx)).sound.seconds == pytest.approx(0.5)


@pytest.mark.parametrize("format_", ["mp4", "webm", "mkv", "gif"])
def test_a_film_knows_its_graph(nodes, ctx, format_):
    ctx.host = replace(ctx.host, picture_notes={"workflow": {"nodes": ["ü"]}})
    nodes.save_video(ctx, film(2), format=format_)
    assert read_media_origin(saved(ctx)) == PictureOrigin(ctx.graph_json, seed=7, node_id="save")


def test_what_comes_from_elsewhere_does_not_know_its_graph(nodes, ctx, tmp_path):
    frame(0).save(tmp_path / "plain.gif")
    with pytest.raises(NotFoundError, match="does not say how it was made"):
        read_media_origin(tmp_path / "plain.gif")
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(UsageError, match=r"text\.mp4"):
        read_media_origin(tmp_path / "text.mp4")


def test_webm_by_comfyuis_node(nodes, ctx):
    nodes.save_webm(ctx, [frame(0), frame(1)], "w", "vp9", 12, 60)
    facts = probe_film(saved(ctx))
    assert (saved(ctx).name, facts.rate, facts.width) == ("w_00001_.webm", 12, WIDTH)


def test_previews_are_apart_and_temporary(nodes, ctx, tmp_path):
    nodes.preview_video(ctx, film(2))
    assert saved(ctx) == tmp_path / "output" / "previews" / "preview_00001_.mp4"
    assert ctx.files[0]["is_temporary"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "batch is empty"),
        (None, "empty"),
        ([frame(0), frame(0, (20, 20))], "20 x 20 and of 48 x 32"),
        ([frame(0, (21, 16))], "21 x 16 pixels: width and height have to be even"),
        (torch.zeros(1, 16, 16, 8, 8), "are no picture"),
    ],
)
def test_what_cannot_be_saved_says_why(nodes, ctx, value, message):
    with pytest.raises(UsageError, match=message):
        nodes.save_video(ctx, value)
    assert [path for path in ctx.output_folder.rglob("*") if path.is_file()] == []


def test_a_codec_that_does_not_fit_its_format(nodes, ctx):
    with pytest.raises(UsageError, match="mp4 cannot hold vp9") as caught:
        nodes.save_video(ctx, film(2), format="mp4", codec="vp9")
    assert "h264, av1" in caught.value.remedy
    nodes.save_video(ctx, film(2), codec="vp9")
    assert saved(ctx).suffix == ".webm"


def test_saving_stops_when_the_run_is_cancelled(nodes, ctx):
    controller = CancelController()
    ctx.cancel = controller.token
    controller.cancel()
    with pytest.raises(Cancelled):
        nodes.save_video(ctx, film(2))
    assert [path for path in ctx.output_folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "value",
    [
        lambda pixels: torch.from_numpy(pixels).permute(0, 3, 1, 2)[None],
        lambda pixels: torch.from_numpy(pixels).permute(3, 0, 1, 2)[None],
        lambda pixels: pixels[None],
        lambda pixels: pixels,
        lambda pixels: [
            [PIL.Image.fromarray((one * 255).round().astype("uint8")) for one in pixels]
        ],
        lambda pixels: [torch.from_numpy(one).permute(2, 0, 1) for one in pixels],
    ],
)
def test_frames_of_every_kind_make_the_same_film(nodes, value):
    pixels = numpy.stack([numpy.asarray(frame(number)) for number in range(5)]) / numpy.float32(255)

    made = nodes.create_video(value(pixels), 16)

    assert (len(made.frames), made.rate, made.size) == (5, 16, (WIDTH, HEIGHT))
    assert difference(made, film(5)) == 0


def test_a_film_is_taken_apart_and_put_together(nodes):
    made = nodes.create_video([frame(0), frame(1)], 29.97, tone(1))
    images, audio, fps = nodes.video_components(made)
    assert made.rate == Fraction(30000, 1001)
    assert (images, audio, fps) == ([*made.frames], made.sound, 30000 / 1001)
    assert nodes.create_video(images, fps, audio) == made


def test_a_film_as_text_is_short(node_file, ctx):
    assert node_file("values").preview_any(ctx, film(24, sound=tone(1))) == (
        "film, 24 frames, 48 x 32 pixels, 1.00 s at 24 frames a second, "
        "with sound, 1.00 s at 8000 Hz, 2 channel(s)"
    )


def test_several_films_are_told_apart(nodes):
    both = numpy.zeros((2, 3, 8, 8, 3), numpy.float32)
    both[1] = 1
    assert nodes.video_from_batch(both, 1).frames[0].getpixel((0, 0)) == (255, 255, 255)
    with pytest.raises(UsageError, match="no number 2"):
        nodes.video_from_batch(both, 2)
    with pytest.raises(UsageError, match="These are 2 films"):
        nodes.create_video(both)


def test_trimming_cuts_pictures_and_sound(nodes):
    part = nodes.trim_video(film(48, sound=tone(2)), 0.5, 1.0)
    assert part.frames == film(48).frames[12:36]
    assert torch.equal(part.sound.waveform, tone(2).waveform[:, 4000:12000])
    assert len(nodes.trim_video(film(48), 1.0).frames) == 24
    with pytest.raises(UsageError, match=r"over after 2\.00 seconds"):
        nodes.trim_video(film(48), 3.0)


def test_joining(nodes):
    joined = nodes.join_videos(film(24), film(12, sound=tone(0.5)))
    assert joined.frames == film(24).frames + film(12).frames
    assert not joined.sound.waveform[:, :8000].any()
    assert torch.equal(joined.sound.waveform[:, 8000:], tone(0.5).waveform)
    with pytest.raises(UsageError, match="24 frames a second, the second one 12"):
        nodes.join_videos(film(2), film(2, 12))


def test_frame_rates(nodes):
    faster = nodes.set_frame_rate(film(12, 12), 24)
    assert (faster.frames, faster.rate) == (film(12).frames, 24)
    doubled = nodes.set_frame_rate(film(12, 12), 24, "duration")
    assert doubled.frames == tuple(one for one in film(12).frames for _ in range(2))
    assert nodes.set_frame_rate(film(12), 12, "duration").frames == film(12).frames[::2]


def test_batches_are_put_behind_each_other(nodes):
    joined = nodes.batch_images([frame(0), frame(1)], frame(2, (96, 64)))
    assert [picture.size for picture in joined] == [(WIDTH, HEIGHT)] * 3


# -- from files


@pytest.fixture
def stored(nodes, ctx, tmp_path):
    """A film in the input folder: two seconds at 24 frames a second, with a sound."""
    nodes.save_video(ctx, film(48, sound=tone(2)), format="mkv")
    saved(ctx).rename(tmp_path / "input" / "film.mkv")
    return "film.mkv"


def test_loading(nodes, ctx, stored):
    loaded = nodes.load_video(ctx, stored)
    assert difference(loaded, film(48)) == 0
    assert (loaded.rate, loaded.sound.rate, loaded.sound.samples) == (24, 8000, 16000)


def test_loading_a_part(nodes, ctx, stored):
    part = nodes.load_video_part(ctx, stored, start=0.5, seconds=1.0)
    assert difference(part, Film(film(48).frames[12:36])) == 0
    assert part.sound.samples == 8000

    small = nodes.load_video_part(ctx, stored, fps=12, longest_side=24)
    assert (len(small.frames), small.rate, small.size) == (24, 12, (24, 16))
    assert len(nodes.load_video_part(ctx, stored, fps=48).frames) == 96
    with pytest.raises(UsageError, match="over before second 5"):
        nodes.load_video_part(ctx, stored, start=5.0)


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"no film at all" * 99, PLAYLIST.encode(), b"ffconcat version 1.0\nfile '/etc/passwd'\n"],
)
def test_files_that_are_no_film(nodes, ctx, tmp_path, content):
    (tmp_path / "input" / "a.mp4").write_bytes(content)
    with pytest.raises(UsageError, match=r'"a\.mp4" is not a film that can be opened') as caught:
        nodes.load_video(ctx, "a.mp4")
    assert "MP4, WebM" in caught.value.remedy


def test_a_film_that_breaks_off(nodes, ctx, tmp_path):
    nodes.save_video(ctx, film(24))
    content = saved(ctx).read_bytes()
    (tmp_path / "input" / "a.mp4").write_bytes(content[:600])
    with pytest.raises(UsageError, match=r'"a\.mp4"'):
        nodes.load_video(ctx, "a.mp4")


def test_a_sound_is_no_film(node_file, nodes, ctx, tmp_path):
    node_file("audio").save_audio(ctx, tone(1))
    saved(ctx).rename(tmp_path / "input" / "a.mka")
    with pytest.raises(UsageError, match=r'"a\.mka"'):
        nodes.load_video(ctx, "a.mka")


def test_a_film_held_upright_is_loaded_upright(nodes, ctx, tmp_path):
    lying = PIL.Image.new("RGB", (64, 32), "blue")
    lying.paste("red", (0, 0, 64, 16))
    nodes.save_video(ctx, [lying] * 4)
    content = saved(ctx).read_bytes()
    as_it_is, to_the_right = (
        struct.pack(">9I", *four[:2], 0, *four[2:], 0, 0, 0, 0x40000000)
        for four in ((0x10000, 0, 0, 0x10000), (0, 0x10000, 0xFFFF0000, 0))
    )
    place = content.index(as_it_is, content.index(b"tkhd"))
    turned = content[:place] + to_the_right + content[place + len(as_it_is) :]
    (tmp_path / "input" / "phone.mp4").write_bytes(turned)

    first = nodes.load_video(ctx, "phone.mp4").frames[0]

    assert first.size == (32, 64)
    assert first.getpixel((4, 32))[2] > 200 < first.getpixel((28, 32))[0]


def test_the_sleeve_of_a_record_is_no_film(nodes, ctx, tmp_path):
    with av.open(str(tmp_path / "input" / "song.mp3"), "w") as song:
        sound = song.add_stream("libmp3lame", rate=44100, layout="stereo")
        sleeve = song.add_stream("mjpeg", rate=1)
        sleeve.width = sleeve.height = 32
        sleeve.pix_fmt = "yuvj420p"
        sleeve.disposition = Disposition.attached_pic
        song.mux(sleeve.encode(av.VideoFrame.from_image(PIL.Image.new("RGB", (32, 32)))))
        song.mux(sleeve.encode(None))
        still = av.AudioFrame.from_ndarray(numpy.zeros((2, 1152), "float32"), "fltp", "stereo")
        still.sample_rate = 44100
        song.mux(sound.encode(still))
        song.mux(sound.encode(None))

    with pytest.raises(UsageError, match=r'"song\.mp3" has no pictures|not a film'):
        nodes.load_video(ctx, "song.mp3")
    assert ".mp3" in media_suffixes(tmp_path / "input" / "song.mp3")


def test_limits_are_told(nodes, ctx, stored, monkeypatch):
    monkeypatch.setattr("blockloom.films.MAX_FRAMES", 40)
    with pytest.raises(UsageError, match=r'"film\.mkv" has more than 40 frames') as caught:
        nodes.load_video(ctx, stored)
    assert "Load Video (Part)" in caught.value.remedy
    monkeypatch.setattr("blockloom.films.MAX_FRAMES", 100)
    monkeypatch.setattr("blockloom.films.MAX_FILM_PIXELS", 40 * WIDTH * HEIGHT)
    with pytest.raises(UsageError, match="too large: 41 frames of 48 x 32 pixels"):
        nodes.load_video(ctx, stored)


def test_another_file_of_that_name_is_another_film(nodes, ctx, tmp_path, stored):
    print_of = nodes.load_video.blockloom_node.fingerprint
    first = print_of(ctx, stored)
    (tmp_path / "input" / stored).write_bytes(b"other")
    assert print_of(ctx, stored) != first
