"""One connection to the daemon: a DEALER socket from its first attempt until it breaks, and never beyond."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zmq
from zmq.auth import load_certificate
from zmq.utils.monitor import recv_monitor_message

from roomtone.errors import RoomtoneError, SettingsError
from roomtone.wire.limits import MAX_PCM_BYTES

RETRY_MS: Final = 10
_HEARTBEAT_MS: Final = 1_000
_HEARTBEAT_TIMEOUT_MS: Final = 3_000
_HANDSHAKE_MS: Final = 3_000
_QUEUE_MESSAGES: Final = 10_000
_GOODBYE_MS: Final = 200
_BROKEN: Final = (
    zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a client needs where the daemon asks for CURVE keys (Z85 text, as `roomtone keys` writes them)."""

    public: bytes
    secret: bytes
    server: bytes

    @classmethod
    def load(cls, client_file: Path, server_file: Path) -> "Keys":
        """Read a client's secret certificate and the daemon's public one.

        Raises:
            SettingsError: `settings.bad-keys`.
        """
        try:
            public, secret = load_certificate(client_file)
            server, _ = load_certificate(server_file)
        except (OSError, ValueError) as error:
            raise _bad_keys(str(error), str(client_file)) from error
        if secret is None:
            raise _bad_keys("the client's file holds no secret key", str(client_file))
        return cls(public=public, secret=secret, server=server)


def _bad_keys(what: str, at: str) -> SettingsError:
    return SettingsError("settings.bad-keys", what=what, at=at, fix="make keys with `roomtone keys DIR`")


class Link:
    """A socket that connects once; libzmq keeps trying until a daemon is there. One thread.

    When it breaks it is closed and another is made, so nothing that was queued for the old connection can reach a
    new one ahead of its hello.
    """

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", endpoint: str, keys: Keys | None) -> None:
        self.socket = context.socket(zmq.DEALER)
        for option, value in (
            (zmq.RECONNECT_IVL, RETRY_MS),
            (zmq.HEARTBEAT_IVL, _HEARTBEAT_MS),
            (zmq.HEARTBEAT_TIMEOUT, _HEARTBEAT_TIMEOUT_MS),
            (zmq.HANDSHAKE_IVL, _HANDSHAKE_MS),
            (zmq.SNDHWM, _QUEUE_MESSAGES),
            (zmq.RCVHWM, _QUEUE_MESSAGES),
            (zmq.MAXMSGSIZE, 2 * MAX_PCM_BYTES),
            (zmq.LINGER, 0),
        ):
            self.socket.setsockopt(option, value)
        self.monitor = self.socket.get_monitor_socket(_BROKEN)
        try:
            self._lock(keys)
            self.socket.connect(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise SettingsError(
                "settings.bad-endpoint", what=str(error), at=endpoint, fix="write it as tcp://127.0.0.1:5570"
            ) from error
        except RoomtoneError:
            self.close()
            raise

    def _lock(self, keys: Keys | None) -> None:
        if keys is None:
            return
        try:
            self.socket.curve_serverkey = keys.server
            self.socket.curve_publickey, self.socket.curve_secretkey = keys.public, keys.secret
        except zmq.ZMQError as error:
            raise _bad_keys(f"a key is no CURVE key: {error}", "keys") from error

    def send(self, frame: bytes) -> None:
        """Queue one message; a queue that is full means that the connection hangs, and drops it."""
        self.socket.send(frame, zmq.NOBLOCK)

    def receive(self) -> list[bytes] | None:
        """Take one message, or None when there is none."""
        try:
            return self.socket.recv_multipart(zmq.NOBLOCK)
        except zmq.Again:
            return None

    def broken(self) -> bool:
        """Whether the connection has ended since it was made."""
        while self.monitor.poll(0):
            if recv_monitor_message(self.monitor)["event"] & _BROKEN:
                return True
        return False

    def close(self, *, saying_goodbye: bool = False) -> None:
        """End it, at once or after what is queued has left."""
        self.socket.disable_monitor()
        self.monitor.close()
        self.socket.close(_GOODBYE_MS if saying_goodbye else 0)
