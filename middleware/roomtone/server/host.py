"""All clients of one daemon: sessions begin, resume, starve and end here. No sockets; time comes in as a clock."""

import hmac
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.errors import RoomtoneError, SceneErrors, WireError
from roomtone.layers.sources import Playing, start_source
from roomtone.scene.model import Scene
from roomtone.server.library import SceneLibrary
from roomtone.server.replies import REPLIES
from roomtone.server.session import IDLE_S, MOST_OFFENCES, Session
from roomtone.server.stage import Stage
from roomtone.server.workshop import Workshop
from roomtone.stream.credit import MAX_AHEAD_FRAMES
from roomtone.stream.outbox import SentBlock
from roomtone.wire.codec import decode_client, encode
from roomtone.wire.messages import (
    PROTOCOL_VERSION,
    Bye,
    ClientMessage,
    DaemonMessage,
    Hello,
    SceneResume,
    Welcome,
)
from roomtone.wire.refusal import BadMessageError, error_reply

Result = TypeVar("Result")
Send = Callable[[bytes, Sequence[bytes]], None]
"""Hand frames to a route. Raises `PeerGoneError` or `PeerSlowError`."""

# Why a session ends, in the words of the protocol.
SHUTDOWN: Final = "shutdown"
RESUMED_ELSEWHERE: Final = "resumed-elsewhere"
BAD_MESSAGES: Final = "bad-messages"
IDLE: Final = "idle"
FAILED: Final = "failed"

_NOBODY: Final = 0


class PeerGoneError(Exception):
    """Nothing is connected under that route."""


class PeerSlowError(Exception):
    """The peer does not take what it has asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostOptions:
    """What a host is told once."""

    server: str
    token: str
    linger_s: float
    max_clients: int


class Host:
    """The daemon without its sockets. Everything here runs on the loop's thread.

    Args:
        library: the scenes.
        send: how frames leave.
        clock: monotonic seconds.
        interrupted: whether a message waits; asked after every layer, so it must be cheap.
        workshop: where slow work is done.
        log: structured logger.
        options: see `HostOptions`.
    """

    def __init__(
        self,
        library: SceneLibrary,
        *,
        send: Send,
        clock: Callable[[], float],
        interrupted: Callable[[], bool],
        workshop: Workshop,
        log: Any,
        options: HostOptions,
    ) -> None:
        self.library = library
        self.clock = clock
        self.workshop = workshop
        self.log = log
        self.options = options
        self.started_s = clock()
        self._send = send
        self._interrupted = interrupted
        self._by_route: dict[bytes, Session] = {}
        self._by_secret: dict[str, Session] = {}
        self._draining = False
        self._edited: deque[tuple[Session, Stage]] = deque()
        self._turn: Session | bytes | None = None

    # What comes in --------------------------------------------------------------------------------

    def receive(self, route: bytes, frames: Sequence[bytes]) -> None:
        """Act on one message. Whatever it holds, nothing but a reply or a disconnection comes of it."""
        session = self._by_route.get(route)
        self._turn = session or route
        try:
            message = decode_client(_only_frame(frames))
        except BadMessageError as error:
            self._answer_error(route, _NOBODY, error)
            self._count_offence(session)
        else:
            self._act(route, session, message)
        self._turn = None

    def _act(self, route: bytes, session: Session | None, message: ClientMessage) -> None:
        try:
            if isinstance(message, Hello):
                self._hello(route, session, message)
            else:
                self._dispatch(session, message)
        except RoomtoneError as error:
            self._answer_error(route, getattr(message, "id", _NOBODY), error)

    def is_client(self, route: bytes) -> bool:
        """Whether a connection has a session."""
        return route in self._by_route

    def lost(self, route: bytes) -> None:
        """A connection ended: its session waits for the client to come back, if it has anything to come back to."""
        session = self._detach(route)
        if session is None:
            return
        self.log.info("client lost", client=session.client, lingers_s=self.options.linger_s)
        if not session.stages:
            self.forget(session, "nothing was open")

    def _detach(self, route: bytes) -> Session | None:
        session = self._by_route.pop(route, None)
        if session is not None:
            session.route, session.lost_s = None, self.clock()
            for stage in session.stages.values():
                stage.detach()
        return session

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

    def _dispatch(self, session: Session | None, message: Any) -> None:
        if session is None:
            raise WireError(
                "session.hello-first",
                what="this connection has no session",
                fix="say hello before anything else",
            )
        session.heard_s = self.clock()
        REPLIES[type(message)](self, session, message)

    def _count_offence(self, session: Session | None) -> None:
        if session is None:
            return
        session.offences += 1
        if session.offences > MOST_OFFENCES:
            self.end(session, BAD_MESSAGES)

    def _hello(self, route: bytes, session: Session | None, hello: Hello) -> None:
        if session is not None:
            raise WireError(
                "session.already-open",
                what="this connection has a session",
                fix="say bye first, or use another connection",
            )
        self._check_hello(hello)
        scenes = self.library.names()
        known = self._by_secret.get(hello.session) if hello.session else None
        if known is None:
            known = self._begin(hello)
            self._attach(route, known)
            self.log.info("client connected", client=known.client)
            self.reply(known, self._welcome(hello, known, scenes, resumed=False))
            return
        self._take_over(known)
        self._attach(route, known)
        self.log.info("client resumed", client=known.client)
        self.reply(known, self._welcome(hello, known, scenes, resumed=True))
        for stage in known.stages.values():
            missed = stage.missed_change()
            if missed is not None:
                self.reply(known, missed)

    def _attach(self, route: bytes, session: Session) -> None:
        session.route, session.heard_s = route, self.clock()
        self._by_route[route] = session

    def _take_over(self, session: Session) -> None:
        """The secret was named on another connection: that one counts from now on."""
        if session.route is not None:
            old = session.route
            self._detach(old)
            self._send_frames(old, (encode(Bye(reason=RESUMED_ELSEWHERE)),))

    def _check_hello(self, hello: Hello) -> None:
        if PROTOCOL_VERSION not in hello.versions:
            raise WireError(
                "session.no-common-version",
                what=f"this daemon speaks version {PROTOCOL_VERSION}, the client {list(hello.versions)}",
                fix="update the older of the two",
            )
        if not hmac.compare_digest(hello.token.encode(), self.options.token.encode()):
            raise WireError(
                "session.bad-token",
                what="the access token is wrong",
                fix="give the daemon's token to the client",
            )
        self.check_open()

    def check_open(self) -> None:
        """Refuse to begin anything new while the daemon is about to stop.

        Raises:
            WireError: `session.draining`.
        """
        if self._draining:
            raise WireError("session.draining", what="the daemon is shutting down", fix="connect again later")

    def _begin(self, hello: Hello) -> Session:
        if len(self._by_secret) >= self.options.max_clients:
            raise WireError(
                "session.too-many",
                what=f"{self.options.max_clients} clients are served already",
                fix="close one, or start the daemon with a larger --max-clients",
            )
        session = Session(client=hello.client, route=None, heard_s=self.clock())
        self._by_secret[session.secret] = session
        return session

    def _welcome(self, hello: Hello, session: Session, scenes: tuple[str, ...], *, resumed: bool) -> Welcome:
        return Welcome(
            id=hello.id,
            version=PROTOCOL_VERSION,
            server=self.options.server,
            session=session.secret,
            resumed=resumed,
            rate_hz=SAMPLE_RATE_HZ,
            block_frames=BLOCK_FRAMES,
            max_ahead_frames=MAX_AHEAD_FRAMES,
            linger_s=self.options.linger_s,
            scenes=scenes,
            scenes_open=tuple(
                SceneResume(
                    scene=stage.handle,
                    name=stage.scene.name,
                    next_frame=stage.resume(),
                    streams=tuple(stage.streams),
                )
                for stage in session.stages.values()
            ),
        )

    # What goes out --------------------------------------------------------------------------------

    def reply(self, session: Session, message: DaemonMessage) -> None:
        """Send a message to a client; one that cannot be reached will resume or be forgotten."""
        if session.route is not None:
            self._send_frames(session.route, [encode(message)])

    def refuse(self, session: Session, request: int, error: RoomtoneError) -> None:
        """Answer a request that failed after it was accepted."""
        if session.route is not None:
            self._answer_error(session.route, request, error)

    def _answer_error(self, route: bytes, request: int, error: RoomtoneError) -> None:
        self._send_frames(route, (encode(error_reply(error, request)),))

    def send_block(self, session: Session, block: SentBlock) -> None:
        """Send a block of audio and what belongs to it; a client that goes away meanwhile gets it when it resumes."""
        for frames in block.messages:
            if session.route is not None:
                self._send_frames(session.route, frames)

    def _send_frames(self, route: bytes, frames: Sequence[bytes]) -> None:
        try:
            self._send(route, frames)
        except PeerGoneError:
            self.lost(route)
        except PeerSlowError:
            # Nothing more can be queued for it, a goodbye included: it will find out when it reads again.
            self.log.warning("client too slow")
            self.lost(route)

    # What time brings -----------------------------------------------------------------------------

    def produce(self) -> bool:
        """Perform for every client that is due, first where a parameter has moved; say whether more is due."""
        more = False
        turns = [(session, session.next_due()) for session in list(self._by_route.values())]
        turns.sort(key=lambda turn: turn[1] is None or not turn[1].hurries)
        for session, stage in turns:
            if stage is not None and session.route is not None:
                self._turn = session
                self._produce(session, stage)
                more = more or session.next_due() is not None
        self._turn = None
        return more

    def _produce(self, session: Session, stage: Stage) -> None:
        stage.produce(
            self.clock, partial(self.send_block, session), partial(self.reply, session), self._interrupted
        )

    def expire(self) -> None:
        """Let go of clients that did not come back, and of those that have said nothing for an hour."""
        now_s = self.clock()
        for session in list(self._by_secret.values()):
            if session.route is None and now_s - session.lost_s > self.options.linger_s:
                self.forget(session, "it did not come back")
            elif session.route is not None and now_s - session.heard_s > IDLE_S:
                self.end(session, IDLE)

    def end(self, session: Session, reason: str) -> None:
        """End a session and tell the client why, in one of the protocol's words."""
        self.reply(session, Bye(reason=reason))
        self.forget(session, reason)

    def forget(self, session: Session, why: str) -> None:
        """Drop a session and all that it has open."""
        self.log.info("session ended", client=session.client, why=why)
        session.closed = True
        self._by_secret.pop(session.secret, None)
        if session.route is not None:
            self._by_route.pop(session.route, None)
            session.route = None

    def drain(self) -> None:
        """Send what is granted, say goodbye to everyone, and take nobody new."""
        self._draining = True
        for session, stage in self._stages():
            stage.credit.hurry()
            while session.route is not None and stage.due():
                self._produce(session, stage)
                stage.credit.hurry()
        for session in list(self._by_secret.values()):
            self.end(session, SHUTDOWN)

    # Scenes that are edited -----------------------------------------------------------------------

    def reload_all(self) -> None:
        """Read every scene again that was read."""
        for name in self.library.known():
            self.reload(name)

    def file_changed(self, path: Path) -> None:
        """A scene's file was written or removed."""
        if self.library.good(path.stem) is not None:
            self.reload(path.stem)

    def reload(self, name: str) -> None:
        """Read a scene again; a broken file changes nothing but is told to everyone."""
        self.workshop.submit(
            partial(self.library.load, name), self.keep_scene, partial(self._cannot_reload, name)
        )

    def keep_scene(self, scene: Scene) -> Scene:
        """Take what a file says now for the good version; every stage that performs another one is to follow it."""
        good = self.library.good(scene.name)
        if good == scene:
            return good
        self.library.keep(scene)
        if good is not None:
            self.log.info("scene reloaded", scene=scene.name)
        self._edited.extend(
            (session, stage) for session, stage in self._stages() if stage.scene.name == scene.name
        )
        return scene

    def catch_up(self) -> None:
        """Act on finished work, and let the stages follow what was edited, each in its session's turn."""
        self.workshop.collect()
        while self._edited:
            session, stage = self._edited.popleft()
            scene = self.library.good(stage.scene.name)
            assert scene is not None
            self.in_turn(session, partial(self._replace, session, stage, scene))({})

    def _replace(self, session: Session, stage: Stage, scene: Scene, sources: dict[str, Playing]) -> None:
        """Apply an edit to one stage once all the sources that it needs are there."""
        if not session.performs(stage) or self.library.good(scene.name) is not scene:
            return
        missing = [name for name in stage.performance.sources_to_start(scene) if name not in sources]
        if not missing:
            stage.replace(scene, sources, partial(self.send_block, session), partial(self.reply, session))
            return
        seed = stage.performance.seed
        self.workshop.submit(
            lambda: {name: start_source(scene, name, seed=seed) for name in missing},
            self.in_turn(session, lambda made: self._replace(session, stage, scene, sources | made)),
            partial(self._cannot_reload, scene.name),
        )

    def _cannot_reload(self, name: str, error: RoomtoneError) -> None:
        mistakes = error.errors if isinstance(error, SceneErrors) else (error,)
        for mistake in mistakes:
            self.log.error("scene not reloaded", scene=name, code=mistake.code, error=str(mistake))
            for session in list(self._by_route.values()):
                self.reply(session, error_reply(mistake))

    def _stages(self) -> Iterator[tuple[Session, Stage]]:
        for session in list(self._by_secret.values()):
            for stage in list(session.stages.values()):
                yield session, stage

    # Figures --------------------------------------------------------------------------------------

    @property
    def clients(self) -> int:
        """How many sessions there are, lingering ones included."""
        return len(self._by_secret)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return sum(len(stage.streams) for _, stage in self._stages())


def _only_frame(frames: Sequence[bytes]) -> bytes:
    if len(frames) != 1:
        what = f"a message of {len(frames)} frames"
        raise BadMessageError("wire.bad-frames", what=what, fix="send one frame with one message")
    return frames[0]
