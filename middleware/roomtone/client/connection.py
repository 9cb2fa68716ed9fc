"""The thread that speaks to the daemon: requests and their answers, and a new connection when the old one breaks."""

import socket as sockets
import threading
import time
from collections import deque
from contextlib import suppress
from itertools import count
from typing import Any, Final, Protocol

import zmq

from roomtone.client.link import RETRY_MS, Keys, Link
from roomtone.client.pending import Answer, Pending, Renumber, Request, id_of, refusal
from roomtone.errors import ConnectionLostError, RoomtoneError, SettingsError, WireError
from roomtone.wire.codec import decode_daemon, encode
from roomtone.wire.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    DaemonMessage,
    Error,
    GetStats,
    Hello,
    Welcome,
)

# The daemon takes a client that says nothing for ten seconds for one that hangs.
_QUIET_S: Final = 2.0
_MOST_RETRY_S: Final = 0.25
_MOST_WAKES: Final = 4096
_IDLE_MS: Final = 500
_HOPELESS: Final = {"session.wrong-token", "session.bad-token", "session.no-common-version"}
_FAREWELLS: Final = {
    "resumed-elsewhere": ("another connection goes on with this session", "open a client of its own"),
    "bad-messages": ("the daemon could not read this client", "update the older of daemon and client"),
}


class Session(Protocol):
    """What a connection tells; every call comes on the connection's thread."""

    def welcomed(self, welcome: Welcome) -> None:
        """A hello was answered; `Connection.go_on` must be called once everything is open again."""

    def received(self, message: DaemonMessage, pcm: bytes) -> None:
        """Something came that answers no request."""

    def lost(self, reason: str) -> None:
        """The connection broke; another is being tried."""

    def ended(self) -> None:
        """No other connection will be tried."""


class Connection:
    """Owns the socket. `ask`, `say`, `next_id` and `close` may be called by any thread, the rest by its own.

    A request that is not answered when the connection breaks is sent again on the next one.
    """

    def __init__(
        self, endpoint: str, session: Session, *, client: str, token: str, keys: Keys | None
    ) -> None:
        self._endpoint, self._session, self._keys = endpoint, session, keys
        self._client, self._token, self._secret = client, token, ""
        self._ids = count(1)
        self._outbox: deque[Request | ClientMessage] = deque()
        self._requests = Pending()
        self._openings = Pending()
        self._hello_id = 0
        self._live = False
        self._retry_s = RETRY_MS / 1000
        self._retry_at_s = 0.0
        self._spoke_s = time.monotonic()
        self._closing = False
        self._ended = False
        self._refusal: RoomtoneError | None = None
        self._woken, self._waker = sockets.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._poller = zmq.Poller()
        self._link: Link | None = None
        self._thread = threading.Thread(target=self._run, name="roomtone-client", daemon=True)

    # Any thread -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    def next_id(self) -> int:
        """Number a request."""
        return next(self._ids)

    def ask(self, message: ClientMessage, renumber: Renumber) -> Answer:
        """Send a request; its answer, or the daemon's refusal as `WireError`, comes in the future.

        Args:
            message: with an `id` of `next_id`.
            renumber: puts today's handles into the message, should it have to be sent again.
        """
        request = Request(message, renumber)
        self._outbox.append(request)
        if self._ended:
            self._abandon(self._refusal or _closed())
        else:
            self._wake()
        return request.answer

    def say(self, message: ClientMessage) -> None:
        """Send what has no answer; while there is no connection it is dropped."""
        self._outbox.append(message)
        self._wake()

    @property
    def refusal(self) -> RoomtoneError | None:
        """Why the daemon will have nothing to do with this client, if so."""
        return self._refusal

    def close(self) -> None:
        """Say goodbye and end the thread."""
        if not self._thread.is_alive():
            return
        self._closing = True
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _wake(self) -> None:
        # Full means that the thread has not yet seen the wakes before this one: it will.
        with suppress(BlockingIOError, OSError):
            self._waker.send(b"\0")

    # Its own thread -------------------------------------------------------------------------------

    def ask_now(self, message: ClientMessage) -> Answer:
        """Send a request that opens something again, before the others may go on; it dies with the connection."""
        request = Request(message, _as_it_is)
        self._openings.add(request)
        self.send_now(message)
        return request.answer

    def go_on(self) -> None:
        """Everything is open again: send what had to wait."""
        self._live = self._link is not None
        for message in self._requests.messages():
            self.send_now(message)

    def _run(self) -> None:
        try:
            self._begin()
            while not self._closing:
                self._wait()
                self._mend()
                self._receive()
                self._send_outbox()
            if self._live:
                self.send_now(Bye())
        finally:
            self._ended = True
            self._abandon(self._refusal or _closed())
            self._session.ended()
            self._drop_link(saying_goodbye=self._live)
            self._context.term()
            self._woken.close()
            self._waker.close()

    def _begin(self) -> None:
        try:
            self._make_link()
        except SettingsError as error:
            self._end(error)
        else:
            self._say_hello()

    def _make_link(self) -> None:
        self._link = Link(self._context, self._endpoint, self._keys)
        self._poller = zmq.Poller()
        self._poller.register(self._woken.fileno(), zmq.POLLIN)
        self._poller.register(self._link.socket, zmq.POLLIN)
        self._poller.register(self._link.monitor, zmq.POLLIN)

    def _drop_link(self, *, saying_goodbye: bool = False) -> None:
        if self._link is not None:
            self._poller = zmq.Poller()
            self._poller.register(self._woken.fileno(), zmq.POLLIN)
            self._link.close(saying_goodbye=saying_goodbye)
            self._link = None

    def _wait(self) -> None:
        ready = dict(self._poller.poll(RETRY_MS if self._link is None else _IDLE_MS))
        if self._woken.fileno() in ready:
            self._woken.recv(_MOST_WAKES)
        if self._link is not None and self._link.monitor in ready and self._link.broken():
            self._lose("")
        if self._live and time.monotonic() - self._spoke_s > _QUIET_S:
            self.send_now(GetStats(id=self.next_id()))

    def _mend(self) -> None:
        if self._link is None and time.monotonic() >= self._retry_at_s:
            self._make_link()
            self._say_hello()

    def _lose(self, reason: str) -> None:
        """Close the link and plan the next; the first attempt is at once, those after it ever later."""
        self._drop_link()
        self._openings.forget()
        self._retry_at_s = time.monotonic() + self._retry_s
        self._retry_s = min(2 * self._retry_s, _MOST_RETRY_S)
        self._live = False
        self._session.lost(reason)

    def _say_hello(self) -> None:
        self._hello_id = self.next_id()
        hello = Hello(
            id=self._hello_id,
            versions=(PROTOCOL_VERSION,),
            client=self._client,
            token=self._token,
            session=self._secret,
        )
        self.send_now(hello)

    def _receive(self) -> None:
        while self._link is not None and (frames := self._link.receive()) is not None:
            try:
                message = decode_daemon(frames[0])
                self._take(message, frames[1] if len(frames) > 1 else b"")
            except WireError as error:
                self._misheard(error)

    def _misheard(self, error: WireError) -> None:
        """Report a broken message and resume on a new connection; an unknown one is from a later revision."""
        if error.code == "wire.unknown-message":
            return
        self._session.received(Error(id=0, code=error.code, what=error.what, at=error.at, fix=error.fix), b"")
        self._lose(str(error))

    def _take(self, message: DaemonMessage, pcm: bytes) -> None:
        match message:
            case Welcome():
                self._secret, self._retry_s = message.session, RETRY_MS / 1000
                self._session.welcomed(message)
            case Bye():
                self._told_goodbye(message.reason)
            case Error() if message.id == self._hello_id:
                self._refused(message)
            case Error(code="session.hello-first"):
                self._lose("the daemon has forgotten this connection")
            case _ if not (self._requests.settle(message) or self._openings.settle(message)):
                self._unasked(message, pcm)

    def _unasked(self, message: DaemonMessage, pcm: bytes) -> None:
        # With a number, it answers a request that nobody waits for any more.
        if id_of(message) == 0:
            self._session.received(message, pcm)

    def _told_goodbye(self, reason: str) -> None:
        if reason not in _FAREWELLS:
            self._lose(reason or "the daemon said goodbye")
            return
        what, fix = _FAREWELLS[reason]
        self._end(ConnectionLostError(f"connection.{reason}", what=what, at=self._endpoint, fix=fix))

    def _end(self, refusal: RoomtoneError) -> None:
        self._refusal = refusal
        self._closing = True
        self._live = False

    def _refused(self, error: Error) -> None:
        if error.code in _HOPELESS or (not self._secret and error.code != "session.draining"):
            self._end(refusal(error))
        else:
            self._lose(str(refusal(error)))

    def _send_outbox(self) -> None:
        while self._outbox:
            item = self._outbox.popleft()
            if isinstance(item, Request):
                self._requests.add(item)
            if self._live:
                self.send_now(item.renumber(item.message) if isinstance(item, Request) else item)

    def send_now(self, message: ClientMessage) -> None:
        """Send past everything that waits."""
        self._spoke_s = time.monotonic()
        if self._link is None:
            return
        try:
            self._link.send(encode(message))
        except zmq.Again:
            self._lose("the connection takes nothing any more")

    def _abandon(self, reason: RoomtoneError) -> None:
        while self._outbox:
            item = self._outbox.popleft()
            if isinstance(item, Request):
                self._requests.add(item)
        self._requests.fail(reason)


def _closed() -> ConnectionLostError:
    return ConnectionLostError("connection.closed", what="the client was closed", fix="connect again")


def _as_it_is(message: Any) -> Any:
    return message
