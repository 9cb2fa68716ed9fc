"""Whatever answers at the daemon's port: the C# client ends in a clear message, never in a hang."""

import dataclasses
import socket
import struct
import time
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from csharp_client import CsharpClient, CsharpError
from fake_daemon import FakeDaemon
from hostile_server import GREETING, READY, HostileServer, Speech, frame, hear_out, shake_hands
from mono_build import Build

from roomtone.client.private_daemon import PrivateDaemon
from roomtone.server.keys import make_keys
from roomtone.wire.codec import encode
from roomtone.wire.messages import Applied, Audio, Error, StreamSlice, Welcome

pytestmark = pytest.mark.system

MOST_MANAGED_BYTES = 12_000_000
WELCOME = Welcome(
    id=1,
    version=1,
    server="hostile",
    session="secret",
    resumed=False,
    rate_hz=48_000,
    block_frames=480,
    max_ahead_frames=96_000,
    linger_s=15.0,
    scenes=("yard",),
)


def says(*pieces: bytes, then: Speech = hear_out) -> Speech:
    def speech(connection: socket.socket) -> None:
        connection.sendall(b"".join(pieces))
        then(connection)

    return speech


def after_hands(*pieces: bytes, then: Speech = hear_out) -> Speech:
    def speech(connection: socket.socket) -> None:
        shake_hands(connection)
        connection.sendall(b"".join(pieces))
        then(connection)

    return speech


def endless(piece: bytes) -> Speech:
    def speech(connection: socket.socket) -> None:
        connection.settimeout(2)
        for some in repeat(piece * (1 + 65_536 // len(piece))):
            connection.sendall(some)

    return speech


def half_closed(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    hear_out(connection)


def leave(_connection: socket.socket) -> None:
    """Close the connection."""


def wait_for(kind: str, csharp: CsharpClient) -> dict[str, Any]:
    """Wait for an event of a kind; those before it are dropped."""
    deadline_s = time.monotonic() + 6.0
    while time.monotonic() < deadline_s:
        for event in csharp.events():
            if event["t"] == kind:
                return event
        time.sleep(0.01)
    raise AssertionError(f"no {kind} came")


AUDIO = encode(Audio(scene=9, first_frame=0, frames=480, streams=(StreamSlice(1, 0, 1920),)))


@pytest.fixture(scope="module")
def game(build: Build) -> Iterator[CsharpClient]:
    """One game that meets them all."""
    with CsharpClient(build.runners) as client:
        # The first attempt compiles what all others run.
        with HostileServer(leave) as server, pytest.raises(CsharpError):
            client.connect(server.endpoint, timeout_s=1.0)
        yield client


PUBLISHER = READY.replace(b"\x06ROUTER", b"\x03PUB").replace(b"\x29", b"\x26", 1)
DANCE = b"\x04\x08\x05DANCE\x01\x02"
PING = bytes.fromhex("04070450494e470000")
TO_ANOTHER = encode(dataclasses.replace(WELCOME, id=99))
LONG = b"\x02"

UNANSWERED = {
    "the greeting of a web server": (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "another protocol"),
    "random bytes": (says(bytes(range(200, 0, -1)) * 20), "another protocol"),
    "ZMTP 2": (says(b"\xff" + bytes(8) + b"\x7f\x01\x05"), "ZMTP 1"),
    "PLAIN": (says(GREETING.replace(b"NULL\0", b"PLAIN")), "asks for PLAIN"),
    "a mechanism of control characters": (says(GREETING.replace(b"NULL", b"\x1b[2J")), r"asks for \?\[2J"),
    "silence": (hear_out, "cannot connect|no daemon answered"),
    "half a greeting, then silence": (says(GREETING[:20]), "no daemon answered"),
    "a closed door": (leave, "wrong mechanism"),
    "a half-closed socket": (half_closed, "wrong mechanism"),
    "a greeting, then a closed door": (says(GREETING, then=leave), "wrong mechanism"),
    "a greeting, then a half-closed socket": (says(GREETING, then=half_closed), "wrong mechanism"),
    "ERROR in place of READY": (says(GREETING, b"\x04\x15\x05ERROR\x0eInvalid client"), "Invalid client"),
    "a message in place of READY": (says(GREETING, frame(b"a")), "before READY"),
    "READY of a publisher": (says(GREETING, PUBLISHER), "no ROUTER"),
    "hands shaken, then silence": (after_hands(), "no daemon answered"),
    "hands shaken, then half-closed": (after_hands(then=half_closed), "was closed"),
    "a flag nobody knows": (after_hands(b"\x40\x00"), "flags 40"),
    "a frame that claims 2^63 bytes": (after_hands(LONG + b"\x80" + bytes(7)), "9223372036854775808 bytes"),
    "a frame of a mebibyte and a byte": (after_hands(LONG + struct.pack(">Q", 2**20 + 1)), "1048577 bytes"),
    "a mebibyte that never comes": (
        after_hands(LONG + struct.pack(">Q", 2**20) + b"a"),
        "no daemon answered",
    ),
    "half a welcome, then a closed door": (
        after_hands(frame(encode(WELCOME))[:60], then=leave),
        "was closed",
    ),
    "a message of three frames": (
        after_hands(frame(b"a", more=True) * 2 + frame(b"b")),
        "more than two frames",
    ),
    "a header that is no msgpack": (after_hands(frame(b"\xc1")), "not one msgpack value"),
    "audio without samples": (after_hands(frame(AUDIO)), "without its samples"),
    "a welcome with samples": (after_hands(frame(encode(WELCOME), more=True), frame(b"")), "or with others"),
    "a welcome to somebody else": (after_hands(frame(TO_ANOTHER)), "no daemon answered"),
    "endless commands": (after_hands(then=endless(DANCE)), "no daemon answered"),
    "endless pings": (after_hands(then=endless(PING)), "no daemon answered|takes nothing"),
    "endless audio": (
        after_hands(then=endless(frame(AUDIO, more=True) + frame(bytes(1920)))),
        "no daemon answered",
    ),
    "endless first frames": (after_hands(then=endless(frame(b"a" * 300, more=True))), "more than two frames"),
    "a long header, then endless commands": (
        after_hands(frame(b"a" * 2**20, more=True), then=endless(DANCE)),
        "no daemon answered",
    ),
}


@pytest.mark.parametrize("speech", UNANSWERED)
def test_what_is_no_daemon_ends_in_words_and_in_time(game: CsharpClient, speech: str) -> None:
    said, words = UNANSWERED[speech]
    with HostileServer(said) as server:
        started_s = time.monotonic()
        with pytest.raises(CsharpError, match=words) as refused:
            game.connect(server.endpoint, timeout_s=0.2)
        assert refused.value.code == "connection.unreachable"
        assert time.monotonic() - started_s < 2.0
        assert game.do("memory")["managed_bytes"] < MOST_MANAGED_BYTES
        assert server.served >= 1


@pytest.mark.parametrize(
    ("clock", "value"), [("rate_hz", 44_100), ("block_frames", 512)], ids=["another rate", "other blocks"]
)
def test_a_daemon_with_another_clock_is_refused(csharp: CsharpClient, clock: str, value: int) -> None:
    welcome = dataclasses.replace(WELCOME, **{clock: value})
    refused = pytest.raises(CsharpError, match=rf"{value}.*session\.other-clock")
    with HostileServer(after_hands(frame(encode(welcome)))) as server, refused:
        csharp.connect(server.endpoint, timeout_s=2.0)


def test_a_daemon_that_answers_something_else_is_an_error(csharp: CsharpClient) -> None:
    applied = encode(Applied(id=2, scene=1, at_frame=0))
    with HostileServer(after_hands(frame(encode(WELCOME)), frame(applied))) as server:
        csharp.connect(server.endpoint, timeout_s=0.5)
        with pytest.raises(CsharpError, match=r"wire\.wrong-answer|connection\.timeout"):
            csharp.open_scene("yard")


def test_an_answer_of_another_kind_does_not_end_the_client(csharp: CsharpClient, fake: FakeDaemon) -> None:
    csharp.connect(fake.endpoint, timeout_s=2.0)
    scene = csharp.open_scene("yard")
    # The next request has the number 3: it is answered before it is asked, and once more when it is.
    fake.say(Applied(id=3, scene=1, at_frame=0))
    scene.open_layer("street")
    assert scene.read_exact(480)["street"].shape == (480, 2)


def test_a_daemon_that_floods_with_news_keeps_the_client_small(csharp: CsharpClient) -> None:
    news = frame(encode(Error(id=0, code="a.b", what="x" * 1000)))
    with HostileServer(after_hands(frame(encode(WELCOME)), then=endless(news))) as server:
        csharp.connect(server.endpoint, timeout_s=2.0)
        csharp.do("wait", 700)
        # At most 4096 events of a kilobyte of text, two bytes a letter.
        assert csharp.do("memory")["managed_bytes"] < MOST_MANAGED_BYTES + 4096 * 2_500
        csharp.do("close", within_s=5.0)


def test_a_daemon_that_reads_nothing_does_not_stop_the_game(csharp: CsharpClient) -> None:
    def deaf(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        shake_hands(connection)
        connection.sendall(frame(encode(WELCOME)))
        time.sleep(1.5)

    with HostileServer(deaf) as server:
        csharp.connect(server.endpoint, timeout_s=0.5)
        started_s = time.monotonic()
        with pytest.raises(CsharpError, match=r"connection\.timeout"):
            csharp.do("open_scene", "y" * 60, "", 0, {})
        for _ in range(2_000):
            csharp.say("govern", 0.5, "")
        for _ in range(2_000):
            csharp.answer()
        assert time.monotonic() - started_s < 3.0
        assert csharp.do("memory")["managed_bytes"] < MOST_MANAGED_BYTES


def test_audio_beyond_what_was_granted_ends_the_connection_with_an_event(
    csharp: CsharpClient, fake: FakeDaemon
) -> None:
    csharp.connect(fake.endpoint, timeout_s=2.0)
    scene = csharp.open_scene("yard")
    scene.open_layer("street")
    scene.read_exact(480)
    fake.mangle = lambda audio, pcm: (dataclasses.replace(audio, first_frame=4_800_000), pcm)
    scene.read(480)
    first = wait_for("error", csharp)
    assert first["code"] == "wire.bad-audio"
    assert "not asked for" in first["what"]
    fake.mangle = lambda audio, pcm: (audio, pcm)
    fake.sent.clear()
    assert wait_for("reconnected", csharp)["resumed"]


def test_a_daemon_that_asks_for_keys_is_named_with_the_way_round(
    csharp: CsharpClient, scenes_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(tmp_path / "secrets", "client")
    monkeypatch.setenv("ROOMTONE_KEYS", str(tmp_path / "secrets"))
    # libzmq hangs up before it says which mechanism it wants.
    refused = pytest.raises(CsharpError, match=r"wrong mechanism\?.*through a tunnel")
    with PrivateDaemon(scenes_dir) as daemon, refused:
        csharp.connect(daemon.endpoint, token=daemon.token, timeout_s=1.0)


def test_a_network_that_dies_silently_is_noticed(csharp: CsharpClient) -> None:
    with HostileServer(after_hands(frame(encode(WELCOME)))) as server:
        csharp.connect(server.endpoint, timeout_s=2.0)
        started_s = time.monotonic()
        assert "nothing was heard" in wait_for("disconnected", csharp)["reason"]
        assert 2.0 < time.monotonic() - started_s < 4.5
