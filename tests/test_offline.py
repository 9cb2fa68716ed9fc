"""A render is the same performance as the live stream: exact, repeatable, and as long as it was asked for."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.audio_files import read_clip
from roomtone.errors import OutputError, RoomtoneError, SynthError
from roomtone.layers.performance import Performance
from roomtone.mixing import soft_limit
from roomtone.offline import Change, render_scene, render_synth
from roomtone.scene.model import (
    Bed,
    ClipsSource,
    Constant,
    Follow,
    Layer,
    Parameter,
    Placement,
    Point,
    Scatter,
    Scene,
    Source,
    SynthSource,
)

RAIN = SynthSource(synth="rain", controls={"intensity": Follow("rain")})
FIRE = SynthSource(synth="fire", controls={})
THUNDER = SynthSource(synth="thunder", controls={})


def layer(name: str, source: Source, placement: Placement | None = None) -> Layer:
    return Layer(name=name, source=source, gain_db=Constant(-6.0), placement=placement or Bed())


def scene(*layers: Layer) -> Scene:
    return Scene(
        name="yard",
        seed=7,
        parameters={"rain": Parameter(name="rain", default=0.2, rise_s=0.5, fall_s=0.5)},
        moods={},
        layers={each.name: each for each in layers},
        neighbours=(),
    )


YARD = scene(
    layer("street", RAIN),
    layer("hearth", FIRE, Point(at_m=(2.0, 0.0, 1.0))),
    layer("storm", THUNDER, Scatter(every_s=(0.2, 0.5), distance_m=(50.0, 400.0))),
)


def render(folder: Path, what: Scene = YARD, *, seconds: float = 1.0, **options: object) -> Samples:
    folder.mkdir(exist_ok=True)
    render_scene(what, folder / "mix.wav", seconds=seconds, **options)  # type: ignore[arg-type]
    return read_clip(folder / "mix.wav")


def live(what: Scene, blocks: int, sets: Mapping[int, Mapping[str, float]]) -> dict[str, Samples]:
    """Perform as the daemon does: every layer's samples, end to end."""
    performance = Performance(what)
    channels = {name: performance.open(name) for name in what.layers}
    heard: dict[str, list[Samples]] = {name: [] for name in what.layers}
    for block in range(blocks):
        if block in sets:
            performance.set(sets[block])
        for name, samples in performance.render().layers.items():
            silence = np.zeros((BLOCK_FRAMES, channels[name]), np.float32)
            heard[name].append(silence if samples is None else samples.copy())
    return {name: np.concatenate(pieces) for name, pieces in heard.items()}


def test_stems_hold_the_very_samples_of_the_live_stream(tmp_path: Path) -> None:
    changes = [Change(at_s=0.301, name="rain", value=0.9)]
    render(tmp_path, seconds=1.0, changes=changes, stems_dir=tmp_path)
    # A change takes effect at the first block that begins at its time or later.
    for name, samples in live(YARD, 100, {31: {"rain": 0.9}}).items():
        np.testing.assert_array_equal(read_clip(tmp_path / f"{name}.wav"), samples)


@pytest.mark.parametrize("seconds", [0.01, 0.105, 1.0])
def test_a_render_is_exactly_as_long_as_asked_for(tmp_path: Path, seconds: float) -> None:
    render(tmp_path, seconds=seconds, stems_dir=tmp_path)
    for path in tmp_path.glob("*.wav"):
        assert soundfile.info(path).frames == round(seconds * SAMPLE_RATE_HZ)


def test_a_shorter_render_is_the_beginning_of_a_longer_one(tmp_path: Path) -> None:
    short, long = render(tmp_path / "a", seconds=0.5), render(tmp_path / "b", seconds=1.0)
    np.testing.assert_array_equal(short, long[: len(short)])


def test_the_same_seed_gives_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        render(tmp_path / name, seed=seed)
    first, again, other = ((tmp_path / name / "mix.wav").read_bytes() for name in "abc")
    assert first == again
    assert first != other


def test_a_change_is_heard_from_its_time_on_and_not_before(tmp_path: Path) -> None:
    still = render(tmp_path / "a", seconds=1.0)
    moved = render(tmp_path / "b", seconds=1.0, changes=[Change(at_s=0.5, name="rain", value=1.0)])
    half = SAMPLE_RATE_HZ // 2
    np.testing.assert_array_equal(moved[:half], still[:half])
    assert np.abs(moved[half:] - still[half:]).max() > 0.01


def test_changes_are_taken_in_the_order_of_time_however_they_are_listed(tmp_path: Path) -> None:
    first, second = Change(at_s=0.1, name="rain", value=1.0), Change(at_s=0.6, name="rain", value=0.0)
    np.testing.assert_array_equal(
        render(tmp_path / "a", changes=[first, second]), render(tmp_path / "b", changes=[second, first])
    )


def test_the_mix_of_one_bed_is_that_bed(tmp_path: Path) -> None:
    mix = render(tmp_path, scene(layer("street", RAIN)), stems_dir=tmp_path)
    stem = read_clip(tmp_path / "street.wav")
    after_fade_in = slice(BLOCK_FRAMES, None)
    np.testing.assert_allclose(mix[after_fade_in], soft_limit(stem)[after_fade_in], atol=2**-22)


def test_what_stands_at_one_side_is_louder_there(tmp_path: Path) -> None:
    right = scene(layer("hearth", FIRE, Point(at_m=(3.0, 0.0, 0.0))))
    left_level, right_level = np.sqrt(np.mean(render(tmp_path, right, seconds=2.0) ** 2, axis=0))
    assert right_level > 2 * left_level > 0


def test_recordings_are_rendered_too(tmp_path: Path) -> None:
    t = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    soundfile.write(tmp_path / "hum.flac", 0.5 * np.sin(2 * np.pi * 440 * t), SAMPLE_RATE_HZ)
    hum = ClipsSource(files=(tmp_path / "hum.flac",), crossfade_s=0.5)
    mix = render(tmp_path, scene(layer("fridge", hum)), seconds=2.0)
    spectrum = np.abs(np.fft.rfft(mix[-SAMPLE_RATE_HZ:, 0] * np.hanning(SAMPLE_RATE_HZ)))
    assert np.argmax(spectrum) == 440


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"seconds": 0.0}, "output.seconds"),
        ({"seconds": 1e9}, "output.seconds"),
        ({"seconds": float("nan")}, "output.seconds"),
        ({"values": {"rian": 1.0}}, "request.unknown-parameter"),
        ({"changes": [Change(at_s=9.0, name="rian", value=1.0)]}, "request.unknown-parameter"),
        ({"stems_dir": Path("nowhere")}, "output.no-folder"),
    ],
)
def test_what_cannot_be_rendered_is_refused_before_any_work(
    tmp_path: Path, options: dict[str, object], code: str
) -> None:
    with pytest.raises(RoomtoneError) as caught:
        render(tmp_path, **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_mix_that_would_overwrite_a_stem_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        render_scene(YARD, tmp_path / "street.wav", seconds=0.1, stems_dir=tmp_path)
    assert caught.value.code == "output.twice"
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_the_whole_length(tmp_path: Path) -> None:
    told: list[float] = []
    render(tmp_path, seconds=0.5, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 0.5


def test_a_bed_renders_to_stereo_and_a_point_to_mono(tmp_path: Path) -> None:
    for name, channels in (("rain", 2), ("fire", 1)):
        rendered = render_synth(name, tmp_path / f"{name}.flac", seconds=0.5)
        assert read_clip(tmp_path / f"{name}.flac").shape == (SAMPLE_RATE_HZ // 2, channels)
        assert -60.0 < rendered.peak_db < 0.0


def test_a_control_that_moves_is_heard(tmp_path: Path) -> None:
    up = [Change(at_s=1.0, name="intensity", value=1.0)]
    render_synth("rain", tmp_path / "rain.wav", seconds=2.0, values={"intensity": 0.05}, changes=up)
    before, after = np.split(read_clip(tmp_path / "rain.wav"), 2)
    assert np.std(after) > 4 * np.std(before)


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("rian", Change(at_s=0, name="intensity", value=0.5), "synth.unknown"),
        ("rain", Change(at_s=0, name="intesity", value=0.5), "synth.unknown-control"),
        ("rain", Change(at_s=0, name="intensity", value=1.5), "synth.control-range"),
    ],
)
def test_a_synth_that_cannot_do_that_says_so_before_any_work(
    tmp_path: Path, name: str, change: Change, code: str
) -> None:
    with pytest.raises(SynthError) as caught:
        render_synth(name, tmp_path / "a.wav", seconds=1.0, changes=[change])
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.wav or \.flac"):
        render_synth("rain", tmp_path / "rain.mp3", seconds=1.0)
