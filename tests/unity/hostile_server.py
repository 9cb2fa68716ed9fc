"""A TCP server that says whatever a test wants, to every client that connects."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Self

from wire_vectors import vectors

Speech = Callable[[socket.socket], None]

GREETING: Final = next(each["frame"] for each in vectors("zmtp", "greeting") if each["name"] == "NULL")
READY: Final = next(
    each["frame"] for each in vectors("zmtp", "commands") if each["name"] == "READY of a ROUTER"
)
# Of the client's hello: enough to know that it has begun.
MOST_SKIPPED_BYTES: Final = 10


class HostileServer:
    """Runs on `with`. `served` counts the clients that came."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.served = 0
        self._connection: socket.socket | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hostile-server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        while self._thread.is_alive():
            if self._connection is not None:
                with suppress(OSError):
                    self._connection.shutdown(socket.SHUT_RDWR)
            self._thread.join(0.05)
        self._listener.close()

    def _run(self) -> None:
        while not self._done.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.served += 1
            self._connection = connection
            connection.settimeout(0.2)
            with connection, suppress(OSError):
                self._speech(connection)


def frame(body: bytes, *, more: bool = False) -> bytes:
    if len(body) < 256:
        return bytes([int(more), len(body)]) + body
    return bytes([2 | int(more)]) + struct.pack(">Q", len(body)) + body


def shake_hands(connection: socket.socket) -> None:
    """Speak ZMTP as far as the first message, and hear the client's."""
    connection.sendall(GREETING + READY)
    heard = b""
    while len(heard) < len(GREETING) + len(READY) + MOST_SKIPPED_BYTES:
        some = connection.recv(4096)
        if not some:
            raise ConnectionError
        heard += some


def hear_out(connection: socket.socket) -> None:
    """Keep the connection until the client leaves it."""
    connection.settimeout(10)
    while connection.recv(65_536):
        pass
