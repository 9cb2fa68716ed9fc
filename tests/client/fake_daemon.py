"""A daemon by script: it speaks the protocol's happy path, and misbehaves exactly as a test asks it to."""

import threading
from collections.abc import Callable
from typing import Self

import numpy as np
import zmq

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.wire.codec import decode_client, encode
from roomtone.wire.messages import (
    Applied,
    Audio,
    ClientMessage,
    CloseLayer,
    CloseScene,
    Credit,
    DaemonMessage,
    Error,
    Hello,
    LayerClosed,
    LayerInfo,
    LayerOpened,
    Morph,
    OpenLayer,
    OpenScene,
    ParameterInfo,
    PlacementInfo,
    SceneClosed,
    SceneOpened,
    SceneResume,
    Set,
    StreamSlice,
    Welcome,
)

RAIN = ParameterInfo(name="rain", value=0.5, default=0.5, low=0.0, high=1.0, unit="", wraps=False)
LAYERS = (
    LayerInfo(name="street", channels=2, placement=PlacementInfo(kind="bed")),
    LayerInfo(name="thunder", channels=1, placement=PlacementInfo(kind="scatter", distance_m=(50.0, 400.0))),
)


def sound(first_frame: int, frames: int, channels: int) -> Samples:
    """What every stream plays: a slow sine that is known at every frame."""
    t = np.arange(first_frame, first_frame + frames, dtype=np.float64)[:, None] / 48_000.0
    return np.repeat(0.5 * np.sin(2.0 * np.pi * 110.0 * t), channels, axis=1).astype(np.float32)


class FakeDaemon:
    """Runs on a thread of its own; a test changes its attributes between requests and looks at `heard`.

    Attributes:
        heard: every message that came, in order.
        withheld: first frames of blocks that are never sent.
        silent: whether blocks carry no samples.
        refusals: message class -> the error that answers it, once.
        unanswered: message classes that are taken but not answered.
        mangle: changes a block's header and samples before they go.
    """

    def __init__(self) -> None:
        self.heard: list[ClientMessage] = []
        self.withheld: set[int] = set()
        self.silent = False
        self.refusals: dict[type, Error] = {}
        self.unanswered: set[type] = set()
        self.mangle: Callable[[Audio, bytes], tuple[Audio, bytes]] = lambda audio, pcm: (audio, pcm)
        self.sent: dict[int, tuple[bytes, bytes]] = {}
        self._orders: list[Callable[[], None]] = []
        self._done = threading.Event()
        self._ordered = threading.Event()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._bind(0)
        self.endpoint = f"tcp://127.0.0.1:{self._port}"
        self._thread = threading.Thread(target=self._run, name="fake-daemon")
        self._forget()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._socket.close(0)
        self._context.term()

    # What a test may do ---------------------------------------------------------------------------

    def hang_up(self, *, forget: bool = False) -> None:
        """Break every connection, and forget every session as a daemon that crashed would."""
        self._order(lambda: self._hang_up(forget=forget))

    def say(self, message: DaemonMessage) -> None:
        """Send something that nobody asked for."""
        self._order(lambda: self._send(message))

    def release(self, first_frame: int) -> None:
        """Send a block that was withheld."""
        self.withheld.remove(first_frame)
        self._order(lambda: self._send_block(first_frame))

    def count(self, kind: type) -> int:
        """Say how many messages of a kind have come."""
        return sum(isinstance(message, kind) for message in self.heard)

    def stream(self) -> int:
        """Name the first open stream."""
        return next(iter(self.streams))

    # Its own thread -------------------------------------------------------------------------------

    def _order(self, order: Callable[[], None]) -> None:
        self._ordered.clear()
        self._orders.append(order)
        assert self._ordered.wait(5)

    def _bind(self, port: int) -> None:
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.setsockopt(zmq.LINGER, 0)
        # The port of a socket that was just closed is free a moment later.
        for _ in range(200):
            try:
                self._socket.bind(f"tcp://127.0.0.1:{port or '*'}")
                break
            except zmq.ZMQError:
                threading.Event().wait(0.01)
        self._port = int(self._socket.getsockopt(zmq.LAST_ENDPOINT).rsplit(b":", 1)[1].rstrip(b"\0"))

    def _hang_up(self, *, forget: bool) -> None:
        self._socket.close(0)
        if forget:
            self._forget()
        self._bind(self._port)

    def _forget(self) -> None:
        self._route = b""
        self._secret = ""
        self._handles = 0 if not hasattr(self, "_handles") else self._handles + 100
        self._scene = 0
        self._next_frame = 0
        self._resending = False
        self.streams: dict[int, LayerOpened] = {}
        self.sent.clear()

    def _run(self) -> None:
        while not self._done.is_set():
            if self._socket.poll(5):
                self._route, frame = self._socket.recv_multipart()
                message = decode_client(frame)
                self.heard.append(message)
                self._answer(message)
            while self._orders:
                self._orders.pop(0)()
                self._ordered.set()

    def _send(self, message: DaemonMessage, pcm: bytes | None = None) -> None:
        self._socket.send_multipart([self._route, encode(message), *([] if pcm is None else [pcm])])

    def _answer(self, message: ClientMessage) -> None:
        if type(message) in self.unanswered:
            return
        if type(message) in self.refusals:
            error = self.refusals.pop(type(message))
            self._send(Error(id=message.id, code=error.code, what=error.what, at=error.at, fix=error.fix))
            return
        match message:
            case Hello():
                self._hello(message)
            case OpenScene():
                self._scene, self._next_frame = self._handle(), message.first_frame
                self._send(_opened(message, self._scene))
            case OpenLayer():
                self._open_layer(message)
            case Set() | Morph():
                self._send(Applied(id=message.id, scene=self._scene, at_frame=self._next_frame))
            case Credit():
                self._credit(message)
            case CloseScene():
                self._send(SceneClosed(id=message.id, scene=message.scene))
            case CloseLayer():
                self.streams.pop(message.stream, None)
                self._send(LayerClosed(id=message.id, stream=message.stream, end_frame=self._next_frame))

    def _handle(self) -> int:
        self._handles += 1
        return self._handles

    def _hello(self, hello: Hello) -> None:
        resumed = bool(self._secret) and hello.session == self._secret
        self._secret = self._secret if resumed else f"secret-{self._handle()}"
        self._resending = resumed
        resume = SceneResume(
            scene=self._scene, name="yard", next_frame=self._next_frame, streams=tuple(self.streams)
        )
        self._send(
            Welcome(
                id=hello.id,
                version=1,
                server="fake",
                session=self._secret,
                resumed=resumed,
                rate_hz=48_000,
                block_frames=BLOCK_FRAMES,
                max_ahead_frames=96_000,
                linger_s=15.0,
                scenes=("yard",),
                scenes_open=(resume,) if resumed and self._scene else (),
            )
        )

    def _open_layer(self, message: OpenLayer) -> None:
        info = next(info for info in LAYERS if info.name == message.layer)
        opened = LayerOpened(
            id=message.id,
            scene=self._scene,
            stream=self._handle(),
            layer=message.layer,
            format=message.format,
            channels=message.channels or info.channels,
            first_frame=self._next_frame,
        )
        self.streams[opened.stream] = opened
        self._send(opened)

    def _credit(self, credit: Credit) -> None:
        if self._resending:
            self._resending = False
            for first_frame in sorted(self.sent):
                if first_frame >= credit.received_frame:
                    self._socket.send_multipart([self._route, *self.sent[first_frame]])
        while self._next_frame + 2 * BLOCK_FRAMES <= credit.until_frame:
            self._send_block(self._next_frame)
            self._next_frame += BLOCK_FRAMES

    def _send_block(self, first_frame: int) -> None:
        pieces, slices, offset = [], [], 0
        for stream in self.streams.values():
            samples = sound(first_frame, BLOCK_FRAMES, stream.channels)
            whole = np.rint(samples * 32767.0).astype("<i2") if stream.format == "s16" else samples
            piece = b"" if self.silent else whole.tobytes()
            slices.append(StreamSlice(stream.stream, offset, len(piece)))
            pieces.append(piece)
            offset += len(piece)
        audio = Audio(scene=self._scene, first_frame=first_frame, frames=BLOCK_FRAMES, streams=tuple(slices))
        audio, pcm = self.mangle(audio, b"".join(pieces))
        self.sent[first_frame] = (encode(audio), pcm)
        if first_frame not in self.withheld:
            self._send(audio, pcm)


def _opened(message: OpenScene, handle: int) -> SceneOpened:
    return SceneOpened(
        id=message.id,
        scene=handle,
        name=message.name,
        first_frame=message.first_frame,
        parameters=(RAIN,),
        moods=("storm",),
        layers=LAYERS,
        neighbours=(),
    )
