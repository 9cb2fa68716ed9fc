"""The client against the real daemon: breaking wires, kill -9, keys."""

import socket
import time
from pathlib import Path

import numpy as np
import pytest
from cutting_proxy import CuttingProxy

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.client import Client, Disconnected, Keys, Reconnected, Scene
from roomtone.client.private_daemon import PrivateDaemon
from roomtone.errors import ConnectionLostError, SettingsError, WireError
from roomtone.server.keys import make_keys

pytestmark = pytest.mark.system


def open_yard(client: Client) -> Scene:
    scene = client.open_scene("yard", seed=9)
    scene.open_layers()
    return scene


def play_and_steer(client: Client, seconds: float) -> dict[str, Samples]:
    """Play a scene while its rain moves, always at the same frames."""
    scene = open_yard(client)
    parts: dict[str, list[Samples]] = {"street": [], "brook": []}
    for step in range(round(seconds * 10)):
        scene.set(rain=(step % 7) / 7.0, at_frame=(step + 3) * 4800)
        for layer, samples in scene.read_exact(4800).items():
            parts[layer].append(samples)
    scene.close()
    return {layer: np.concatenate(pieces) for layer, pieces in parts.items()}


@pytest.mark.parametrize("seed", range(3))
def test_a_wire_that_breaks_at_random_points_changes_no_sample(real: PrivateDaemon, seed: int):
    with Client.connect(real.endpoint, token=real.token) as client:
        whole = play_and_steer(client, 4.0)
    rng = np.random.default_rng(seed)
    with CuttingProxy(real.endpoint) as proxy:
        proxy.cut_after_bytes = [int(n) for n in rng.integers(1_000, 400_000, size=12)]
        with Client.connect(proxy.endpoint, token=real.token) as client:
            broken = play_and_steer(client, 4.0)
            reconnects = client.stats().reconnects
        assert proxy.cuts >= 3
    assert reconnects >= 3
    for layer, samples in whole.items():
        assert np.array_equal(broken[layer], samples), layer
        assert np.abs(samples).max() > 0.001


def test_a_daemon_that_is_killed_is_concealed_and_played_on_when_it_is_back(scenes_dir: Path):
    port = _free_port()
    endpoint = f"tcp://127.0.0.1:{port}"
    heard: list[Samples] = []
    with PrivateDaemon(scenes_dir, endpoint=endpoint) as first:
        client = Client.connect(endpoint, token=first.token)
        scene = open_yard(client)
        scene.buffer()
        _play(scene, heard, seconds=1.5)
        first.process.kill()
        _play(scene, heard, seconds=0.3)
    with client, PrivateDaemon(scenes_dir, endpoint=endpoint, token=first.token):
        _play(scene, heard, seconds=0.5)
        deadline_s = time.monotonic() + 10.0
        while scene.buffered_frames < BLOCK_FRAMES and time.monotonic() < deadline_s:
            _play(scene, heard, seconds=0.05)
        _play(scene, heard, seconds=0.5)
        events = [type(event) for event in client.events()]
        late = scene.read_exact(4800)["street"]
    whole = np.concatenate(heard)
    usual = np.abs(np.diff(whole[: 48_000 + 24_000], axis=0)).max()
    assert np.abs(np.diff(whole, axis=0)).max() < 2.0 * usual
    assert Disconnected in events
    assert Reconnected in events
    assert np.std(late) > 0.3 * np.std(whole[:48_000])


def test_a_wrong_token_is_refused_with_the_daemons_words(real: PrivateDaemon):
    with pytest.raises(WireError, match="token"):
        Client.connect(real.endpoint, token="nonsense")


def test_with_keys_those_who_have_them_are_served_and_others_are_not(
    scenes_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make_keys(tmp_path / "secrets", "client")
    make_keys(tmp_path / "others", "client")
    monkeypatch.setenv("ROOMTONE_KEYS", str(tmp_path / "secrets"))
    server = tmp_path / "secrets" / "server.key"
    with PrivateDaemon(scenes_dir) as daemon:
        keys = Keys.load(tmp_path / "secrets" / "client.key_secret", server)
        with Client.connect(daemon.endpoint, token=daemon.token, keys=keys) as client:
            assert open_yard(client).read_exact(4800)["street"].any()
        for wrong in (None, Keys.load(tmp_path / "others" / "client.key_secret", server)):
            with pytest.raises(ConnectionLostError, match="keys"):
                Client.connect(daemon.endpoint, token=daemon.token, keys=wrong, timeout_s=0.5)


def test_keys_that_cannot_be_read_are_an_error_that_names_the_file(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"nobody\.key.*settings\.bad-keys"):
        Keys.load(tmp_path / "nobody.key", tmp_path / "server.key")


def test_two_scenes_play_side_by_side(real: PrivateDaemon):
    with Client.connect(real.endpoint, token=real.token) as client:
        one, other = open_yard(client), open_yard(client)
        a, b = one.read_exact(9600), other.read_exact(9600)
        assert np.array_equal(a["street"], b["street"])
        assert client.daemon_stats().streams_total == 4


def test_a_daemon_that_cannot_start_says_why(tmp_path: Path):
    with pytest.raises(ConnectionLostError, match=r"last words"), PrivateDaemon(tmp_path / "nowhere"):
        pass


def _play(scene: Scene, heard: list[Samples], *, seconds: float) -> None:
    """Read in real time, as an audio device would."""
    started_s = time.perf_counter()
    for block in range(round(seconds * 100)):
        heard.append(scene.read(BLOCK_FRAMES)["street"])
        time.sleep(max(0.0, started_s + (block + 1) * 0.01 - time.perf_counter()))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
