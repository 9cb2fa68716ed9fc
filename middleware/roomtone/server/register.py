"""Who is connected: sessions by route and by secret, what is said to them, and how they end."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from roomtone.errors import RoomtoneError
from roomtone.server.session import IDLE_S, Session
from roomtone.server.stage import Stage
from roomtone.stream.outbox import SentBlock
from roomtone.wire.codec import encode
from roomtone.wire.messages import Bye, DaemonMessage
from roomtone.wire.refusal import error_reply

Result = TypeVar("Result")
Send = Callable[[bytes, Sequence[bytes]], None]
"""Hand frames to a route. Raises `PeerSlowError`; what is sent to one that has gone is lost like what was under way."""

# Why a session ends, in the words of the protocol.
SHUTDOWN: Final = "shutdown"
RESUMED_ELSEWHERE: Final = "resumed-elsewhere"
BAD_MESSAGES: Final = "bad-messages"
IDLE: Final = "idle"
FAILED: Final = "failed"


class PeerSlowError(Exception):
    """The peer does not take what it has asked for."""


class Register:
    """All sessions of one daemon. Everything here runs on the loop's thread.

    Args:
        send: how frames leave.
        clock: monotonic seconds.
        log: structured logger.
        linger_s: how long a session outlives its connection.
    """

    def __init__(self, *, send: Send, clock: Callable[[], float], log: Any, linger_s: float) -> None:
        self._send = send
        self._clock = clock
        self._log = log
        self._linger_s = linger_s
        self._by_route: dict[bytes, Session] = {}
        self._by_secret: dict[str, Session] = {}
        self._turn: Session | bytes | None = None

    # Who is there ---------------------------------------------------------------------------------

    def at(self, route: bytes) -> Session | None:
        """Find the session of a connection."""
        return self._by_route.get(route)

    def known(self, secret: str) -> Session | None:
        """Find the session that a client wants to resume."""
        return self._by_secret.get(secret) if secret else None

    def connected(self) -> tuple[Session, ...]:
        """List the sessions that have a connection."""
        return tuple(self._by_route.values())

    def everyone(self) -> tuple[Session, ...]:
        """List all sessions, those included that wait for their client."""
        return tuple(self._by_secret.values())

    def stages(self) -> Iterator[tuple[Session, Stage]]:
        """Go through every open scene."""
        for session in self.everyone():
            for stage in tuple(session.stages.values()):
                yield session, stage

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(stage.streams) for _, stage in self.stages())

    # Coming and going -----------------------------------------------------------------------------

    def add(self, session: Session) -> None:
        """Take a new session in."""
        self._by_secret[session.secret] = session

    def attach(self, route: bytes, session: Session) -> None:
        """Let a session speak on this connection; one that it had before is told so and counts no more."""
        if session.route is not None:
            old = session.route
            self._detach(old)
            self._send_frames(old, (encode(Bye(reason=RESUMED_ELSEWHERE)),))
        session.route, session.heard_s = route, self._clock()
        self._by_route[route] = session

    def lost(self, route: bytes) -> None:
        """A connection ended: its session waits for the client to come back, if it has anything to come back to."""
        session = self._detach(route)
        if session is None:
            return
        self._log.info("client lost", client=session.client, lingers_s=self._linger_s)
        if not session.stages:
            self.forget(session, "nothing was open")

    def _detach(self, route: bytes) -> Session | None:
        session = self._by_route.pop(route, None)
        if session is not None:
            session.route, session.lost_s = None, self._clock()
            for stage in session.stages.values():
                stage.detach()
        return session

    def expire(self) -> None:
        """Let go of clients that did not come back, and of those that have said nothing for an hour."""
        now_s = self._clock()
        for session in self.everyone():
            if session.route is None and now_s - session.lost_s > self._linger_s:
                self.forget(session, "it did not come back")
            elif session.route is not None and now_s - session.heard_s > IDLE_S:
                self.end(session, IDLE)

    def end(self, session: Session, reason: str) -> None:
        """End a session and tell the client why, in one of the protocol's words."""
        self.reply(session, Bye(reason=reason))
        self.forget(session, reason)

    def forget(self, session: Session, why: str) -> None:
        """Drop a session and all that it has open."""
        self._log.info("session ended", client=session.client, why=why)
        session.closed = True
        self._by_secret.pop(session.secret, None)
        if session.route is not None:
            self._by_route.pop(session.route, None)
            session.route = None

    # Whose turn it is -----------------------------------------------------------------------------

    def take_turn(self, turn: Session | bytes | None) -> None:
        """Note for whom work is done from here on: a session, a connection without one, or nobody."""
        self._turn = turn

    def in_turn(self, session: Session, act: Callable[[Result], object]) -> Callable[[Result], None]:
        """Make `act` part of a session's turn: should it fail unforeseen, it is that session which ends."""

        def acting(result: Result) -> None:
            self._turn = session
            act(result)
            self._turn = None

        return acting

    def blame(self) -> bool:
        """End the session whose turn failed unforeseen, so that it harms nobody else; False where it was nobody's."""
        turn, self._turn = self._turn, None
        session = self._by_route.get(turn) if isinstance(turn, bytes) else turn
        if session is not None and not session.closed:
            self.end(session, FAILED)
        return turn is not None

    # What is said to them -------------------------------------------------------------------------

    def reply(self, session: Session, message: DaemonMessage) -> None:
        """Send a message to a client; one that cannot be reached will resume or be forgotten."""
        if session.route is not None:
            self._send_frames(session.route, [encode(message)])

    def refuse(self, session: Session, request: int, error: RoomtoneError) -> None:
        """Answer a request that failed after it was accepted."""
        if session.route is not None:
            self.answer_error(session.route, request, error)

    def answer_error(self, route: bytes, request: int, error: RoomtoneError) -> None:
        """Answer a request, or whatever came, with an error."""
        self._send_frames(route, (encode(error_reply(error, request)),))

    def send_block(self, session: Session, block: SentBlock) -> None:
        """Send a block of audio and what belongs to it; a client that goes away meanwhile gets it when it resumes."""
        for frames in block.messages:
            if session.route is not None:
                self._send_frames(session.route, frames)

    def _send_frames(self, route: bytes, frames: Sequence[bytes]) -> None:
        try:
            self._send(route, frames)
        except PeerSlowError:
            # Nothing more can be queued for it, a goodbye included: it will find out when it reads again.
            self._log.warning("client too slow")
            self.lost(route)
