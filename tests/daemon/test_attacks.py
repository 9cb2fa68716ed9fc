"""Strangers on the daemon's port who keep to no rule: they cost little, are cut off, and the music plays on.

Every attack comes from this process, over loopback, against a daemon of this module's own.
"""

import os
import random
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgpack
import pytest
from serving import YARD, Listening, RawClient, Serving, frame, hung_up, shake_hands, tcp

from roomtone.server.connections import STRANGER_S
from roomtone.wire.codec import encode
from roomtone.wire.messages import Error, Hello, OpenScene, Welcome

pytestmark = pytest.mark.system

# What it may grow by under any one attack; the allocator keeps some of what was freed.
MOST_GROWTH_BYTES = 120 * 1024 * 1024
MOST_LOG_BYTES = 64 * 1024

Attack = Callable[[int], None]


@pytest.fixture(scope="module")
def fortress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder: Path = tmp_path_factory.mktemp("scenes")
    (folder / "yard.yaml").write_text(YARD, encoding="utf-8")
    with Serving(folder) as daemon:
        with RawClient(daemon.endpoint) as client:
            client.hello()
            opened, streams = client.open("yard")
            Listening(client, opened.scene, streams).play(100)
        yield daemon


def until_cut_off(connection: socket.socket, chunk: bytes, *, most_s: float) -> None:
    """Send a chunk again and again until the other side ends the connection."""
    deadline_s = time.monotonic() + most_s
    connection.settimeout(0.1)
    while time.monotonic() < deadline_s:
        with suppress(TimeoutError):
            try:
                connection.sendall(chunk)
            except TimeoutError:
                # Nobody takes it any more: because the other side has ended the connection?
                if not connection.recv(65_536):
                    return
            except OSError:
                return
    raise AssertionError("it was let go on")


def unfinished_message_of_small_frames(port: int) -> None:
    with tcp(port) as connection:
        shake_hands(connection)
        until_cut_off(connection, frame(b"x", more=True) * 20_000, most_s=5.0)


def unfinished_message_of_large_frames(port: int) -> None:
    with tcp(port) as connection:
        shake_hands(connection)
        until_cut_off(connection, frame(bytes(65_000), more=True) * 8, most_s=5.0)


def garbage_for_a_greeting(port: int) -> None:
    for seed in range(50):
        with tcp(port) as connection, suppress(OSError):
            connection.sendall(random.Random(seed).randbytes(2_000))
    with tcp(port) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert hung_up(connection, within_s=STRANGER_S + 3.0)


def frames_that_claim_to_be_huge(port: int) -> None:
    for size in (65_537, 2**31, 2**62, 2**64 - 1):
        with tcp(port) as connection:
            shake_hands(connection)
            connection.sendall(b"\x02" + struct.pack(">Q", size))
            assert hung_up(connection, within_s=3.0)


def connections_by_the_thousand(port: int) -> None:
    for _ in range(1_500):
        with tcp(port):
            pass
    crowd = [socket.create_connection(("127.0.0.1", port), timeout=2.0) for _ in range(300)]
    for connection in crowd:
        connection.close()


def hellos_without_end(port: int) -> None:
    hello = frame(encode(Hello(id=1, versions=(1,), client="x" * 200)))
    for _ in range(100):
        with tcp(port) as connection:
            shake_hands(connection)
            connection.sendall(hello)
    with tcp(port) as connection, suppress(OSError):
        shake_hands(connection)
        connection.settimeout(1.0)
        connection.sendall(frame(encode(Hello(id=1, versions=(9,)))) * 20_000)


def messages_that_are_none(port: int) -> None:
    rng = random.Random(7)
    bodies = [rng.randbytes(rng.randrange(1, 300)) for _ in range(200)]
    bodies += [
        b"\x81" * 60_000,
        b"\xdf\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff",
        b"\xc1",
        b"",
        bytes(65_000),
    ]
    bodies += [msgpack.packb({"t": "set", "id": 1, "scene": 1, "values": {str(i): 0.5 for i in range(250)}})]
    with tcp(port) as connection, suppress(OSError):
        shake_hands(connection)
        connection.settimeout(1.0)
        for _ in range(20):
            connection.sendall(b"".join(frame(body) for body in bodies))


def large_messages_from_many(port: int) -> None:
    connections = [socket.create_connection(("127.0.0.1", port), timeout=1.0) for _ in range(20)]
    flood = frame(b"\x91" * 64_000) * 30
    for connection in connections:
        with suppress(OSError):
            shake_hands(connection)
            connection.sendall(flood)
    for connection in connections:
        connection.close()


def anything_after_a_handshake(port: int) -> None:
    for seed in range(60):
        with tcp(port) as connection, suppress(OSError):
            shake_hands(connection)
            connection.sendall(random.Random(seed).randbytes(5_000))


def sessions_that_refuse_to_read(port: int) -> None:
    with RawClient(f"tcp://127.0.0.1:{port}", RCVHWM=1, RCVBUF=4096) as client:
        client.hello(client="deaf")
        for i in range(4_000):
            client.say(OpenScene(id=i + 2, name="nowhere"))


ATTACKS: tuple[Attack, ...] = (
    unfinished_message_of_small_frames,
    unfinished_message_of_large_frames,
    garbage_for_a_greeting,
    frames_that_claim_to_be_huge,
    connections_by_the_thousand,
    hellos_without_end,
    messages_that_are_none,
    large_messages_from_many,
    anything_after_a_handshake,
    sessions_that_refuse_to_read,
)


class Peak:
    """The most memory that a process had while the block ran."""

    def __init__(self, daemon: Serving) -> None:
        self._daemon, self._done = daemon, threading.Event()
        self.most_bytes = self.first_bytes = daemon.resident_bytes
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._done.wait(0.005):
            self.most_bytes = max(self.most_bytes, self._daemon.resident_bytes)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def growth_bytes(self) -> int:
        return self.most_bytes - self.first_bytes


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's byte counts are Linux's")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_costs_little_and_the_music_plays_on(fortress: Serving, attack: Attack):
    logged_before = fortress.bytes_logged
    failed: list[BaseException] = []

    def attacking() -> None:
        try:
            attack(fortress.port)
        except BaseException as error:  # it is raised where the test sees it
            failed.append(error)

    with RawClient(fortress.endpoint) as client, Peak(fortress) as memory:
        client.hello()
        opened, streams = client.open("yard")
        ear = Listening(client, opened.scene, streams)
        attacker = threading.Thread(target=attacking)
        attacker.start()
        longest_s = 0.0
        while attacker.is_alive():
            longest_s = max(longest_s, ear.play(10))
            time.sleep(0.01)
        attacker.join()
        ear.play(50)
    assert not failed, failed
    assert fortress.process.poll() is None
    assert memory.growth_bytes < MOST_GROWTH_BYTES
    assert fortress.bytes_logged - logged_before < MOST_LOG_BYTES
    assert longest_s < 1.0


def test_half_a_greeting_and_then_silence_is_hung_up_on(fortress: Serving):
    with tcp(fortress.port) as half, tcp(fortress.port) as silent, tcp(fortress.port) as handshaken:
        half.sendall(b"\xff" + bytes(8) + b"\x7f\x03")
        shake_hands(handshaken)
        for connection in (half, silent, handshaken):
            assert hung_up(connection, within_s=STRANGER_S + 3.0)


def test_only_so_many_strangers_are_waited_for(fortress: Serving):
    crowd = [socket.create_connection(("127.0.0.1", fortress.port), timeout=2.0) for _ in range(200)]
    try:
        assert hung_up(crowd[0], within_s=2.0)
        with RawClient(fortress.endpoint) as client:
            client.hello()
    finally:
        for connection in crowd:
            connection.close()


def test_what_a_stranger_says_before_hello_is_refused(fortress: Serving):
    with RawClient(fortress.endpoint) as client:
        client.say(OpenScene(id=7, name="yard"))
        refusal = client.hear_a(Error)
        assert (refusal.id, refusal.code) == (7, "session.hello-first")
        client.socket.send(os.urandom(3) + b"\xc1")
        assert client.hear_a(Error).code.startswith("wire.")
        client.socket.send_multipart([b"", encode(Hello(id=1, versions=(1,)))])
        assert client.hear_a(Error).code == "wire.bad-frames"
        client.say(Hello(id=8, versions=(1,)))
        assert client.hear_a(Welcome).id == 8
