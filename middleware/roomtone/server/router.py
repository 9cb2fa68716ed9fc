"""The daemon's sockets: one ROUTER for clients, one pipe that wakes the loop, one monitor that counts connections."""

import os
import socket as sockets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import zmq
from zmq.auth import load_certificate
from zmq.auth.thread import ThreadAuthenticator

from roomtone.errors import SettingsError
from roomtone.server.connections import Connections
from roomtone.server.register import PeerSlowError

MOST_FRAME_BYTES: Final = 64 * 1024
_HANDSHAKE_MS: Final = 3_000
_HEARTBEAT_MS: Final = 2_000
_HEARTBEAT_TIMEOUT_MS: Final = 10_000
_LINGER_MS: Final = 500
# Credit bounds what is under way to a client (2 s of blocks, and answers); beyond this it is not reading.
_SEND_QUEUE_MESSAGES: Final = 2_000
# Per connection, at up to 64 KiB a message: what is beyond waits in the peer.
_RECEIVE_QUEUE_MESSAGES: Final = 64
_MOST_AT_ONCE: Final = 64
_DOMAIN: Final = b"roomtone"
_MOST_WAKES: Final = 4096

Message = tuple[bytes, Sequence[bytes]]


class Router:
    """Owns every socket of the daemon. One thread, but for `wake`, which any thread may call."""

    def __init__(self, endpoint: str, *, keys_dir: Path | None) -> None:
        """Bind.

        Args:
            endpoint: e.g. `tcp://127.0.0.1:5570`; port `*` takes a free one.
            keys_dir: folder made by `roomtone keys`; clients must hold a key that it lists.

        Raises:
            SettingsError: `settings.cannot-bind`, `settings.bad-keys`.
        """
        self._woken, self._waker = sockets.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._context = zmq.Context()
        self._authenticator: ThreadAuthenticator | None = None
        self._socket = self._context.socket(zmq.ROUTER)
        self._configure()
        if keys_dir is not None:
            self._require_keys(keys_dir)
        self._connections = Connections(self._socket)
        # In the order in which they ended.
        self._ended: dict[bytes, None] = {}
        self._lost: list[bytes] = []
        self._bind(endpoint)
        self.endpoint = str(self._socket.get_string(zmq.LAST_ENDPOINT))
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._woken.fileno(), zmq.POLLIN)

    def _configure(self) -> None:
        socket = self._socket
        socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        socket.setsockopt(zmq.MAXMSGSIZE, MOST_FRAME_BYTES)
        # Peers of ZMTP 1 and 2 cannot name a domain and are turned away: without one, libzmq takes the bytes of a
        # web page's POST request for a ZMTP 1 peer and delivers its body as a message.
        socket.setsockopt(zmq.ZAP_DOMAIN, _DOMAIN)
        socket.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
        socket.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT_TIMEOUT_MS)
        socket.setsockopt(zmq.SNDHWM, _SEND_QUEUE_MESSAGES)
        socket.setsockopt(zmq.RCVHWM, _RECEIVE_QUEUE_MESSAGES)
        socket.setsockopt(zmq.LINGER, _LINGER_MS)

    def _require_keys(self, keys_dir: Path) -> None:
        try:
            public, secret = load_certificate(keys_dir / "server.key_secret")
        except (OSError, ValueError) as error:
            raise SettingsError(
                "settings.bad-keys",
                what=f"no usable server key: {error}",
                at=str(keys_dir),
                fix="make keys with `roomtone keys DIR`",
            ) from error
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        self._authenticator.configure_curve(domain=_DOMAIN.decode(), location=str(keys_dir / "clients"))
        self._socket.setsockopt(zmq.CURVE_SERVER, 1)
        self._socket.setsockopt(zmq.CURVE_PUBLICKEY, public)
        assert secret is not None
        self._socket.setsockopt(zmq.CURVE_SECRETKEY, secret)

    def _bind(self, endpoint: str) -> None:
        try:
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise SettingsError(
                "settings.cannot-bind",
                what=f"cannot listen: {error.strerror}",
                at=endpoint,
                fix="stop what uses the port, or choose another with --endpoint",
            ) from error

    def wake(self) -> None:
        """End a `wait` early. Any thread; a wake that is already pending is enough."""
        with suppress(BlockingIOError):
            self._waker.send(b"\0")

    def wait(self, timeout_ms: int) -> None:
        """Sleep until something has come in, or for `timeout_ms`."""
        if timeout_ms == 0:
            _give_way()
        for socket, _ in self._poller.poll(timeout_ms):
            if socket == self._woken.fileno():
                self._woken.recv(_MOST_WAKES)

    def has_incoming(self) -> bool:
        """Whether a message waits to be taken; two microseconds."""
        _give_way()
        return bool(int(self._socket.get(zmq.EVENTS)) & zmq.POLLIN)

    def incoming(self) -> list[Message]:
        """Take what has come in, a bounded number at a time so that audio is never kept waiting."""
        messages: list[Sequence[zmq.Frame]] = []
        # What a connection said before it ended is here before its end is known.
        self._ended.update(dict.fromkeys(self._connections.lost()))
        try:
            while len(messages) < _MOST_AT_ONCE:
                messages.append(self._socket.recv_multipart(zmq.NOBLOCK, copy=False))
        except zmq.Again:
            self._lost += self._ended
            self._ended.clear()
        self._connections.heard(messages)
        return [(frames[0].bytes, [frame.bytes for frame in frames[1:]]) for frames in messages]

    def lost(self) -> list[bytes]:
        """Name, once, the routes whose connections have ended and whose last word was taken, a goodbye perhaps."""
        lost, self._lost = self._lost, []
        return lost

    def send(self, route: bytes, frames: Sequence[bytes]) -> None:
        """Hand frames to a route. Where nothing is connected any more they are lost, and `lost` will name it.

        Raises:
            PeerSlowError: its queue is full.
        """
        try:
            self._socket.send_multipart([route, *frames], zmq.NOBLOCK)
        except zmq.Again as error:
            raise PeerSlowError from error
        except zmq.ZMQError as error:
            if error.errno != zmq.EHOSTUNREACH:
                raise
            self._ended[route] = None

    def guard(self, log: Callable[..., object], is_client: Callable[[bytes], bool]) -> None:
        """Cut off peers that are up to no good; call now and then.

        Args:
            log: is told.
            is_client: whether a route has a session.
        """
        self._connections.check(log, is_client)

    def close(self) -> None:
        """Send what is under way, for a moment, and close."""
        if self._authenticator is not None:
            self._authenticator.stop()
        self._context.destroy(_LINGER_MS)
        self._woken.close()
        self._waker.close()


def _give_way() -> None:
    """Let libzmq's own thread run if it was woken on this core.

    The scheduler does not always move it to an idle core, and a thread that renders gives none up for
    milliseconds: then a parameter waits at the door, or samples that are ready do.
    """
    if hasattr(os, "sched_yield"):
        os.sched_yield()
    else:
        time.sleep(0)
