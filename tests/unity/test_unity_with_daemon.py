"""The C# client against the real daemon: the same samples as the Python client, breaking wires, kill -9."""

import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from csharp_client import CsharpClient, CsharpError, CsharpScene, samples_of
from cutting_proxy import CuttingProxy
from numpy.typing import NDArray
from serving import standing_still
from supervised import await_second, kill_who_serves, supervised

from roomtone.client import Client, Scene
from roomtone.client.private_daemon import PrivateDaemon
from roomtone.wire.messages import SampleFormat

pytestmark = pytest.mark.system

Heard = dict[str, NDArray[np.float32]]
PLAYED_S = 3.5
# 20 ms: shorter gaps are not heard as such.
MOST_SILENT_FRAMES = 960


def play_and_steer(scene: CsharpScene | Scene, layers: list[str], steps: int) -> Heard:
    """Play a scene while its rain moves, always at the same frames."""
    parts: dict[str, list[NDArray[np.float32]]] = {layer: [] for layer in layers}
    for step in range(steps):
        scene.set(rain=(step % 7) / 7.0, at_frame=(step + 3) * 4800)
        if step == steps // 2:
            scene.morph("storm", 0.3, at_frame=(step + 3) * 4800)
        for layer, samples in scene.read_exact(4800).items():
            parts[layer].append(samples)
    return {layer: np.concatenate(pieces) for layer, pieces in parts.items()}


def assert_same(csharp: Heard, python: Heard) -> None:
    assert csharp.keys() == python.keys()
    for layer, samples in python.items():
        assert csharp[layer].tobytes() == samples.tobytes(), layer
        assert np.abs(samples).max() > 0.001


@pytest.mark.parametrize("channels", [0, 1, 2])
@pytest.mark.parametrize("layer_format", ["f32", "s16"])
def test_the_same_script_gives_the_samples_of_the_python_client(
    real: PrivateDaemon, csharp: CsharpClient, layer_format: SampleFormat, channels: int
) -> None:
    layers = ["street", "brook"]
    with Client.connect(real.endpoint, token=real.token) as client:
        scene = client.open_scene("yard", seed=9, values={"rain": 0.2})
        for layer in layers:
            scene.open_layer(layer, format=layer_format, channels=channels)
        python = play_and_steer(scene, layers, 12)
    csharp.connect(real.endpoint, token=real.token)
    twin = csharp.open_scene("yard", seed=9, values={"rain": 0.2})
    for layer in layers:
        twin.open_layer(layer, format=layer_format, channels=channels)
    assert_same(play_and_steer(twin, layers, 12), python)


def test_a_daemon_that_stands_still_for_a_moment_hears_goodbye_all_the_same(
    scenes_dir: Path, no_models: None, csharp: CsharpClient
) -> None:
    with PrivateDaemon(scenes_dir) as daemon, Client.connect(daemon.endpoint, token=daemon.token) as witness:
        csharp.connect(daemon.endpoint, token=daemon.token)
        scene = csharp.open_scene("yard")
        scene.open_layer("street")
        scene.read_exact(4800)
        with standing_still(daemon.process, 0.6):
            csharp.do("close")
        # Well before a client that was only lost is given up.
        until(lambda: witness.daemon_stats().clients == 1, within_s=5.0)


def test_a_scene_is_described_as_to_the_python_client(real: PrivateDaemon, csharp: CsharpClient) -> None:
    assert csharp.connect(real.endpoint, token=real.token) == ["yard"]
    described = csharp.open_scene("yard").described
    with Client.connect(real.endpoint, token=real.token) as client:
        scene = client.open_scene("yard")
        assert [each["name"] for each in described["parameters"]] == list(scene.parameters)
        assert [each["high"] for each in described["parameters"]] == [1]
        assert tuple(described["moods"]) == scene.moods
        brook = next(each for each in described["layers"] if each["name"] == "brook")["placement"]
        assert tuple(brook["at_m"]) == scene.layers["brook"].placement.at_m
        assert (brook["kind"], brook["near_m"], brook["reach_m"]) == ("point", 1, 30)


def test_a_wire_that_breaks_at_random_points_changes_no_sample(
    real: PrivateDaemon, csharp: CsharpClient
) -> None:
    layers = ["street", "brook"]
    with Client.connect(real.endpoint, token=real.token) as client:
        scene = client.open_scene("yard", seed=9)
        scene.open_layers()
        whole = play_and_steer(scene, layers, 40)
    rng = np.random.default_rng(4)
    with CuttingProxy(real.endpoint) as proxy:
        proxy.cut_after_bytes = [int(n) for n in rng.integers(1_000, 400_000, size=12)]
        csharp.connect(proxy.endpoint, token=real.token)
        twin = csharp.open_scene("yard", seed=9)
        twin.open_layers()
        assert_same(play_and_steer(twin, layers, 40), whole)
        assert proxy.cuts >= 3
        assert csharp.stats()["reconnects"] >= 3
        csharp.do("close")


def test_words_become_a_layer_that_sounds_at_once_and_says_where_it_comes_from(
    real: PrivateDaemon, csharp: CsharpClient
) -> None:
    csharp.connect(real.endpoint, token=real.token)
    scene = csharp.open_scene("yard", seed=1)
    scene.open_layer("street")
    name = scene.do("request", "steady rain on leaves", "", "4.0")
    heard = scene.read_exact(24_000)
    assert name == "request_1"
    assert np.std(heard[name]) > 0.001
    layer = scene.layer(name)
    assert layer["placement"]["kind"] == "point"
    assert layer["placement"]["at_m"] == [4, 0, 0]
    assert (layer["source"]["source"], layer["source"]["reason"]) == ("stand_in", "no-model")
    assert {"scene_changed", "layer_event"} <= {event["t"] for event in csharp.events()}
    with pytest.raises(CsharpError, match=r"request\.layer-exists"):
        scene.do("request", "wind", name, "")


def test_words_become_the_models_and_it_is_told_when_that_is_heard(
    real_with_model: PrivateDaemon, csharp: CsharpClient
) -> None:
    csharp.connect(real_with_model.endpoint, token=real_with_model.token)
    scene = csharp.open_scene("yard", seed=1)
    name = scene.do("request", "light rain on a tin roof", "", "")
    blocks = [scene.read_exact(4_800)[name]]
    assert scene.layer(name)["source"]["source"] == "stand_in"
    deadline_s = time.monotonic() + 30.0
    while scene.layer(name)["source"]["source"] != "exact":
        assert time.monotonic() < deadline_s, scene.layer(name)
        blocks.append(scene.read_exact(4_800)[name])
        time.sleep(0.05)
    blocks.append(scene.read_exact(24_000)[name])
    assert scene.layer(name)["source"]["bank"] == "light rain on a tin roof"
    sources = [event["source"] for event in csharp.events() if event["t"] == "layer_event"]
    assert sources == ["stand_in", "exact"]
    heard = np.concatenate(blocks)
    pieces = heard[: len(heard) // 960 * 960].reshape(-1, 960 * heard.shape[1])
    assert np.sqrt(np.mean(np.square(pieces), axis=1)).min() > 1e-5, "20 ms of silence"


def test_models_are_governed_and_a_wrong_mood_is_refused(real: PrivateDaemon, csharp: CsharpClient) -> None:
    csharp.connect(real.endpoint, token=real.token)
    scene = csharp.open_scene("yard")
    csharp.do("govern", 0.0, "1.5")
    csharp.do("govern", 1.0, "")
    with pytest.raises(CsharpError, match=r"request\.unknown-mood"):
        scene.morph("strom", 1.0)
    with pytest.raises(CsharpError, match=r"request\.unknown-parameter"):
        scene.set(rian=1.0)
    assert csharp.do("daemon_stats")["clients"] >= 1
    assert csharp.stats()["connected"]


def test_a_wrong_token_is_refused_with_the_daemons_words(real: PrivateDaemon, csharp: CsharpClient) -> None:
    with pytest.raises(CsharpError, match="token") as refused:
        csharp.connect(real.endpoint, token="nonsense")
    assert refused.value.code == "session.bad-token"


def test_a_scattered_layer_is_where_the_python_client_hears_it(
    real_thunder: PrivateDaemon, csharp: CsharpClient
) -> None:
    csharp.connect(real_thunder.endpoint, token=real_thunder.token)
    scene = csharp.open_scene("sky", seed=3)
    scene.open_layers()
    with Client.connect(real_thunder.endpoint, token=real_thunder.token) as client:
        twin = client.open_scene("sky", seed=3)
        thunder = twin.open_layers()["thunder"]
        offsets = []
        for _ in range(60):
            scene.read_exact(24_000)
            twin.read_exact(24_000)
            assert tuple(scene.layer("thunder")["offset_m"]) == pytest.approx(thunder.offset_m)
            offsets.append(thunder.offset_m)
    assert len(set(offsets)) >= 3


def test_a_daemon_that_is_killed_is_not_missed_and_all_is_as_it_was_when_it_is_back(
    scenes_dir: Path, csharp: CsharpClient
) -> None:
    with supervised(scenes_dir) as daemon:
        csharp.connect(daemon.endpoint)
        scene = csharp.open_scene("yard", seed=9)
        scene.open_layers()
        asked = scene.do("request", "steady rain", "", "")
        scene.set(rain=0.9)
        scene.morph("storm", 0.2)
        scene.do("buffer", 5.0)
        await_second(daemon)
        scene.say("play", PLAYED_S)
        time.sleep(1.2)
        kill_who_serves(daemon)
        heard = samples_of(csharp.answer(), round(PLAYED_S * 48_000))
        events = csharp.events()
        after = scene.read_exact(4800)
    for layer, samples in heard.items():
        assert longest_silence(samples) <= MOST_SILENT_FRAMES, layer
        usual = np.abs(np.diff(samples[:48_000], axis=0)).max()
        assert np.abs(np.diff(samples, axis=0)).max() < 2.0 * usual, layer
        # The rain did not begin anew from the scene file's default.
        assert np.std(after[layer]) > 0.3 * np.std(samples[24_000:48_000]), layer
    assert asked in heard
    kinds = [event["t"] for event in events]
    assert kinds.index("disconnected") < kinds.index("reconnected")
    assert not events[kinds.index("reconnected")]["resumed"]


def longest_silence(samples: NDArray[np.float32]) -> int:
    """Return the longest run of frames that are silent in all channels."""
    silent = (np.abs(samples) < 1e-6).all(axis=1)
    return max((len(list(run)) for quiet, run in groupby(silent) if quiet), default=0)


def until(happened: Callable[[], Any], *, within_s: float = 10.0) -> Any:
    deadline_s = time.monotonic() + within_s
    while not (result := happened()):
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(0.02)
    return result


def test_an_edit_of_the_scenes_file_is_told(tmp_path: Path, csharp: CsharpClient, scenes_dir: Path) -> None:
    text = (scenes_dir / "yard.yaml").read_text(encoding="utf-8")
    (tmp_path / "yard.yaml").write_text(text, encoding="utf-8")
    with PrivateDaemon(tmp_path) as daemon:
        csharp.connect(daemon.endpoint, token=daemon.token)
        scene = csharp.open_scene("yard")
        scene.open_layers()
        scene.read_exact(4800)
        (tmp_path / "yard.yaml").write_text(text + "  wind: {synth: wind}\n", encoding="utf-8")
        until(lambda: (scene.read(480, wait_s=0.1), scene.described)[1]["layers"][-1]["name"] == "wind")
        scene.open_layer("wind")
        assert scene.read_exact(4800)["wind"].shape == (4800, 2)
        (tmp_path / "yard.yaml").write_text(text, encoding="utf-8")
        gone: list[dict[str, Any]] = []
        until(
            lambda: (
                scene.read(4800, wait_s=0.1),
                gone.extend(event for event in csharp.events() if event["t"] == "layer_gone"),
                gone,
            )[2]
        )
        assert gone[0]["layer"] == "wind"
