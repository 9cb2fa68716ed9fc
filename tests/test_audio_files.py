"""Clips are read within limits, whatever a file claims; renders appear whole or not at all."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roomtone.audio import SAMPLE_RATE_HZ, Samples, frames_of
from roomtone.audio_files import SoundOutputs, check_output, read_clip
from roomtone.errors import AudioError, InputMissingError, OutputError, RoomtoneError


def noise(frames: int, channels: int = 2, *, seed: int = 1, gain: float = 0.1) -> Samples:
    samples = np.random.default_rng(seed).standard_normal((frames, channels)) * gain
    return samples.astype(np.float32)


def tone(hz: float, rate_hz: int, seconds: float) -> Samples:
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * hz * t)).astype(np.float32)[:, None]


def level_db(samples: Samples) -> float:
    return 10 * np.log10(np.mean(samples**2) + 1e-20)


def refusal(path: Path, **limits: float) -> str:
    with pytest.raises(AudioError) as caught:
        read_clip(path, **limits)
    assert str(path) in str(caught.value)
    assert caught.value.fix
    return caught.value.code


# Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "subtype", "precision"),
    [
        ("a.wav", "PCM_16", 2**-15),
        ("a.wav", "PCM_24", 2**-23),
        ("a.wav", "FLOAT", 0),
        ("a.flac", "PCM_24", 2**-23),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_a_clip_comes_back_as_it_was_written(
    tmp_path: Path, name: str, subtype: str, precision: float, channels: int
) -> None:
    written = noise(100_000, channels)
    soundfile.write(tmp_path / name, written, SAMPLE_RATE_HZ, subtype=subtype)
    read = read_clip(tmp_path / name)
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, written, atol=precision)


def test_an_extensible_wav_is_read(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(100), SAMPLE_RATE_HZ, format="WAVEX", subtype="PCM_24")
    assert read_clip(tmp_path / "a.wav").shape == (100, 2)


def test_another_rate_is_resampled_without_change_of_pitch_or_length(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1_000, 44_100, 3.0), 44_100, subtype="FLOAT")
    read = read_clip(tmp_path / "a.wav")
    assert abs(len(read) - 3 * SAMPLE_RATE_HZ) <= 1
    middle = slice(SAMPLE_RATE_HZ, 2 * SAMPLE_RATE_HZ)
    np.testing.assert_allclose(read[middle], tone(1_000, SAMPLE_RATE_HZ, 3.0)[middle], atol=1e-3)


def test_what_the_lower_rate_cannot_hold_is_gone_not_folded_back(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(30_000, 96_000, 1.0), 96_000, subtype="FLOAT")
    assert level_db(read_clip(tmp_path / "a.wav")[2_000:-2_000]) < -90


def test_resampling_piece_by_piece_equals_resampling_at_once(tmp_path: Path) -> None:
    written = noise(200_000)
    soundfile.write(tmp_path / "a.wav", written, 44_100, subtype="FLOAT")
    at_once = soxr.resample(written, 44_100, SAMPLE_RATE_HZ)
    np.testing.assert_allclose(read_clip(tmp_path / "a.wav"), at_once, atol=1e-5)


def test_surround_is_folded_to_stereo_and_its_effects_channel_stays_out(tmp_path: Path) -> None:
    left, right, centre, effects, *_ = np.eye(6, dtype=np.float32) * 0.5
    soundfile.write(
        tmp_path / "a.wav", np.stack([left, right, centre, effects]), SAMPLE_RATE_HZ, subtype="FLOAT"
    )
    half = 0.5**0.5 * 0.5
    np.testing.assert_allclose(
        read_clip(tmp_path / "a.wav"), [[0.5, 0], [0, 0.5], [half, half], [0, 0]], atol=1e-6
    )


def test_the_decoder_never_sees_a_format_that_is_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfile.write(tmp_path / "a.wav", noise(4_000), SAMPLE_RATE_HZ, subtype="IMA_ADPCM")
    soundfile.write(tmp_path / "b.wav", noise(4_000), SAMPLE_RATE_HZ, format="AIFF")
    soundfile.write(tmp_path / "c.wav", noise(4_000), SAMPLE_RATE_HZ, format="OGG", subtype="VORBIS")
    monkeypatch.setattr(soundfile, "SoundFile", None)
    for name in ("a.wav", "b.wav", "c.wav"):
        assert refusal(tmp_path / name) == "audio.format"


def test_a_format_chunk_inside_another_chunk_does_not_hide_a_forbidden_format(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(100), SAMPLE_RATE_HZ, subtype="PCM_16")
    wav = (tmp_path / "a.wav").read_bytes()
    ima = struct.pack("<4sIHHIIHH", b"fmt ", 16, 0x11, 1, 48_000, 48_000, 512, 4)
    hidden = b"JUNK" + struct.pack("<I", len(ima)) + ima
    (tmp_path / "a.wav").write_bytes(wav[:12] + hidden + wav[12:])
    assert refusal(tmp_path / "a.wav") == "audio.format"


def test_a_clip_that_unpacks_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", np.zeros((20 * SAMPLE_RATE_HZ, 2)), SAMPLE_RATE_HZ)
    assert (tmp_path / "a.flac").stat().st_size < 20_000
    assert refusal(tmp_path / "a.flac", max_seconds=10) == "audio.too-long"


def test_a_header_that_claims_too_little_does_not_get_more_through(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", noise(20 * SAMPLE_RATE_HZ, 1), SAMPLE_RATE_HZ)
    assert len(_claiming(tmp_path / "a.flac", SAMPLE_RATE_HZ)) <= 12 * SAMPLE_RATE_HZ


def _claiming(path: Path, frames: int) -> Samples:
    """Read a FLAC file whose header claims `frames`; an error counts as nothing read."""
    flac = bytearray(path.read_bytes())
    # STREAMINFO: the number of frames is the last 36 bits of the 8 bytes at 18.
    (word,) = struct.unpack_from(">Q", flac, 18)
    struct.pack_into(">Q", flac, 18, word & ~(2**36 - 1) | frames)
    path.write_bytes(flac)
    try:
        return read_clip(path, max_seconds=10)
    except AudioError:
        return np.zeros((0, 1), np.float32)


def test_a_header_that_claims_hours_is_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.flac", noise(SAMPLE_RATE_HZ, 1), SAMPLE_RATE_HZ)
    assert len(_claiming(tmp_path / "a.flac", 2**36 - 1)) == 0


@pytest.mark.parametrize(
    ("samples", "rate_hz", "code"),
    [
        (noise(100, 9), SAMPLE_RATE_HZ, "audio.channels"),
        (noise(100), 4_000, "audio.rate"),
        (noise(0), SAMPLE_RATE_HZ, "audio.empty"),
        (np.full((100, 1), np.nan, np.float32), SAMPLE_RATE_HZ, "audio.damaged"),
        (np.full((100, 1), np.inf, np.float32), SAMPLE_RATE_HZ, "audio.damaged"),
        (np.full((100, 1), 1e30, np.float32), SAMPLE_RATE_HZ, "audio.damaged"),
    ],
)
def test_a_clip_that_cannot_be_played_is_refused(
    tmp_path: Path, samples: Samples, rate_hz: int, code: str
) -> None:
    soundfile.write(tmp_path / "a.wav", samples, rate_hz, subtype="FLOAT")
    assert refusal(tmp_path / "a.wav") == code


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("rain, 30 seconds")
    assert refusal(tmp_path / "a.wav") == "audio.format"
    assert refusal(tmp_path) == "audio.unreadable"


def test_a_missing_clip_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match=r"nothing\.wav.*audio\.missing"):
        read_clip(tmp_path / "nothing.wav")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    flac=st.booleans(),
    hits=st.lists(st.tuples(st.integers(0, 199), st.integers(0, 255)), max_size=12),
    length=st.integers(0, 2_000),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path: Path, *, flac: bool, hits: list[tuple[int, int]], length: int
) -> None:
    path = tmp_path / ("a.flac" if flac else "a.wav")
    soundfile.write(path, noise(400), SAMPLE_RATE_HZ)
    damaged = bytearray(path.read_bytes())
    for at, value in hits:
        damaged[at] = value
    path.write_bytes(damaged[:length])
    try:
        samples = read_clip(path, max_seconds=10)
    except RoomtoneError:
        return
    assert np.isfinite(samples).all()
    assert len(samples) <= 12 * SAMPLE_RATE_HZ


# Writing --------------------------------------------------------------------------------------


def test_a_float_file_holds_the_very_samples(tmp_path: Path) -> None:
    samples = noise(1_000)
    with SoundOutputs() as outputs:
        outputs.open(tmp_path / "a.wav", channels=2, encoding="FLOAT").write(samples)
    np.testing.assert_array_equal(read_clip(tmp_path / "a.wav"), samples)


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.WAV"])
def test_a_file_of_24_bits_clips_and_never_wraps_round(tmp_path: Path, name: str) -> None:
    with SoundOutputs() as outputs:
        outputs.open(tmp_path / name, channels=1).write(np.array([[1.5], [-1.5], [0.25]], np.float32))
    assert soundfile.info(tmp_path / name).subtype == "PCM_24"
    np.testing.assert_allclose(read_clip(tmp_path / name)[:, 0], [1, -1, 0.25], atol=2**-22)


def test_a_file_says_where_it_comes_from(tmp_path: Path) -> None:
    with SoundOutputs() as outputs:
        outputs.open(tmp_path / "a.flac", channels=1, comment="generated").write(noise(10, 1))
    with soundfile.SoundFile(tmp_path / "a.flac") as sound:
        assert sound.comment == "generated"


def test_an_error_on_the_way_leaves_no_new_file_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("before")

    def stop_half_way() -> None:
        with SoundOutputs() as outputs:
            for name in ("a.wav", "b.wav"):
                outputs.open(tmp_path / name, channels=1).write(noise(1_000, 1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
    assert (tmp_path / "a.wav").read_text() == "before"


def test_a_file_that_did_not_fully_arrive_is_refused_with_all_its_companions(tmp_path: Path) -> None:
    def write_two_and_lose_half_of_one() -> None:
        with SoundOutputs() as outputs:
            for name in ("a.wav", "b.wav"):
                outputs.open(tmp_path / name, channels=1).write(noise(48_000, 1))
            (staged,) = tmp_path.glob(".b.wav.*.part")
            with staged.open("r+b") as file:
                file.truncate(1_000)

    with pytest.raises(OutputError, match=r"output\.incomplete"):
        write_two_and_lose_half_of_one()
    assert list(tmp_path.iterdir()) == []


if sys.platform != "win32":
    import resource
    import signal

    def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            with pytest.raises(OutputError) as caught, SoundOutputs() as outputs:
                outputs.open(tmp_path / "a.wav", channels=2).write(noise(frames_of(10.0)))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, before)
        assert caught.value.exit_code == 73
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.mp3", "output.format"),
        ("a", "output.format"),
        ("none/a.wav", "output.no-folder"),
        ("b.wav", "output.is-folder"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "b.wav").mkdir()
    with pytest.raises(OutputError) as caught:
        check_output(tmp_path / name)
    assert caught.value.code == code
    assert caught.value.fix
