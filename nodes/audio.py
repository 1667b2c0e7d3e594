"""Sounds: from files and into files, cut, joined and mixed."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal, NamedTuple

from blockloom import Audio, AudioFile, Context, Pipeline, Range, Tensor, node
from blockloom.errors import UsageError
from blockloom.export.media import media_notes
from blockloom.films import (
    MAX_CHANNELS,
    MAX_SAMPLE_RATE,
    Sound,
    checked_sound,
    sound_of,
    sounds_of,
)
from blockloom.picture_files import output_place, write_numbered
from blockloom.sound_files import (
    FLAC,
    MP3,
    OPUS,
    WAVES,
    SoundForm,
    open_sound,
    resampled,
    write_sound,
)

if TYPE_CHECKING:
    import torch

_LONGEST = 24 * 3600.0


def _content(ctx: Context, audio: str) -> str:
    """Tells whether the file has changed, wherever it lies and whatever its date says."""
    with open(ctx.input_file(audio), "rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


@node(category="audio", id="LoadAudio", title="Load Audio", fingerprint=_content)
def load_audio(ctx: Context, audio: Annotated[str, AudioFile]) -> Audio:
    """Load a sound from a file in the input folder, or the sound of a film there.

    Args:
        audio: Name of the file inside the input folder.
    """
    return open_sound(ctx.input_file(audio))


@node(category="audio", id="EmptyAudio", title="Empty Audio")
def empty_audio(
    duration: Annotated[float, Range(0, _LONGEST, step=0.01)] = 60.0,
    sample_rate: Annotated[int, Range(1, MAX_SAMPLE_RATE)] = 44100,
    channels: Annotated[int, Range(1, MAX_CHANNELS)] = 2,
) -> Audio:
    """Make silence.

    Args:
        duration: In seconds.
        sample_rate: Samples a second.
    """
    import torch

    return checked_sound(Sound(torch.zeros(channels, round(duration * sample_rate)), sample_rate))


@node(category="audio", title="Make Sound")
def make_sound(
    waveform: Audio, sample_rate: Annotated[int, Range(1, MAX_SAMPLE_RATE)] = 44100
) -> Audio:
    """Make a sound from the bare waveform that a pipeline made, which does not say how many
    samples a second it has.

    Args:
        waveform: The samples, from -1 to 1.
        sample_rate: Samples a second: the model's own.
    """
    sound = sound_of(waveform, sample_rate)
    return replace(sound, rate=sample_rate)


@node(category="audio", title="Get Sample Rate")
def sample_rate_of_model(pipeline: Pipeline) -> int:
    """How many samples a second the sounds have that a pipeline makes, as its models say."""
    from blockloom.bridge.sample_rates import sample_rate_in

    names = pipeline.component_names()
    rate = sample_rate_in({name: pipeline.component(name) for name in names})
    if rate is None:
        raise UsageError(
            "No model of this pipeline says how many samples a second its sounds have.",
            remedy="Type the rate on Make Sound; the model's page tells it.",
        )
    return rate


class SoundParts(NamedTuple):
    """What a sound is made of."""

    waveform: Tensor
    sample_rate: int
    seconds: float


@node(category="audio", title="Get Sound Components")
def sound_components(audio: Audio) -> SoundParts:
    """Take a sound apart: its samples (channels, samples), how many there are a second, and how
    long it is."""
    sound = sound_of(audio)
    return SoundParts(sound.waveform, sound.rate, sound.seconds)


@node(category="audio", id="TrimAudioDuration", title="Trim Audio Duration")
def trim_audio(
    audio: Audio,
    start_index: Annotated[float, Range(-_LONGEST, _LONGEST, step=0.01)] = 0.0,
    duration: Annotated[float, Range(0, _LONGEST, step=0.01)] = 60.0,
) -> Audio:
    """Cut a part out of a sound.

    Args:
        start_index: Where the part begins, in seconds; below 0 it is counted from the end.
        duration: How long it is, in seconds.
    """
    sound = sound_of(audio)
    begin = round(start_index * sound.rate) + (sound.samples if start_index < 0 else 0)
    begin = max(0, begin)
    if begin >= sound.samples or duration <= 0:
        raise UsageError(
            f"Nothing of the sound is left: it is {sound.seconds:.2f} seconds long.",
            remedy="Set an earlier start, or a longer duration.",
        )
    return sound.part(begin, begin + max(1, round(duration * sound.rate)))


@node(category="audio", id="AudioConcat", title="Audio Concat")
def join_audio(
    audio1: Audio, audio2: Audio, direction: Literal["after", "before"] = "after"
) -> Audio:
    """Put one sound behind another one.

    Args:
        direction: Where the second sound goes.
    """
    import torch

    first, second = _alike(sound_of(audio1), sound_of(audio2))
    pair = (first, second) if direction == "after" else (second, first)
    waves = torch.cat([sound.waveform for sound in pair], dim=1)
    return checked_sound(Sound(waves, first.rate))


@node(category="audio", id="AudioMerge", title="Audio Merge")
def merge_audio(
    audio1: Audio,
    audio2: Audio,
    merge_method: Literal["add", "mean", "subtract", "multiply"] = "add",
) -> Audio:
    """Let two sounds be heard at once. The second one is cut, or followed by silence, to the length
    of the first. What becomes louder than 1 is made quieter as a whole.

    Args:
        merge_method: "add" mixes them; "mean" mixes them at half the volume.
    """
    first, second = _alike(sound_of(audio1), sound_of(audio2))
    one, other = first.waveform, _padded(second.waveform, first.samples)
    if merge_method == "add":
        mixed = one + other
    elif merge_method == "mean":
        mixed = (one + other) / 2
    elif merge_method == "subtract":
        mixed = one - other
    else:
        mixed = one * other
    loudest = float(mixed.abs().max()) if mixed.numel() else 0.0
    return Sound(mixed / loudest if loudest > 1 else mixed, first.rate)


@node(category="audio", id="AudioAdjustVolume", title="Audio Adjust Volume")
def adjust_volume(audio: Audio, volume: Annotated[int, Range(-100, 100)] = 1) -> Audio:
    """Make a sound louder or quieter.

    Args:
        volume: In decibels: 0 leaves it as it is, 6 is about twice as loud, -6 half.
    """
    sound = sound_of(audio)
    return replace(sound, waveform=sound.waveform * float(10 ** (volume / 20)))


@node(category="audio", title="Resample Sound")
def resample_sound(
    audio: Audio,
    sample_rate: Annotated[int, Range(1000, MAX_SAMPLE_RATE)] = 44100,
    channels: Annotated[int, Range(0, 2)] = 0,
) -> Audio:
    """Bring a sound to another sample rate: the one a model was trained with, say.

    Args:
        sample_rate: Samples a second.
        channels: 1 is mono, 2 is stereo; 0 keeps what it has.
    """
    sound = sound_of(audio)
    return resampled(sound, sample_rate, channels or sound.channels)


@node(category="audio", title="Get Sound of Batch")
def sound_from_batch(audio: Audio, batch_index: Annotated[int, Range(0, 4095)] = 0) -> Audio:
    """Take one sound out of several.

    Args:
        batch_index: Which one; the batch begins with 0.
    """
    sounds = sounds_of(audio)
    if batch_index >= len(sounds):
        raise UsageError(
            f"The batch has {len(sounds)} sound(s), there is no number {batch_index}.",
            remedy=f"Set batch_index to {max(0, len(sounds) - 1)} or less.",
        )
    return sounds[batch_index]


def _alike(first: Sound, second: Sound) -> tuple[Sound, Sound]:
    """Both with the higher one of their rates, and as many channels."""
    rate, channels = max(first.rate, second.rate), max(first.channels, second.channels)
    return resampled(first, rate, channels), resampled(second, rate, channels)


def _padded(waveform: torch.Tensor, samples: int) -> torch.Tensor:
    import torch

    missing = max(0, samples - waveform.shape[1])
    return torch.nn.functional.pad(waveform[:, :samples], (0, missing))


# -- into files


@node(category="audio", id="SaveAudio", title="Save Audio (FLAC)", output=True)
def save_audio(ctx: Context, audio: Audio, filename_prefix: str = "audio/blockloom") -> None:
    """Save a sound as FLAC in the output folder, under the next free number: nothing of it is lost.
    Graph and seed are written into it.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
    """
    _save(ctx, audio, _Wanted(ctx.output_folder, filename_prefix, FLAC))


@node(category="audio", title="Save Audio (WAV)", output=True)
def save_wav(
    ctx: Context,
    audio: Audio,
    filename_prefix: str = "audio/blockloom",
    depth: Literal["16 bit", "24 bit", "32 bit float"] = "16 bit",
) -> None:
    """Save a sound as WAV in the output folder. Graph and seed are written into it.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
        depth: How exact a sample is; "32 bit float" is exactly what the pipeline made.
    """
    _save(ctx, audio, _Wanted(ctx.output_folder, filename_prefix, WAVES[depth]))


@node(category="audio", id="SaveAudioMP3", title="Save Audio (MP3)", output=True)
def save_mp3(
    ctx: Context,
    audio: Audio,
    filename_prefix: str = "audio/blockloom",
    quality: Literal["V0", "128k", "320k"] = "V0",
) -> None:
    """Save a sound as MP3 in the output folder. Graph and seed are written into it.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
        quality: "V0" is as good as it gets for its size; the others are bits a second.
    """
    options: dict[str, str] = {"b": quality}
    if quality == "V0":
        options = {"flags": "+qscale", "global_quality": "0"}
    _save(ctx, audio, _Wanted(ctx.output_folder, filename_prefix, MP3, options))


@node(category="audio", id="SaveAudioOpus", title="Save Audio (Opus)", output=True)
def save_opus(
    ctx: Context,
    audio: Audio,
    filename_prefix: str = "audio/blockloom",
    quality: Literal["64k", "96k", "128k", "192k", "320k"] = "128k",
) -> None:
    """Save a sound as Opus in the output folder. Graph and seed are written into it.

    Args:
        filename_prefix: How the name begins; as that of Save Image.
        quality: Bits a second.
    """
    _save(ctx, audio, _Wanted(ctx.output_folder, filename_prefix, OPUS, {"b": quality}))


@node(category="audio", id="PreviewAudio", title="Preview Audio", output=True)
def preview_audio(ctx: Context, audio: Audio) -> None:
    """Let a sound be heard without keeping it among the results."""
    _save(ctx, audio, _Wanted(ctx.temporary_folder, "preview", FLAC), is_temporary=True)


class _Wanted(NamedTuple):
    """Where a sound is wanted, and how."""

    folder: Path
    prefix: str
    form: SoundForm
    options: dict[str, str] = {}  # noqa: RUF012 (nobody changes it)


def _save(ctx: Context, value: object, wanted: _Wanted, is_temporary: bool = False) -> None:
    sounds = sounds_of(value)
    if not sounds:
        raise UsageError("There is no sound to save: the batch is empty.")
    form = wanted.form
    place, start = output_place(wanted.folder, wanted.prefix, (0, 0))
    notes = media_notes(form.suffix, ctx.graph_json, ctx.seed, ctx.node_id, ctx.picture_notes)
    for done, sound in enumerate(sounds):
        ctx.progress(done, len(sounds))
        write = functools.partial(_write, sound, form, notes, wanted.options)
        path = write_numbered(place, start, form.suffix, write)
        ctx.announce(path, kind="audio", is_temporary=is_temporary)


def _write(
    sound: Sound,
    form: SoundForm,
    notes: dict[str, str],
    options: dict[str, str],
    file: IO[bytes],
) -> None:
    write_sound(Path(file.name), sound, form, notes, options)
