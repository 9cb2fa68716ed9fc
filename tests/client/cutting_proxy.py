"""A wire that breaks: it passes bytes between clients and a daemon until it is told to cut, or by itself."""

import selectors
import socket
import threading
from typing import Self


class CuttingProxy:
    """Listens on a port of its own. `cut_after_bytes` breaks connections, one after another, once so much has come."""

    def __init__(self, endpoint: str) -> None:
        host, port = endpoint.removeprefix("tcp://").split(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.cut_after_bytes: list[int] = []
        self.cuts = 0
        self._selector = selectors.DefaultSelector()
        self._peers: dict[socket.socket, socket.socket] = {}
        self._daemons: set[socket.socket] = set()
        self._passed_bytes = 0
        self._done = False
        self._thread = threading.Thread(target=self._run, name="cutting-proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done = True
        self._thread.join()
        self._listener.close()
        self._selector.close()

    def _run(self) -> None:
        self._selector.register(self._listener, selectors.EVENT_READ)
        while not self._done:
            for key, _ in self._selector.select(0.02):
                if key.fileobj is self._listener:
                    self._accept()
                elif key.fileobj in self._peers:
                    self._pass(key.fileobj)
        for end in self._peers:
            end.close()

    def _accept(self) -> None:
        client, daemon = self._listener.accept()[0], socket.create_connection(self._target)
        self._peers |= {client: daemon, daemon: client}
        self._daemons.add(daemon)
        self._passed_bytes = 0
        for end in (client, daemon):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(end, selectors.EVENT_READ)

    def _pass(self, source: socket.socket) -> None:
        data = _read(source)
        if source in self._daemons and self.cut_after_bytes:
            data = data[: self.cut_after_bytes[0] - self._passed_bytes]
            self._passed_bytes += len(data)
        if data:
            self._peers[source].sendall(data)
        if not data or (self.cut_after_bytes and self._passed_bytes >= self.cut_after_bytes[0]):
            self._cut(source, on_purpose=bool(data))

    def _cut(self, source: socket.socket, *, on_purpose: bool) -> None:
        if on_purpose:
            self.cut_after_bytes.pop(0)
            self.cuts += 1
        for end in (source, self._peers[source]):
            self._selector.unregister(end)
            del self._peers[end]
            end.close()


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(65_536)
    except ConnectionError:
        return b""
