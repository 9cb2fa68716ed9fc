"""The connections beneath a ROUTER: which have ended, which say nothing, and which fill its memory.

libzmq limits a frame, not a multipart message: a peer that sends frame after frame with the MORE flag is buffered
without bound before the program sees any of it. The kernel knows how many bytes a connection has received, and a
message that was taken from it proves that nothing before it is held back. A connection that goes on receiving while
nothing comes out of it is shut down. Linux only (`TCP_INFO`); elsewhere the limits on frames, handshakes and clients
hold, and the address stays on loopback.

Connections cost descriptors, which the scenes and the log need too: one that does not become a client in time is shut
down, on every system.
"""

import socket as sockets
import struct
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import zmq
from zmq.utils.monitor import recv_monitor_message

if TYPE_CHECKING:
    from collections.abc import Iterator

# An honest client says a few KiB a second; this is also more than the heartbeats of a silent day.
MOST_UNREAD_BYTES: Final = 1024 * 1024
# Time enough for a handshake and a hello over a bad network, and room for many clients that all come at once.
STRANGER_S: Final = 6.0
MOST_STRANGERS: Final = 64
_TCP_INFO: Final = 11
# struct tcp_info of linux/tcp.h: tcpi_bytes_received is the u64 at this offset (since Linux 4.2).
_BYTES_RECEIVED_AT: Final = 128


@contextmanager
def _borrowed(descriptor: int) -> "Iterator[sockets.socket]":
    """Use libzmq's descriptor for a moment without closing it."""
    connection = sockets.socket(fileno=descriptor)
    try:
        yield connection
    finally:
        connection.detach()


def bytes_received(descriptor: int) -> int | None:
    """Ask the kernel how many bytes a connection has received; None where it does not say.

    Raises:
        OSError: the descriptor is closed.
    """
    if not sys.platform.startswith("linux"):
        return None
    with _borrowed(descriptor) as connection:
        info = connection.getsockopt(sockets.IPPROTO_TCP, _TCP_INFO, _BYTES_RECEIVED_AT + 8)
    if len(info) < _BYTES_RECEIVED_AT + 8:
        return None
    (count,) = struct.unpack_from("Q", info, _BYTES_RECEIVED_AT)
    return int(count)


@dataclass(slots=True)
class _Connection:
    """What is known of one.

    Attributes:
        stranger_since_s: when it was made, or last had a session.
        route: the ROUTER's name for it, once something was heard.
        settled_bytes: what it had received when it was last known to be read empty.
        heard: whether a message came out of it since.
    """

    stranger_since_s: float
    route: bytes = b""
    settled_bytes: int = 0
    heard: bool = False


class Connections:
    """Follows the connections of one ROUTER. One owner, the loop's thread."""

    def __init__(self, router: "zmq.Socket[bytes]", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._events = router.get_monitor_socket(
            zmq.EVENT_ACCEPTED | zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED
        )
        self._by_descriptor: dict[int, _Connection] = {}
        self._lost: list[bytes] = []

    def heard(self, messages: Sequence[Sequence[zmq.Frame]]) -> None:
        """Note that whole messages came out of their connections."""
        # First what happened before they came: a descriptor may have been closed and given to a new connection.
        self._follow()
        for frames in messages:
            connection = self._by_descriptor.get(int(frames[-1].get(zmq.SRCFD)))
            if connection is not None:
                connection.heard = True
                connection.route = frames[0].bytes

    def lost(self) -> list[bytes]:
        """Return the routes whose connections have ended, once."""
        self._follow()
        lost, self._lost = self._lost, []
        return lost

    def check(self, log: Callable[..., object], is_client: Callable[[bytes], bool]) -> None:
        """Shut down every connection that received much and gave nothing, and those that do not become clients."""
        self._follow()
        for descriptor, connection in list(self._by_descriptor.items()):
            self._check_unread(descriptor, connection, log)
        self._cut_strangers(log, is_client)

    def _cut_strangers(self, log: Callable[..., object], is_client: Callable[[bytes], bool]) -> None:
        now_s, strangers = self._clock(), 0
        # The newest first, so that of too many the oldest go.
        for descriptor, connection in reversed(list(self._by_descriptor.items())):
            if is_client(connection.route):
                connection.stranger_since_s = now_s
                continue
            strangers += 1
            if strangers > MOST_STRANGERS or now_s - connection.stranger_since_s > STRANGER_S:
                self._cut(descriptor, log, reason="no session")

    def _follow(self) -> None:
        while self._events.poll(0):
            event = recv_monitor_message(self._events)
            if event["event"] == zmq.EVENT_ACCEPTED:
                self._by_descriptor[int(event["value"])] = _Connection(self._clock())
            else:
                self._forget(int(event["value"]))

    def _forget(self, descriptor: int) -> None:
        connection = self._by_descriptor.pop(descriptor, None)
        if connection is not None and connection.route:
            self._lost.append(connection.route)

    def _check_unread(self, descriptor: int, connection: _Connection, log: Callable[..., object]) -> None:
        try:
            received_bytes = bytes_received(descriptor)
        except OSError:
            # It was closed between the event and now.
            return
        if received_bytes is None:
            return
        if connection.heard:
            connection.settled_bytes, connection.heard = received_bytes, False
        elif received_bytes - connection.settled_bytes > MOST_UNREAD_BYTES:
            self._cut(descriptor, log, reason="a message that does not end")

    def _cut(self, descriptor: int, log: Callable[..., object], *, reason: str) -> None:
        log("connection cut off", reason=reason)
        self._forget(descriptor)
        # It may have been closed between the event and now.
        with suppress(OSError), _borrowed(descriptor) as peer:
            peer.shutdown(sockets.SHUT_RDWR)
