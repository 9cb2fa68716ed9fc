"""The ZMTP vectors are what libzmq says and understands, and what a client on a plain socket can rely on."""

import socket
from collections.abc import Iterator
from typing import Any

import plain_zmtp
import pytest
import zmq
from plain_zmtp import (
    GREETING_BYTES,
    Frame,
    RefusedError,
    read_command,
    read_frames,
    read_greeting,
    read_messages,
)
from wire_vectors import bytes_of_line, vector_name, vectors

HEARTBEAT_MS = 50
WAIT_S = 10


def vector(file: str, name: str) -> bytes:
    (found,) = [each["frame"] for each in vectors("zmtp", file) if each["name"] == name]
    return bytes(found)


NULL_GREETING = vector("greeting", "NULL")
READY = vector("commands", "READY of a DEALER")


def expected_frames(means: dict[str, Any]) -> list[bytes]:
    """Spell the frames that a vector means: hex, or `2a*255` for a byte many times."""
    return [bytes_of_line(text.replace("*", " x") or "00 x0") for text in means["frames"]]


@pytest.mark.parametrize("each", vectors("zmtp", "greeting"), ids=vector_name)
def test_a_greeting_says_what_the_vector_means(each: Any) -> None:
    assert read_greeting(each["frame"]) == each["means"]


@pytest.mark.parametrize("each", vectors("zmtp", "commands"), ids=vector_name)
def test_a_command_says_what_the_vector_means(each: Any) -> None:
    (frame,) = read_frames(each["frame"])
    assert frame.is_command
    assert read_command(frame.body) == each["means"]


@pytest.mark.parametrize("each", vectors("zmtp", "messages"), ids=vector_name)
def test_a_message_has_the_frames_that_the_vector_means(each: Any) -> None:
    then = [[bytes.fromhex(text)] for text in each["means"].get("then", [])]
    assert read_messages(read_frames(each["frame"])) == [expected_frames(each["means"]), *then]


@pytest.mark.parametrize("each", vectors("zmtp", "refused"), ids=vector_name)
def test_a_client_can_tell_what_to_refuse(each: Any) -> None:
    with pytest.raises(RefusedError):
        hear(each["stage"], each["frame"])


def hear(stage: str, heard: bytes) -> None:
    """Take bytes as a client does at one stage of a connection."""
    if stage == "greeting":
        if read_greeting(heard)["mechanism"] != "NULL":
            raise RefusedError("another mechanism")
        return
    frames = read_frames(heard)
    if stage == "handshake":
        plain_zmtp.read_ready(frames[0])
    for frame in frames:
        if frame.is_command:
            read_command(frame.body)


@pytest.fixture
def router() -> Iterator["zmq.Socket[bytes]"]:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as opened:
        opened.linger = 0
        opened.rcvtimeo = opened.sndtimeo = WAIT_S * 1000
        opened.handshake_ivl = WAIT_S * 1000
        yield opened


def connect(router: "zmq.Socket[bytes]") -> socket.socket:
    """Reach a ROUTER without ZeroMQ."""
    port = router.bind_to_random_port("tcp://127.0.0.1")
    return socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)


def read_exactly(peer: socket.socket, size_bytes: int) -> bytes:
    heard = b""
    while len(heard) < size_bytes:
        piece = peer.recv(size_bytes - len(heard))
        assert piece, "the connection was closed"
        heard += piece
    return heard


def read_frame(peer: socket.socket) -> Frame:
    head = read_exactly(peer, 2)
    if head[0] & 0x02:
        head += read_exactly(peer, 7)
    return read_frames(head + read_exactly(peer, int.from_bytes(head[1:])))[0]


def shake_hands(peer: socket.socket, greeting: bytes = NULL_GREETING, ready: bytes = READY) -> dict[str, Any]:
    """Greet as the vectors say; return what the ROUTER's READY means."""
    peer.sendall(greeting + ready)
    assert read_greeting(read_exactly(peer, GREETING_BYTES))["mechanism"] == "NULL"
    frame = read_frame(peer)
    plain_zmtp.read_ready(frame)
    return read_command(frame.body)


@pytest.mark.system
@pytest.mark.parametrize("greeting", ["NULL", "NULL, another padding and version 3.0"])
@pytest.mark.parametrize("ready", ["READY of a DEALER", "READY of a DEALER without an identity"])
def test_libzmq_lets_in_who_greets_as_the_vectors_do(
    router: "zmq.Socket[bytes]", greeting: str, ready: str
) -> None:
    with connect(router) as peer:
        means = shake_hands(peer, vector("greeting", greeting), vector("commands", ready))
        assert means["properties"] == {"Socket-Type": "ROUTER", "Identity": ""}


@pytest.mark.system
@pytest.mark.parametrize("each", vectors("zmtp", "messages"), ids=vector_name)
def test_libzmq_understands_the_messages_of_the_vectors(router: "zmq.Socket[bytes]", each: Any) -> None:
    with connect(router) as peer:
        shake_hands(peer)
        peer.sendall(each["frame"])
        assert router.recv_multipart()[1:] == expected_frames(each["means"])


@pytest.mark.system
@pytest.mark.parametrize("each", vectors("zmtp", "messages"), ids=vector_name)
def test_libzmq_says_messages_as_the_vectors_do(router: "zmq.Socket[bytes]", each: Any) -> None:
    with connect(router) as peer:
        shake_hands(peer)
        peer.sendall(vector("messages", "bye, one short frame"))
        route, _ = router.recv_multipart()
        router.send_multipart([route, *expected_frames(each["means"])])
        frames = [read_frame(peer)]
        while frames[-1].more:
            frames.append(read_frame(peer))
        assert [frame.body for frame in frames] == expected_frames(each["means"])


@pytest.mark.system
def test_libzmq_answers_a_ping_with_its_context(router: "zmq.Socket[bytes]") -> None:
    with connect(router) as peer:
        shake_hands(peer)
        peer.sendall(vector("commands", "PING with a context of three bytes"))
        assert read_exactly(peer, 10) == vector("commands", "PONG with the context of its PING")


@pytest.mark.system
def test_libzmq_pings_and_keeps_who_answers_as_the_vectors_do(router: "zmq.Socket[bytes]") -> None:
    router.heartbeat_ivl = HEARTBEAT_MS
    router.heartbeat_timeout = WAIT_S * 1000
    with connect(router) as peer:
        shake_hands(peer)
        for _ in range(3):
            assert read_command(read_frame(peer).body) == {"command": "PING", "ttl_ds": 0, "context": ""}
            peer.sendall(vector("commands", "PONG without context"))
        peer.sendall(vector("messages", "bye, one short frame"))
        assert router.recv_multipart()[1:] == [bytes.fromhex("81a174a3627965")]


@pytest.mark.system
def test_a_web_page_is_not_taken_for_an_old_peer(router: "zmq.Socket[bytes]") -> None:
    # Section 13.4: without the domain, libzmq reads this request as ZMTP 1.0 and delivers the bye in its body.
    router.zap_domain = b"roomtone"
    with connect(router) as peer:
        peer.sendall(b"POST /" + b"a" * 75 + b"\x08\x00" + bytes.fromhex("81a174a3627965"))
        with pytest.raises((ConnectionError, AssertionError)):
            read_exactly(peer, GREETING_BYTES)
    assert router.poll(0) == 0


@pytest.mark.system
def test_a_zap_domain_without_a_handler_lets_zmtp_3_in(router: "zmq.Socket[bytes]") -> None:
    router.zap_domain = b"roomtone"
    with connect(router) as peer:
        shake_hands(peer)
        peer.sendall(vector("messages", "bye, one short frame"))
        assert router.recv_multipart()[1:] == [bytes.fromhex("81a174a3627965")]
