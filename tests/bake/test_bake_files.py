"""Baked files are what a game needs: they decode, loop unheard, keep their levels, and are the live stream."""

import json
import struct
from pathlib import Path

import fastjsonschema
import numpy as np
import pyloudnorm
import pytest
import soundfile
from baking_yard import Bake, manifest

from roomtone.audio import Samples, db_to_gain
from roomtone.audio_files import read_shipped
from roomtone.layers.performance import Performance
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue
from roomtone.texture.measures import measure_seams

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "protocol" / "bake.schema.json").read_text(encoding="utf-8"))


def live(path: Path, layer: str, frames: int, *, seed: int | None = None, **values: float) -> Samples:
    """Perform a layer as the daemon does, in blocks."""
    scene = load_scene(path, root=path.parent, catalogue=catalogue())
    performance = Performance(scene, seed=seed, values=values)
    channels = performance.open(layer)
    pieces: list[Samples] = []
    for _ in range(-(-frames // 480)):
        block = performance.render().layers[layer]
        pieces.append(np.zeros((480, channels), np.float32) if block is None else block.copy())
    return np.concatenate(pieces)[:frames]


@pytest.mark.parametrize("name", ["wav", "flac", "ogg"])
@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_every_format_decodes_and_loops_a_hundred_times_without_a_seam(
    bake: Bake, yard: Path, name: str, rate_hz: int
) -> None:
    code, _ = bake(yard, "--seconds", 8, "--format", name, "--rate", rate_hz, "--states", "wild")
    assert code == 0
    files = manifest()["files"]
    assert set(files) == {f"yard/{each}.{name}" for each in ("street-wild", "brook", "thunder-wild")}
    for path, record in files.items():
        samples = read_shipped(Path("out") / path)
        assert soundfile.info(Path("out") / path).samplerate == rate_hz
        assert samples.shape == (record["frames"], record["channels"])
        assert 8 * 2 / 3 <= record["seconds"] <= 8.0
        assert record["seam"]["good"], record["seam"]
        assert _joints_heard(samples) == 0, path


def _joints_heard(loop: Samples) -> int:
    """Play a loop a hundred times; count joints that stand out of all inside, and are loud enough."""
    found = measure_seams(np.concatenate([loop] * 4), [len(loop) * n for n in (1, 2, 3)])
    hundred = np.concatenate([loop[-4_800:], loop[:4_800]] * 100)
    bends = np.abs(np.diff(hundred, 3, axis=0)).max(axis=1)
    # 3 frames before and behind each joint; what a codec leaves there is 60 dB below full scale or less.
    at_joints = [float(bends[4_800 + 9_600 * n - 3 : 4_800 + 9_600 * n].max()) for n in range(100)]
    inside = float(np.abs(np.diff(loop, 3, axis=0)).max())
    return sum(seam.click > 99.0 for seam in found if max(at_joints) > 1e-3) + sum(
        bend > max(inside, 1e-3) for bend in at_joints
    )


def test_the_manifest_keeps_its_schema(bake: Bake, yard: Path) -> None:
    Path("list.csv").write_text("name,prompt,tags\ndrip,light rain,a;b\n", encoding="utf-8")
    bake(yard, "list.csv", "--seconds", 4, "--states", "dry,wild")
    fastjsonschema.compile(SCHEMA)(manifest())


def test_a_bake_is_the_live_stream_with_the_same_seed(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--no-loop", "--lufs", "keep", "--states", "wild", "--seed", 77)
    for path, record in manifest()["files"].items():
        layer = Path(path).stem.split("-")[0]
        wanted = live(yard, layer, record["frames"], seed=77, rain=0.9, storm=1.0)
        heard = read_shipped(Path("out") / path)
        np.testing.assert_allclose(heard, wanted * db_to_gain(record["gain_db"]), atol=2**-22)
        assert record["provenance"]["first_frame"] == 0


def test_a_loop_is_the_live_stream_but_for_its_joint(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 6, "--lufs", "keep", "--states", "wet")
    record = manifest()["files"]["yard/street-wet.wav"]
    first = record["provenance"]["first_frame"]
    wanted = live(yard, "street", first + record["frames"], rain=0.9)[first:]
    heard = read_shipped(Path("out/yard/street-wet.wav"))
    body = slice(0, record["frames"] - 24_000)
    # A tilt of level of a dB or so is put over all of a loop.
    likeness = np.corrcoef(heard[body].ravel(), wanted[body].ravel())[0, 1]
    assert likeness > 0.995
    assert np.abs(20 * np.log10(np.std(heard[body]) / np.std(wanted[body]))) < 1.0


def test_a_joint_that_a_codec_would_tear_is_written_finer(bake: Bake) -> None:
    code, _ = bake(ROOT / "scenes" / "campfire.yaml", "--seconds", 3, "--format", "ogg")
    assert code == 0
    assert all(record["seam"]["good"] for record in manifest()["files"].values())


def test_what_a_state_does_not_change_is_one_file_and_what_is_silent_is_none(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "dry,wet,wild")
    layers = {each["name"]: each["sounds"] for each in manifest()["scenes"][0]["layers"]}
    assert [each["file"] for each in layers["brook"]] == ["yard/brook.wav"] * 3
    assert [each["file"] for each in layers["street"]] == [None, "yard/street-wet.wav", "yard/street-wet.wav"]
    assert [each["silent"] for each in layers["thunder"]] == [True, True, False]


def test_states_along_a_parameter_get_louder_with_it(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "rain=0,0.5,1")
    files = manifest()["files"]
    assert (
        files["yard/street-rain=1.wav"]["loudness_lufs"]
        > files["yard/street-rain=0.5.wav"]["loudness_lufs"] + 1
    )


def test_the_loudest_state_has_the_loudness_and_layers_keep_their_levels(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 6, "--states", "wet,dry")
    quiet = manifest()
    bake(yard, "--seconds", 6, "--states", "wet,dry", "--lufs", "-30")
    scene, other = manifest()["scenes"][0], quiet["scenes"][0]
    loudest = max(each["loudness_lufs"] for each in scene["mixes"])
    assert loudest == pytest.approx(-30.0, abs=0.05)
    for path, record in manifest()["files"].items():
        moved = record["loudness_lufs"] - quiet["files"][path]["loudness_lufs"]
        assert moved == pytest.approx(scene["gain_db"] - other["gain_db"], abs=0.02)
        samples, rate_hz = soundfile.read(Path("out") / path, always_2d=True)
        measured = pyloudnorm.Meter(rate_hz).integrated_loudness(samples)
        assert record["loudness_lufs"] == pytest.approx(measured, abs=0.01)


@pytest.mark.parametrize("name", ["wav", "ogg"])
def test_nothing_goes_over_the_true_peak(bake: Bake, yard: Path, name: str) -> None:
    bake(yard, "--seconds", 4, "--states", "wild", "--lufs", "-8", "--true-peak", "-6", "--format", name)
    found = manifest()
    peaks_db = [each["true_peak_db"] for each in found["files"].values()]
    assert max(peaks_db) <= -6.0
    assert max(*peaks_db, found["scenes"][0]["mixes"][0]["true_peak_db"]) > -7.0


def test_a_wav_says_where_it_loops_and_that_it_is_generated(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--states", "wet")
    data = Path("out/yard/street-wet.wav").read_bytes()
    at = data.index(b"smpl") + 8
    assert struct.unpack_from("<I", data, at + 28)[0] == 1
    first, last = struct.unpack_from("<2I", data, at + 36 + 8)
    assert (first, last) == (0, manifest()["files"]["yard/street-wet.wav"]["frames"] - 1)
    assert b"generated by Roomtone" in data
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8


@pytest.mark.parametrize("name", ["flac", "ogg"])
def test_comments_say_where_a_file_loops_and_that_it_is_generated(bake: Bake, yard: Path, name: str) -> None:
    import mutagen  # noqa: PLC0415

    bake(yard, "--seconds", 4, "--states", "wet", "--format", name)
    tags = mutagen.File(f"out/yard/street-wet.{name}")
    assert tags is not None
    assert tags["loopstart"] == ["0"]
    assert "generated by Roomtone" in tags["comment"][0]


def test_a_mix_is_one_file_and_mono_is_mono(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 4, "--mix", "--channels", "mono", "--states", "wild")
    (record,) = manifest()["files"].values()
    assert record["channels"] == 1
    assert list(manifest()["files"]) == ["yard/mix-wild.wav"]


def test_variations_are_other_takes_and_scattered_events_say_where_they_are(bake: Bake, yard: Path) -> None:
    bake(yard, "--seconds", 6, "--states", "wild", "--variations", 2)
    files = manifest()["files"]
    one, two = (read_shipped(Path("out/yard") / name) for name in ("street-wild.wav", "street-wild-2.wav"))
    frames = min(len(one), len(two))
    assert abs(np.corrcoef(one[:frames, 0], two[:frames, 0])[0, 1]) < 0.1
    events = files["yard/thunder-wild.wav"]["events"]
    assert events
    for event in events:
        assert 0 <= event["frame"] < files["yard/thunder-wild.wav"]["frames"]
        assert 60.0 <= np.hypot(event["at_m"][0], event["at_m"][2]) <= 200.1
