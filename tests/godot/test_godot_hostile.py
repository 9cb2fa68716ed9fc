"""Peers that are no daemon, or a damaged one, end in a clear message in Godot: no hang, no crash, no endless memory."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import msgpack
import pytest
import zmq
from engine import Engine
from recordings import Stage
from serving import frame

pytestmark = pytest.mark.system

GREETING: Final = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + b"\x01" + bytes(31)
READY: Final = b"\x04\x29\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"ROUTER\x08Identity" + bytes(4)
WELCOME: Final = {
    "t": "welcome", "id": 1, "version": 1, "server": "hostile", "session": "s" * 32, "resumed": False,
    "rate_hz": 48000, "block_frames": 480, "max_ahead_frames": 96000, "linger_s": 10.0, "scenes": ["yard"],
}  # fmt: skip
OPENED: Final = {
    "t": "scene_opened", "id": 2, "scene": 1, "name": "yard", "first_frame": 0, "parameters": [], "moods": [],
    "layers": [], "neighbours": [],
}  # fmt: skip

Peer = Callable[[socket.socket], None]


def say(peer: socket.socket, message: dict[str, Any], pcm: bytes | None = None) -> None:
    header = msgpack.packb(message)
    peer.sendall(frame(header) if pcm is None else frame(header, more=True) + frame(pcm))


def begin(peer: socket.socket) -> None:
    """Behave until the game has said hello."""
    peer.sendall(GREETING + READY)
    hear_until(peer, b"hello")


def hear_until(peer: socket.socket, word: bytes) -> None:
    heard = b""
    while word not in heard:
        some = peer.recv(4096)
        if not some:
            raise ConnectionAbortedError
        heard += some


def welcome(peer: socket.socket, **other: Any) -> None:
    begin(peer)
    say(peer, {**WELCOME, **other})


def open_scene(peer: socket.socket) -> None:
    welcome(peer)
    hear_until(peer, b"open_scene")
    say(peer, OPENED)


def hold(peer: socket.socket) -> None:
    """Keep the connection until the game gives up."""
    with suppress(OSError):
        while peer.recv(65_536):
            continue


def flood(peer: socket.socket, piece: bytes) -> None:
    """Say the same for as long as anybody listens."""
    with suppress(OSError):
        while True:
            peer.sendall(piece)


def garbage_greeting(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(64))
    hold(peer)


def half_a_greeting(peer: socket.socket) -> None:
    peer.sendall(GREETING[:30])
    hold(peer)


def silent(peer: socket.socket) -> None:
    hold(peer)


def hangs_up_at_once(peer: socket.socket) -> None:
    peer.recv(4096)


def other_mechanism(peer: socket.socket) -> None:
    peer.sendall(GREETING[:12] + b"CURVE".ljust(20, b"\0") + GREETING[32:])
    hold(peer)


def hangs_up_in_the_handshake(peer: socket.socket) -> None:
    peer.sendall(GREETING[:10])
    peer.recv(4096)


def refuses_with_an_error(peer: socket.socket) -> None:
    reason = b"Invalid client"
    body = b"\x05ERROR" + bytes([len(reason)]) + reason
    peer.sendall(GREETING + bytes([4, len(body)]) + body)
    hold(peer)


def no_router(peer: socket.socket) -> None:
    peer.sendall(GREETING + READY.replace(b"ROUTER", b"PUBSUB"))
    hold(peer)


def half_closed(peer: socket.socket) -> None:
    begin(peer)
    peer.shutdown(socket.SHUT_WR)
    hold(peer)


def says_nothing_after_hello(peer: socket.socket) -> None:
    begin(peer)
    hold(peer)


def claims_2_to_the_63_bytes(peer: socket.socket) -> None:
    begin(peer)
    peer.sendall(b"\x02\x80" + bytes(7))
    hold(peer)


def a_frame_above_the_limit(peer: socket.socket) -> None:
    begin(peer)
    peer.sendall(b"\x02" + struct.pack(">Q", 1_048_577))
    flood(peer, bytes(65_536))


def endless_frames(peer: socket.socket) -> None:
    begin(peer)
    flood(peer, frame(b"x" * 1000, more=True) * 60)


def endless_zeros(peer: socket.socket) -> None:
    flood(peer, bytes(65_536))


def reserved_flags(peer: socket.socket) -> None:
    begin(peer)
    peer.sendall(b"\x08\x01a")
    hold(peer)


def no_msgpack(peer: socket.socket) -> None:
    begin(peer)
    peer.sendall(frame(b"\xc1\xc1"))
    hold(peer)


def truncated_welcome(peer: socket.socket) -> None:
    begin(peer)
    peer.sendall(frame(msgpack.packb(WELCOME)[:-7]))
    hold(peer)


def welcome_of_another_type(peer: socket.socket) -> None:
    begin(peer)
    say(peer, {**WELCOME, "session": 5})
    hold(peer)


def welcome_with_too_many_scenes(peer: socket.socket) -> None:
    begin(peer)
    say(peer, {**WELCOME, "scenes": ["x"] * 5000})
    hold(peer)


def another_clock(peer: socket.socket) -> None:
    welcome(peer, rate_hz=44100)
    hold(peer)


def bad_token(peer: socket.socket) -> None:
    begin(peer)
    say(peer, {"t": "error", "id": 1, "code": "session.bad-token", "what": "no", "at": "token", "fix": "ask"})
    hold(peer)


def audio_that_nobody_asked_for(peer: socket.socket) -> None:
    open_scene(peer)
    say(peer, {"t": "audio", "scene": 1, "first_frame": 0, "frames": 480, "streams": []}, b"")
    hold(peer)


def audio_without_pcm(peer: socket.socket) -> None:
    welcome(peer)
    say(peer, {"t": "audio", "scene": 1, "first_frame": 0, "frames": 480, "streams": []})
    hold(peer)


def scene_that_is_no_map(peer: socket.socket) -> None:
    welcome(peer)
    peer.sendall(frame(msgpack.packb([1, 2, 3])))
    hold(peer)


def bye_bad_messages(peer: socket.socket) -> None:
    welcome(peer)
    say(peer, {"t": "bye", "reason": "bad-messages"})
    hold(peer)


# Each with the code that the game is told.
PEERS: Final[dict[Peer, str]] = {
    garbage_greeting: "connection.no-daemon",
    half_a_greeting: "connection.bad-handshake",
    silent: "connection.bad-handshake",
    hangs_up_at_once: "connection.refused",
    other_mechanism: "connection.other-mechanism",
    hangs_up_in_the_handshake: "connection.refused",
    refuses_with_an_error: "connection.refused",
    no_router: "connection.no-daemon",
    half_closed: "connection.lost",
    says_nothing_after_hello: "connection.silent",
    claims_2_to_the_63_bytes: "connection.bad-frame",
    a_frame_above_the_limit: "connection.bad-frame",
    endless_frames: "connection.bad-frame",
    endless_zeros: "connection.no-daemon",
    reserved_flags: "connection.bad-frame",
    no_msgpack: "wire.not-msgpack",
    truncated_welcome: "wire.not-msgpack",
    welcome_of_another_type: "wire.wrong-type",
    welcome_with_too_many_scenes: "wire.too-large",
    another_clock: "session.other-clock",
    bad_token: "session.bad-token",
    audio_that_nobody_asked_for: "wire.bad-audio",
    audio_without_pcm: "wire.bad-frames",
    scene_that_is_no_map: "wire.wrong-type",
    bye_bad_messages: "connection.bad-messages",
}


@contextmanager
def serving(behave: Peer) -> Iterator[int]:
    """Listen, and treat whoever comes as `behave` does."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def treat(peer: socket.socket) -> None:
        with peer, suppress(OSError):
            peer.settimeout(15.0)
            behave(peer)

    def accept() -> None:
        while not over.is_set():
            with suppress(OSError):
                peer, _ = listener.accept()
                threading.Thread(target=treat, args=(peer,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        with suppress(OSError), socket.create_connection(listener.getsockname()):
            pass
        thread.join(5.0)
        listener.close()


@pytest.fixture(scope="module")
def met(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """All of them meet the same game at once."""
    folder = tmp_path_factory.mktemp("hostile")
    with all_peers() as ports:
        (folder / "peers.json").write_text(json.dumps(ports), encoding="utf-8")
        return engine.check("hostile_check", folder / "report.json", **{"in": folder / "peers.json"})


@contextmanager
def all_peers() -> Iterator[dict[str, int]]:
    """Every peer at a port of its own, and a port at which nobody listens."""
    with ExitStack() as stack:
        ports = {peer.__name__: stack.enter_context(serving(peer)) for peer in PEERS}
        closed = socket.create_server(("127.0.0.1", 0))
        ports["nobody"] = closed.getsockname()[1]
        closed.close()
        yield ports


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.__name__)
def test_a_hostile_peer_is_seen_through(met: Any, peer: Peer) -> None:
    found = met["peers"][peer.__name__]
    code, what, fix = found["told"][0]
    assert code == PEERS[peer], found
    assert what
    assert fix
    assert found["closed_in_s"] < 0.5


def test_hostile_peers_neither_stall_the_game_nor_fill_its_memory(met: Any) -> None:
    # Each may make a client hold one frame of a mebibyte, and what the last read brought.
    assert met["grown_bytes"] < 2 * 1_048_576 * len(PEERS)
    assert met["longest_frame_s"] < 0.25


def test_a_game_without_a_daemon_is_told_how_to_start_one(met: Any) -> None:
    code, _, fix = met["peers"]["nobody"]["told"][0]
    assert code == "connection.unreachable"
    assert "roomtone serve" in fix


def test_a_ping_is_answered_while_the_game_loads_a_level(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real ROUTER that drops who does not answer within 300 ms keeps a game that stalls for a second."""
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.heartbeat_ivl, router.heartbeat_timeout = 100, 300
        monitor = router.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        port = router.bind_to_random_port("tcp://127.0.0.1")
        monkeypatch.setenv("ROOMTONE_ENDPOINT", f"tcp://127.0.0.1:{port}")
        steps: list[list[Any]] = [
            ["connect"],
            ["await_event", "connected"],
            ["tell", "in"],
            ["stall", 1000],
            ["tell", "out"],
        ]
        stage = Stage(engine, tmp_path_factory.mktemp("ping"), steps)
        route, hello = router.recv_multipart()
        said = msgpack.unpackb(hello)
        assert said["t"] == "hello"
        router.send_multipart([route, msgpack.packb({**WELCOME, "id": said["id"]})])
        stage.told("in")
        stage.told("out")
        assert monitor.poll(0) == 0, "the game was dropped"
        stage.finished()
        router.disable_monitor()
        monitor.close()


def test_what_a_later_revision_says_is_ignored(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        port = router.bind_to_random_port("tcp://127.0.0.1")
        monkeypatch.setenv("ROOMTONE_ENDPOINT", f"tcp://127.0.0.1:{port}")
        steps: list[list[Any]] = [
            ["connect"], ["await_event", "connected"], ["tell", "in"], ["ask_stats"], ["tell", "asked"], ["wait", 0.2],
        ]  # fmt: skip
        stage = Stage(engine, tmp_path, steps)
        route, hello = router.recv_multipart()
        router.send_multipart([route, msgpack.packb({**WELCOME, "id": msgpack.unpackb(hello)["id"]})])
        drifted = {"t": "layer_event", "stream": 1, "event": "drifted", "at_frame": 0, "far": 5}
        for later in (drifted, {"t": "hail"}):
            router.send_multipart([route, msgpack.packb(later)])
        stage.told("in")
        stage.told("asked")
        said = [msgpack.unpackb(router.recv_multipart()[-1])["t"]]
        played = stage.finished()
    assert said == ["get_stats"], "it says no hello again"
    assert [event["kind"] for event in played.report["events"]] == ["connected"]
