"""Prompts through a real daemon and real models, tiny and random: from stand-in to model to the next bank, and back."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile
from serving import Listening, RawClient, Serving, until
from toy_models import install_noise

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ, Samples
from roomtone.cache.store import Cache
from roomtone.client import Client
from roomtone.client.client import Client as Connected
from roomtone.client.scene import Layer, Scene
from roomtone.dsp.random import rng_state
from roomtone.layers.banks import BankRoom
from roomtone.layers.performance import Performance
from roomtone.layers.prompted import BankVoice, PlayingPrompt
from roomtone.models.library import ModelLibrary
from roomtone.offline import render_scene
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue
from roomtone.texture.measures import loudness_range_db, measure_repetition, measure_seams
from roomtone.texture.stitch import seam_frames
from roomtone.wire.messages import Error, LayerEvent

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

FAMILIES = ("audioldm2", "stable_audio", "stable_audio3", "audiogen", "musicgen")
MADE_WITHIN_S = 120.0

SCENE = """\
scene: attic
parameters:
  rain: {{default: 0.1, rise_s: 0.5, fall_s: 0.5}}
layers:
  window:
    prompt: "{{rain: light|heavy}} rain on a window"
    model: {model}
    variations: {variations}
    seconds: {seconds}
    {steps}
    stand_in: {{synth: stream, controls: {{flow: 0.6}}}}
"""


def write_scene(folder: Path, model: str, *, variations: int = 1, seconds: float = 2.0) -> Path:
    folder.mkdir(exist_ok=True)
    steps = "" if model in ("audiogen", "musicgen", "noise") else "steps: 4"
    text = SCENE.format(model=model, variations=variations, seconds=seconds, steps=steps)
    (folder / "attic.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny checkpoints of every family, as `roomtone models tiny` writes them."""
    folder = tmp_path_factory.mktemp("models")
    command = [sys.executable, "-m", "roomtone", "models", "tiny", str(folder), *FAMILIES, "clap"]
    subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    return folder


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads of a tiny model wait for one another longer than they compute."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


class Listener:
    """Plays a scene in real time, as a game does, and follows what becomes of its layer."""

    def __init__(self, client: Connected, scene: Scene, layer: Layer) -> None:
        self.client, self.scene, self.layer = client, scene, layer
        self.heard: list[Samples] = []
        self.steps: list[LayerEvent] = []
        self.errors: list[Error] = []
        self._next_s = time.monotonic()

    def play(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            samples = self.scene.read(BLOCK_FRAMES, wait_s=0.2)
            self.heard.append(samples[self.layer.name].copy())
            self._next_s = max(self._next_s + 0.01, time.monotonic() - 0.1)
            time.sleep(max(0.0, self._next_s - time.monotonic()))
        for event in self.client.events():
            self.steps += [event] if isinstance(event, LayerEvent) else []
            self.errors += [event] if isinstance(event, Error) else []

    def until(self, happened: Callable[[], Any], within_s: float = MADE_WITHIN_S) -> Any:
        deadline_s = time.monotonic() + within_s
        while not (result := happened()):
            assert time.monotonic() < deadline_s, (self.steps, self.errors)
            self.play(10)
        return result

    def hears(self, source: str, bank: str = "") -> bool:
        return bool(self.steps) and (self.steps[-1].source, self.steps[-1].bank) == (source, bank)

    @property
    def sound(self) -> Samples:
        return np.concatenate(self.heard)

    def check_unbroken(self) -> None:
        """Nothing was concealed, nothing is silent for 50 ms, and nothing steps further than sound does."""
        stats = self.client.stats()
        assert (stats.underruns, stats.concealed_frames) == (0, 0)
        sound = self.sound
        pieces = sound[: len(sound) // 2400 * 2400].reshape(-1, 2400 * sound.shape[1])
        assert np.sqrt(np.mean(np.square(pieces), axis=1)).min() > 1e-5
        steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
        assert steps.max() < 12.0 * np.percentile(steps, 99.0)


@contextmanager
def listen(endpoint: str, **options: Any) -> Iterator[Listener]:
    with Client.connect(endpoint, ahead_ms=400) as client:
        scene = client.open_scene("attic", **options)
        layer = scene.open_layer("window")
        scene.buffer()
        yield Listener(client, scene, layer)


def workers_of(serving: Serving) -> list[psutil.Process]:
    """The processes that hold models."""
    return [
        process
        for process in psutil.Process(serving.process.pid).children(recursive=True)
        if process.is_running() and "worker.py" in " ".join(process.cmdline())
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_layer_of_every_family_goes_from_stand_in_to_model_to_the_next_bank(
    tmp_path: Path, models: Path, family: str
) -> None:
    scenes = write_scene(tmp_path / "scenes", family)
    flags = ("--models-dir", str(models), "--cache-dir", str(tmp_path / "cache"), "--device", "cpu")
    with Serving(scenes, *flags) as serving, listen(serving.endpoint) as ear:
        ear.play(20)
        assert [(step.source, step.reason) for step in ear.steps] == [("stand_in", "making")]
        ear.until(lambda: ear.hears("exact", "light rain on a window"))
        ear.play(250)
        ear.scene.set(rain=0.9)
        ear.until(lambda: ear.hears("exact", "heavy rain on a window"))
        ear.play(250)
        assert ear.errors == []
        ear.check_unbroken()
        assert ear.layer.source is not None
        assert ear.layer.source.source == "exact"
    for entry in map(Cache(tmp_path / "cache").find, Cache(tmp_path / "cache").all_keys()):
        assert entry is not None
        assert (entry.provenance.model, entry.notes["lufs"]) == (family, pytest.approx(-23.0, abs=1.5))


def test_candidates_are_ranked_where_clap_is_at_hand(tmp_path: Path, models: Path) -> None:
    scenes = write_scene(tmp_path / "scenes", "audiogen")
    flags = ("--models-dir", str(models), "--cache-dir", str(tmp_path / "cache"), "--candidates", "2")
    with Serving(scenes, *flags, "--device", "cpu") as serving, listen(serving.endpoint) as ear:
        ear.until(lambda: ear.hears("exact", "light rain on a window"))
    entries = [Cache(tmp_path / "cache").find(key) for key in Cache(tmp_path / "cache").all_keys()]
    assert entries
    assert all(entry is not None and -1.0 <= entry.notes["clap_score"] <= 1.0 for entry in entries)


# Trouble ------------------------------------------------------------------------------------------


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    """A model without a framework, quick to load and to kill."""
    install_noise(tmp_path / "models", step_s=0.2)
    return tmp_path / "models"


def test_a_killed_worker_and_a_killed_pool_cost_time_and_nothing_else(tmp_path: Path, noise: Path) -> None:
    scenes = write_scene(tmp_path / "scenes", "noise")
    with Serving(scenes, "--models-dir", str(noise), "--cache-dir", str(tmp_path / "cache")) as serving:
        with listen(serving.endpoint) as ear:
            worker = ear.until(lambda: workers_of(serving))[0]
            worker.kill()
            ear.play(50)
            (pool,) = psutil.Process(serving.process.pid).children()
            pool.kill()
            ear.until(lambda: ear.hears("exact", "light rain on a window"))
            ear.play(250)
            ear.check_unbroken()
        serving.process.terminate()
        serving.process.wait(20.0)
        until(lambda: not workers_of_any(tmp_path))


def workers_of_any(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(folder) in " ".join(process.info["cmdline"] or ())
        and "worker.py" in str(process.info["cmdline"])
    ]


@pytest.mark.skipif(
    sys.platform == "win32", reason="a process there cannot be told how large its files may be"
)
def test_a_disk_that_is_full_leaves_the_stand_in_playing_and_says_so(tmp_path: Path, noise: Path) -> None:
    scenes = write_scene(tmp_path / "scenes", "noise")
    serving = Serving(scenes, "--models-dir", str(noise), "--cache-dir", str(tmp_path / "cache"))
    # No file may grow beyond 16 kB, for the daemon and for everything that it starts: kernels are compiled already.
    limit = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384)); "
    serving.command = [
        sys.executable,
        "-c",
        f"{limit} os.execv(sys.argv[1], sys.argv[1:])",
        *serving.command,
    ]
    with serving, listen(serving.endpoint) as ear:
        ear.until(lambda: ear.errors)
        assert ear.errors[0].code.startswith("cache.")
        assert ear.errors[0].fix
        ear.play(100)
        assert ear.hears("stand_in")
        ear.check_unbroken()
    assert Cache(tmp_path / "cache").all_keys() == []


def test_a_checkpoint_that_is_torn_is_named_and_the_layer_sounds_on(tmp_path: Path, models: Path) -> None:
    broken = tmp_path / "models" / "audioldm2"
    broken.parent.mkdir()
    shutil.copytree(models / "audioldm2", broken)
    weights = max(broken.rglob("*.safetensors"), key=lambda path: path.stat().st_size)
    weights.write_bytes(weights.read_bytes()[:1000])
    scenes = write_scene(tmp_path / "scenes", "audioldm2")
    flags = ("--models-dir", str(broken.parent), "--cache-dir", str(tmp_path / "cache"), "--device", "cpu")
    with Serving(scenes, *flags) as serving, listen(serving.endpoint) as ear:
        failed = ear.until(lambda: [line for line in serving.lines if line["event"] == "model failed"])
        assert "model.damaged" in failed[0]["error"]
        assert weights.parent.name in failed[0]["error"]
        ear.play(50)
        assert ear.hears("stand_in")
        ear.check_unbroken()


# Exactly the same ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Scenes, models and a cache that has every clip of them."""
    folder = tmp_path_factory.mktemp("filled")
    install_noise(folder / "models")
    scenes = write_scene(folder / "scenes", "noise", variations=4, seconds=5.0)
    flags = ("--models-dir", str(folder / "models"), "--cache-dir", str(folder / "cache"))
    with Serving(scenes, *flags) as serving, listen(serving.endpoint) as ear:
        ear.until(lambda: len(Cache(folder / "cache").all_keys()) == 8)
    return scenes, folder / "models", folder / "cache"


def flags_of(filled: tuple[Path, Path, Path]) -> tuple[str, ...]:
    return ("--models-dir", str(filled[1]), "--cache-dir", str(filled[2]))


def blocks_of(client: RawClient, blocks: int, **options: Any) -> Samples:
    opened, streams = client.open("attic", **options)
    ear = Listening(client, opened.scene, streams)
    ear.next_frame = opened.first_frame
    ear._heard["window"] = [np.zeros((BLOCK_FRAMES, 2), "<f4")] * (opened.first_frame // BLOCK_FRAMES)
    ear.play(blocks)
    return ear.samples("window")[opened.first_frame :]


def test_a_daemon_that_starts_anew_goes_on_with_the_same_samples(filled: tuple[Path, Path, Path]) -> None:
    with Serving(filled[0], *flags_of(filled)) as serving, RawClient(serving.endpoint) as client:
        client.hello()
        whole = blocks_of(client, 400, seed=7)
        serving.process.kill()
    with Serving(filled[0], *flags_of(filled)) as serving, RawClient(serving.endpoint) as client:
        client.hello()
        rest = blocks_of(client, 100, seed=7, first_frame=300 * BLOCK_FRAMES)
    assert np.array_equal(rest, whole[300 * BLOCK_FRAMES :])
    assert whole.any()


def test_a_live_stream_of_clips_is_the_render_sample_for_sample(
    filled: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    scenes, models_dir, cache_dir = filled
    with Serving(scenes, *flags_of(filled)) as serving, RawClient(serving.endpoint) as client:
        client.hello()
        live = blocks_of(client, 500, seed=7)
    (tmp_path / "stems").mkdir()
    render_scene(
        load_scene(scenes / "attic.yaml", root=scenes, catalogue=catalogue()),
        tmp_path / "mix.wav",
        seconds=500 * BLOCK_FRAMES / SAMPLE_RATE_HZ,
        seed=7,
        stems_dir=tmp_path / "stems",
        banks=BankRoom(Cache(cache_dir), ModelLibrary(models_dir)),
    )
    stem, _ = soundfile.read(tmp_path / "stems" / "window.wav", dtype="float32", always_2d=True)
    assert stem.tobytes() == live.tobytes()


@pytest.fixture(scope="module")
def rained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Scenes, models and a cache with 40 s of rain that swells and drips."""
    folder = tmp_path_factory.mktemp("rained")
    install_noise(folder / "models", drops=True)
    scenes = write_scene(folder / "scenes", "noise", variations=4, seconds=10.0)
    flags = ("--models-dir", str(folder / "models"), "--cache-dir", str(folder / "cache"))
    with Serving(scenes, *flags) as serving, listen(serving.endpoint) as ear:
        ear.until(lambda: len(Cache(folder / "cache").all_keys()) == 8)
    return scenes, folder / "models", folder / "cache"


def test_ten_minutes_out_of_forty_seconds_show_neither_seams_nor_repetition(
    rained: tuple[Path, Path, Path],
) -> None:
    with Serving(rained[0], *flags_of(rained)) as serving, RawClient(serving.endpoint) as client:
        client.hello()
        stream = blocks_of(client, 60_000, seed=7, values={"rain": 0.0})
    voice, seams = stitched(rained, frames=len(stream))
    source = voice.stitch.bank.seconds
    repetition = measure_repetition(stream)
    # Of 40 s, nothing is heard again before 20 s, and no join stands out more than places inside the clips do.
    assert source == pytest.approx(40.0, abs=2.0)
    assert voice.stitch.guard_s >= 0.45 * source
    assert repetition.exact.shortest_s >= voice.stitch.guard_s - 1.0
    # What only resembles something does so in the clips too, where nothing is heard twice.
    cache = Cache(rained[2])
    clips = np.concatenate([cache.read(cache.find(key)) for key in voice.keys])
    assert repetition.alike.share <= measure_repetition(clips).alike.share + 0.02
    ranks = [seam.percentile for seam in measure_seams(stream[: 120 * SAMPLE_RATE_HZ], seams)]
    assert np.median(ranks) < 75.0
    assert np.mean(np.array(ranks) > 95.0) < 0.15
    assert loudness_range_db(stream) < 3.0


def stitched(filled: tuple[Path, Path, Path], *, frames: int) -> tuple[BankVoice, list[int]]:
    """The stream of `rain: light` as the daemon plays it, and where its joins of the first two minutes are."""
    scene = load_scene(filled[0] / "attic.yaml", root=filled[0], catalogue=catalogue())
    performance = Performance(scene, seed=7, values={"rain": 0.0})
    performance.open("window", BankRoom(Cache(filled[2]), ModelLibrary(filled[1])))
    playing = performance._players["window"].source
    assert isinstance(playing, PlayingPrompt)
    voice = playing._voices[playing._current[playing.stops_at({"rain": 0.0})[0]]]
    own_seed = int(rng_state(playing.seed, "bank", *voice.stop)[0])
    within = min(frames, 120 * SAMPLE_RATE_HZ)
    return voice, list(seam_frames(voice.stitch.bank, seed=own_seed, frames=within))


def test_two_daemons_share_one_cache(filled: tuple[Path, Path, Path]) -> None:
    heard = []
    with Serving(filled[0], *flags_of(filled)) as one, Serving(filled[0], *flags_of(filled)) as two:
        for serving in (one, two):
            with RawClient(serving.endpoint) as client:
                client.hello()
                heard.append(blocks_of(client, 100, seed=7))
    assert np.array_equal(*heard)


def test_a_request_goes_through_the_client_and_survives_the_daemon(
    filled: tuple[Path, Path, Path],
) -> None:
    with Serving(filled[0], *flags_of(filled), "--model", "noise") as serving:
        endpoint = serving.endpoint
        with Client.connect(endpoint, ahead_ms=400, timeout_s=20.0) as client:
            scene = client.open_scene("attic")
            layer = scene.request("heavy rain on leaves", variations=1, seconds=2.0)
            scene.buffer()
            ear = Listener(client, scene, layer)
            ear.until(lambda: ear.hears("exact", "heavy rain on leaves"))
            serving.process.kill()
            serving.process.wait()
            ear.play(10)
            with Serving(filled[0], *flags_of(filled), "--model", "noise", endpoint=endpoint):
                ear.until(lambda: client.stats().reconnects == 1)
                ear.until(lambda: len(ear.steps) > 2 and ear.hears("exact", "heavy rain on leaves"))
                ear.play(100)
                assert np.abs(np.concatenate(ear.heard[-50:])).max() > 1e-3
