"""A daemon as a process: it starts, reloads, drains, refuses what cannot work, and keeps strangers out."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from serving import WITHIN_S, YARD, Listening, RawClient, Serving, until
from zmq.auth import load_certificate

from roomtone.audio import BLOCK_FRAMES
from roomtone.server.keys import make_keys
from roomtone.wire.messages import Applied, Bye, Error, GetStats, Hello, SceneChanged, Set, Stats

pytestmark = pytest.mark.system


def listening(client: RawClient) -> Listening:
    client.hello()
    opened, streams = client.open("yard")
    return Listening(client, opened.scene, streams)


def serve_briefly(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "roomtone", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN_S, check=False)


def test_a_client_opens_a_scene_and_hears_it(serving: Serving):
    with RawClient(serving.endpoint) as client:
        ear = listening(client)
        ear.play(20)
        client.say(GetStats(id=client.next_id()))
        stats = client.hear_a(Stats)
    assert abs(ear.samples("street")).max() > 0.01
    assert stats.resident_bytes > 10_000_000
    assert {stream.layer for stream in stats.streams} == {"street", "wind"}


def test_an_update_is_heard_in_the_block_in_hand(serving: Serving):
    with RawClient(serving.endpoint) as client:
        ear = listening(client)
        ear.play(10)
        client.say(Set(id=client.next_id(), scene=ear.scene, values={"rain": 0.0}))
        assert client.hear_a(Applied).at_frame == ear.next_frame


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_it_drains_on_sigterm_says_goodbye_and_ends_with_0(yard_dir: Path):
    with Serving(yard_dir) as daemon, RawClient(daemon.endpoint) as client:
        listening(client).play(10)
        daemon.process.send_signal(signal.SIGTERM)
        assert client.hear_a(Bye).reason == "shutdown"
        assert daemon.process.wait(WITHIN_S) == 0
        daemon.logged("stopped")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
def test_it_reads_open_scenes_again_on_sighup(yard_dir: Path):
    with Serving(yard_dir) as daemon, RawClient(daemon.endpoint) as client:
        listening(client)
        edited = yard_dir / "yard.yaml"
        edited.write_text(YARD.replace("default: 0.6", "default: 0.5"), encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        assert client.hear_a(SceneChanged).parameters[0].default == 0.5


def test_an_edited_file_is_heard_and_a_broken_one_is_answered_with_its_line(yard_dir: Path):
    with Serving(yard_dir) as daemon, RawClient(daemon.endpoint) as client:
        ear = listening(client)
        ear.play(10)
        leaves = YARD.replace("synth: wind, controls: {strength", "synth: leaves, controls: {activity")
        (yard_dir / "yard.yaml").write_text(leaves, encoding="utf-8")
        assert client.hear_a(SceneChanged).changed == ("wind",)
        ear.play(200)
        (yard_dir / "yard.yaml").write_text(YARD.replace("synth: wind", "synth: wnid"), encoding="utf-8")
        error = client.hear_a(Error)
        assert error.id == 0
        assert error.at.endswith("yard.yaml:9:17")
        assert "wind" in error.fix
        ear.play(20)
        assert daemon.logged("scene not reloaded")["code"].startswith("scene.")


@pytest.fixture(scope="module")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    command = [sys.executable, "-m", "roomtone", "keys", str(folder), "--client", "game"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def curve(server: Path, own: Path) -> dict[str, bytes]:
    public, secret = load_certificate(own)
    assert secret is not None
    return {
        "CURVE_SERVERKEY": load_certificate(server)[0],
        "CURVE_PUBLICKEY": public,
        "CURVE_SECRETKEY": secret,
    }


def test_only_a_client_with_a_listed_key_is_heard(
    yard_dir: Path, keys_dir: Path, tmp_path_factory: pytest.TempPathFactory
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    make_keys(elsewhere, "stranger")
    with Serving(yard_dir, "--keys", str(keys_dir)) as daemon:
        with RawClient(
            daemon.endpoint, **curve(keys_dir / "server.key", keys_dir / "game.key_secret")
        ) as game:
            listening(game).play(5)
        unlisted = curve(keys_dir / "server.key", elsewhere / "stranger.key_secret")
        mistaken = curve(elsewhere / "server.key", keys_dir / "game.key_secret")
        for options in (unlisted, mistaken, {}, {"PLAIN_USERNAME": b"x", "PLAIN_PASSWORD": b"y"}):
            with RawClient(daemon.endpoint, **options) as stranger:
                stranger.say(Hello(id=1, versions=(1,)))
                assert stranger.hear(within_s=0.3) is None
        with RawClient(
            daemon.endpoint, **curve(keys_dir / "server.key", keys_dir / "game.key_secret")
        ) as game:
            game.hello()


def test_it_refuses_to_be_reached_from_elsewhere_without_keys(yard_dir: Path):
    ended = serve_briefly(str(yard_dir), "--endpoint", "tcp://0.0.0.0:5599")
    assert ended.returncode == 78
    assert "roomtone keys" in ended.stderr


def test_it_says_clearly_that_its_port_is_in_use(serving: Serving, yard_dir: Path):
    ended = serve_briefly(str(yard_dir), "--endpoint", serving.endpoint)
    assert ended.returncode == 78
    assert "settings.cannot-bind" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_says_clearly_that_its_keys_are_no_keys(yard_dir: Path, tmp_path: Path):
    (tmp_path / "server.key_secret").write_text("nonsense", encoding="utf-8")
    ended = serve_briefly(str(yard_dir), "--keys", str(tmp_path), "--endpoint", "tcp://127.0.0.1:*")
    assert ended.returncode == 78
    assert "Traceback" not in ended.stderr


def test_a_paused_game_keeps_its_session(serving: Serving):
    with RawClient(serving.endpoint) as client:
        ear = listening(client)
        ear.play(5)
        before = len(client.heard)
        assert client.hear(within_s=0.5) is None
        assert len(client.heard) == before
        ear.play(5)
    assert ear.next_frame == 10 * BLOCK_FRAMES


def test_a_client_that_goes_away_is_noticed_at_once(serving: Serving):
    with RawClient(serving.endpoint) as client:
        secret = client.hello(client="fleeting").session
        client.open("yard")
    until(
        lambda: any(line["event"] == "client lost" and line["client"] == "fleeting" for line in serving.lines)
    )
    with RawClient(serving.endpoint) as client:
        assert client.hello(session=secret).resumed


@pytest.mark.parametrize("waiting", [0, 30, 70, 100])
def test_a_goodbye_is_heard_although_its_connection_has_ended(serving: Serving, waiting: int):
    client, name = RawClient(serving.endpoint), f"leaves after {waiting}"
    client.hello(client=name)
    opened, streams = client.open("yard")
    Listening(client, opened.scene, streams).play(5)
    process = psutil.Process(serving.process.pid)
    process.suspend()
    for _ in range(waiting):
        client.say(Set(id=client.next_id(), scene=opened.scene, values={"rain": 0.5}))
    client.say(Bye())
    client.socket.close(linger=1000)
    client.close()
    process.resume()
    ended = until(
        lambda: [
            line for line in serving.lines if line["event"] == "session ended" and line["client"] == name
        ]
    )
    assert "goodbye" in ended[0]["why"]
