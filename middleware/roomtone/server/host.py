"""The daemon without its sockets: takes messages in, performs what is due. Time comes in as a clock."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.errors import RoomtoneError, WireError
from roomtone.layers.banks import BankRoom
from roomtone.server.edits import Edits
from roomtone.server.house import House
from roomtone.server.library import SceneLibrary
from roomtone.server.register import BAD_MESSAGES, SHUTDOWN, Register, Send
from roomtone.server.replies import REPLIES
from roomtone.server.session import MOST_OFFENCES, Session
from roomtone.server.stage import Stage
from roomtone.server.workshop import Workshop
from roomtone.stream.credit import MAX_AHEAD_FRAMES
from roomtone.wire.codec import decode_client
from roomtone.wire.messages import PROTOCOL_VERSION, ClientMessage, Hello, SceneResume, Welcome
from roomtone.wire.refusal import BadMessageError

_NOBODY: Final = 0


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
        banks: where the clips of prompts are; None leaves prompts to their stand-ins.
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
        banks: BankRoom | None = None,
    ) -> None:
        self._log = log
        self._options = options
        self._interrupted = interrupted
        self.register = Register(send=send, clock=clock, log=log, linger_s=options.linger_s)
        self.edits = Edits(library, workshop, self.register, log, banks=banks)
        self._house = House(
            library=library,
            workshop=workshop,
            register=self.register,
            edits=self.edits,
            banks=banks,
            clock=clock,
            started_s=clock(),
        )

    # What comes in --------------------------------------------------------------------------------

    def receive(self, route: bytes, frames: Sequence[bytes]) -> None:
        """Act on one message. Whatever it holds, nothing but a reply or a disconnection comes of it."""
        session = self.register.at(route)
        self.register.take_turn(session or route)
        try:
            message = decode_client(_only_frame(frames))
        except BadMessageError as error:
            self.register.answer_error(route, _NOBODY, error)
            self._count_offence(session)
        else:
            self._act(route, session, message)
        self.register.take_turn(None)

    def _act(self, route: bytes, session: Session | None, message: ClientMessage) -> None:
        try:
            if isinstance(message, Hello):
                self._hello(route, session, message)
            else:
                self._dispatch(session, message)
        except RoomtoneError as error:
            self.register.answer_error(route, getattr(message, "id", _NOBODY), error)

    def _dispatch(self, session: Session | None, message: Any) -> None:
        if session is None:
            raise WireError(
                "session.hello-first",
                what="this connection has no session",
                fix="say hello before anything else",
            )
        session.heard_s = self._house.clock()
        REPLIES[type(message)](self._house, session, message)

    def _count_offence(self, session: Session | None) -> None:
        if session is None:
            return
        session.offences += 1
        if session.offences > MOST_OFFENCES:
            self.register.end(session, BAD_MESSAGES)

    def _hello(self, route: bytes, session: Session | None, hello: Hello) -> None:
        if session is not None:
            raise WireError(
                "session.already-open",
                what="this connection has a session",
                fix="say bye first, or use another connection",
            )
        self._check_hello(hello)
        scenes = self._house.library.names()
        known = self.register.known(hello.session)
        session = known or self._begin(hello)
        self.register.attach(route, session)
        self._log.info("client resumed" if known else "client connected", client=session.client)
        self.register.reply(session, self._welcome(hello, session, scenes, resumed=known is not None))
        for stage in session.stages.values():
            missed = stage.missed_change()
            if missed is not None:
                self.register.reply(session, missed)

    def _check_hello(self, hello: Hello) -> None:
        if PROTOCOL_VERSION not in hello.versions:
            raise WireError(
                "session.no-common-version",
                what=f"this daemon speaks version {PROTOCOL_VERSION}, the client {list(hello.versions)}",
                fix="update the older of the two",
            )
        if not hmac.compare_digest(hello.token.encode(), self._options.token.encode()):
            raise WireError(
                "session.bad-token",
                what="the access token is wrong",
                fix="give the daemon's token to the client",
            )
        self._house.check_open()

    def _begin(self, hello: Hello) -> Session:
        if len(self.register.everyone()) >= self._options.max_clients:
            raise WireError(
                "session.too-many",
                what=f"{self._options.max_clients} clients are served already",
                fix="close one, or start the daemon with a larger --max-clients",
            )
        session = Session(client=hello.client, route=None, heard_s=self._house.clock())
        self.register.add(session)
        return session

    def _welcome(self, hello: Hello, session: Session, scenes: tuple[str, ...], *, resumed: bool) -> Welcome:
        return Welcome(
            id=hello.id,
            version=PROTOCOL_VERSION,
            server=self._options.server,
            session=session.secret,
            resumed=resumed,
            rate_hz=SAMPLE_RATE_HZ,
            block_frames=BLOCK_FRAMES,
            max_ahead_frames=MAX_AHEAD_FRAMES,
            linger_s=self._options.linger_s,
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

    # What time brings -----------------------------------------------------------------------------

    def produce(self) -> bool:
        """Perform for every client that is due, first where a parameter has moved; say whether more is due."""
        more = False
        turns = [(session, session.next_due()) for session in self.register.connected()]
        turns.sort(key=lambda turn: turn[1] is None or not turn[1].hurries)
        for session, stage in turns:
            if stage is not None and session.route is not None:
                self.register.take_turn(session)
                self._produce(session, stage)
                more = more or session.next_due() is not None
        self.register.take_turn(None)
        return more

    def _produce(self, session: Session, stage: Stage) -> None:
        stage.produce(
            self._house.clock,
            partial(self.register.send_block, session),
            partial(self.register.reply, session),
            self._interrupted,
        )

    def drain(self) -> None:
        """Send what is granted, say goodbye to everyone, and take nobody new."""
        self._house.draining = True
        for session, stage in self.register.stages():
            stage.credit.hurry()
            while session.route is not None and stage.due():
                self._produce(session, stage)
                stage.credit.hurry()
        for session in self.register.everyone():
            self.register.end(session, SHUTDOWN)


def _only_frame(frames: Sequence[bytes]) -> bytes:
    if len(frames) != 1:
        what = f"a message of {len(frames)} frames"
        raise BadMessageError("wire.bad-frames", what=what, fix="send one frame with one message")
    return frames[0]
