"""All clients of one daemon: sessions begin, resume, starve and end here. No sockets; time comes in as a clock."""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.errors import RoomtoneError, SceneErrors, WireError
from roomtone.layers.sources import Playing, start_source
from roomtone.scene.model import Scene
from roomtone.server.library import SceneLibrary
from roomtone.server.replies import REPLIES
from roomtone.server.session import MOST_OFFENCES, SILENT_S, Session
from roomtone.server.stage import Stage
from roomtone.server.workshop import Workshop
from roomtone.stream.credit import MAX_AHEAD_FRAMES
from roomtone.stream.outbox import SentBlock
from roomtone.wire.codec import decode_client, encode
from roomtone.wire.messages import (
    PROTOCOL_VERSION,
    Bye,
    DaemonMessage,
    Error,
    Hello,
    SceneResume,
    Welcome,
)

Send = Callable[[bytes, Sequence[bytes]], None]
"""Hand frames to a route. Raises `PeerGoneError` or `PeerSlowError`."""

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
        self._by_route: dict[bytes, Session] = {}
        self._by_secret: dict[str, Session] = {}
        self._draining = False

    # What comes in --------------------------------------------------------------------------------

    def receive(self, route: bytes, frames: Sequence[bytes]) -> None:
        """Act on one message. Whatever it holds, nothing but a reply or a disconnection comes of it."""
        session = self._by_route.get(route)
        try:
            message = decode_client(_only_frame(frames))
        except WireError as error:
            self._refuse(route, session, _NOBODY, error)
            return
        request = getattr(message, "id", _NOBODY)
        try:
            if isinstance(message, Hello):
                self._hello(route, message)
            else:
                self._dispatch(session, message)
        except RoomtoneError as error:
            self._refuse(route, self._by_route.get(route), request, error)

    def _dispatch(self, session: Session | None, message: Any) -> None:
        if session is None:
            raise WireError(
                "session.hello-first",
                what="this connection has no session",
                fix="say hello before anything else",
            )
        session.heard_s = self.clock()
        REPLIES[type(message)](self, session, message)

    def _refuse(self, route: bytes, session: Session | None, request: int, error: RoomtoneError) -> None:
        self._send_frames(
            route, [encode(Error(id=request, code=error.code, what=error.what, at=error.at, fix=error.fix))]
        )
        if session is None:
            return
        session.offences += 1
        if session.offences > MOST_OFFENCES:
            self.end(session, f"{MOST_OFFENCES} messages were refused; the last: {error}")

    def _hello(self, route: bytes, hello: Hello) -> None:
        self._check_hello(hello)
        stale = self._by_route.get(route)
        session = self._by_secret.get(hello.session) if hello.session else None
        if stale is not None and stale is not session:
            self.end(stale, "a new hello on the same connection")
        resumed = session is not None
        if session is None:
            session = self._begin(hello)
        elif session.route is not None:
            self._by_route.pop(session.route, None)
        session.route, session.heard_s = route, self.clock()
        self._by_route[route] = session
        self.log.info("client resumed" if resumed else "client connected", client=session.client)
        self.reply(session, self._welcome(hello, session, resumed=resumed))

    def _check_hello(self, hello: Hello) -> None:
        if PROTOCOL_VERSION not in hello.versions:
            raise WireError(
                "session.no-common-version",
                what=f"this daemon speaks version {PROTOCOL_VERSION}, the client {list(hello.versions)}",
                fix="update the older of the two",
            )
        if not hmac.compare_digest(hello.token.encode(), self.options.token.encode()):
            raise WireError(
                "session.wrong-token",
                what="the access token is wrong",
                fix="give the daemon's token to the client",
            )
        if self._draining:
            raise WireError("session.draining", what="the daemon is shutting down", fix="connect again later")

    def _begin(self, hello: Hello) -> Session:
        if len(self._by_secret) >= self.options.max_clients:
            raise WireError(
                "session.too-many-clients",
                what=f"{self.options.max_clients} clients are served already",
                fix="close one, or start the daemon with a larger --max-clients",
            )
        session = Session(client=hello.client, route=None, heard_s=self.clock())
        self._by_secret[session.secret] = session
        return session

    def _welcome(self, hello: Hello, session: Session, *, resumed: bool) -> Welcome:
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
            scenes=self.library.names(),
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
            self._refuse(session.route, session, request, error)

    def send_block(self, session: Session, block: SentBlock) -> None:
        """Send a block of audio."""
        if session.route is not None:
            self._send_frames(session.route, [block.header, block.pcm])

    def _send_frames(self, route: bytes, frames: Sequence[bytes]) -> None:
        try:
            self._send(route, frames)
        except PeerGoneError:
            self._lose(route)
        except PeerSlowError:
            self._drop_slow(route)

    def _lose(self, route: bytes) -> None:
        session = self._by_route.pop(route, None)
        if session is not None:
            session.route = None
            self.log.info("client lost", client=session.client, lingers_s=self.options.linger_s)

    def _drop_slow(self, route: bytes) -> None:
        session = self._by_route.get(route)
        if session is not None:
            self.log.warning("client too slow", client=session.client)
            session.route = None
            self._by_route.pop(route)
            self.end(session, "the client does not take what it has asked for")

    # What time brings -----------------------------------------------------------------------------

    def produce(self) -> bool:
        """Send one block of every scene that is due, so that no client waits for another; say whether more is due."""
        more = False
        for session in list(self._by_route.values()):
            for stage in list(session.stages.values()):
                if session.route is not None and stage.due():
                    stage.produce(self.clock, partial(self.send_block, session), partial(self.reply, session))
                    more = more or stage.due()
        return more

    def expire(self) -> None:
        """Let go of clients that have been silent for too long."""
        now_s = self.clock()
        for session in list(self._by_secret.values()):
            if session.route is not None and now_s - session.heard_s > SILENT_S:
                self._lose(session.route)
            if session.route is None and now_s - session.heard_s > SILENT_S + self.options.linger_s:
                self.end(session, "silent for too long")

    def end(self, session: Session, reason: str) -> None:
        """End a session."""
        self.log.info("session ended", client=session.client, reason=reason)
        session.closed = True
        self._by_secret.pop(session.secret, None)
        if session.route is not None:
            route, session.route = session.route, None
            self._by_route.pop(route, None)
            self._send_frames(route, [encode(Bye(reason=reason[:200]))])

    def drain(self) -> None:
        """Say goodbye to everyone and take nobody new."""
        self._draining = True
        for session in list(self._by_secret.values()):
            self.end(session, "the daemon is shutting down")

    # Scenes that are edited -----------------------------------------------------------------------

    def reload_all(self) -> None:
        """Read every open scene again."""
        for name in {stage.scene.name for _, stage in self._stages()}:
            self.reload(name)

    def file_changed(self, path: Path) -> None:
        """A scene's file was written or removed."""
        if self.library.good(path.stem) is not None:
            self.reload(path.stem)

    def reload(self, name: str) -> None:
        """Read a scene again; a broken file changes nothing but is told to everyone."""
        self.workshop.submit(
            partial(self.library.load, name), self._reloaded, partial(self._cannot_reload, name)
        )

    def _reloaded(self, scene: Scene) -> None:
        if self.library.good(scene.name) == scene:
            return
        self.library.keep(scene)
        self.log.info("scene reloaded", scene=scene.name)
        for session, stage in self._stages():
            if stage.scene.name == scene.name:
                self._replace(session, stage, scene, {})

    def _replace(self, session: Session, stage: Stage, scene: Scene, sources: dict[str, Playing]) -> None:
        """Apply an edit to one stage once all the sources that it needs are there."""
        if session.closed or self.library.good(scene.name) is not scene:
            return
        missing = [name for name in stage.performance.sources_to_start(scene) if name not in sources]
        if not missing:
            stage.replace(scene, sources, partial(self.reply, session))
            return
        seed = stage.performance.seed
        self.workshop.submit(
            lambda: {name: start_source(scene, name, seed=seed) for name in missing},
            lambda made: self._replace(session, stage, scene, sources | made),
            partial(self._cannot_reload, scene.name),
        )

    def _cannot_reload(self, name: str, error: RoomtoneError) -> None:
        mistakes = error.errors if isinstance(error, SceneErrors) else (error,)
        for mistake in mistakes:
            self.log.error("scene not reloaded", scene=name, code=mistake.code, error=str(mistake))
            for session in list(self._by_route.values()):
                self.reply(
                    session,
                    Error(id=_NOBODY, code=mistake.code, what=mistake.what, at=mistake.at, fix=mistake.fix),
                )

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
        raise WireError(
            "wire.frame-count",
            what=f"a message of {len(frames)} frames",
            fix="send one frame with one message",
        )
    return frames[0]
