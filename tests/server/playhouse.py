"""A host without sockets or threads: its peers are objects, its clock stands still, its workshop works when told."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roomtone.audio import BLOCK_FRAMES
from roomtone.errors import RoomtoneError
from roomtone.layers.banks import BankRoom
from roomtone.server.host import Host, HostOptions
from roomtone.server.library import SceneLibrary
from roomtone.server.register import PeerSlowError
from roomtone.server.workshop import settle
from roomtone.wire.codec import decode_daemon, encode
from roomtone.wire.messages import (
    Audio,
    Credit,
    DaemonMessage,
    Error,
    Hello,
    LayerOpened,
    Message,
    OpenLayer,
    OpenScene,
    SceneOpened,
    Welcome,
)

YARD = """\
scene: yard
seed: 5
parameters:
  rain: {default: 0.6, rise_s: 0.5, fall_s: 0.5}
  level: {default: 1, rise_s: 0.05, fall_s: 0.05}
moods:
  storm: {rain: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}}
  wind: {synth: wind, controls: {strength: level}}
  sky:
    synth: thunder
    placement: {kind: scatter, every_s: [0.1, 0.3], distance_m: [50, 400]}
"""
BROKEN = YARD.replace("synth: wind", "synth: wnid")


class HandWorkshop:
    """Does its jobs when `work` is called."""

    def __init__(self, log: Any) -> None:
        self.jobs: deque[
            tuple[Callable[[], Any], Callable[[Any], object], Callable[[RoomtoneError], None]]
        ] = deque()
        self._log = log

    def submit(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], object],
        failed: Callable[[RoomtoneError], None],
    ) -> None:
        self.jobs.append((job, done, failed))

    def work(self) -> None:
        job, done, failed = self.jobs.popleft()
        ended: Future[Any] = Future()
        try:
            ended.set_result(job())
        except Exception as error:  # as a pool's thread does
            ended.set_exception(error)
        settle(ended, done, failed, self._log)

    def collect(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Log:
    """Keeps what is said."""

    said: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda event, **more: self.said.append((level, event, more))

    def events(self) -> list[str]:
        return [event for _, event, _ in self.said]


class Playhouse:
    """The host and its peers."""

    def __init__(
        self,
        scenes_dir: Path,
        *,
        token: str = "",
        linger_s: float = 15.0,
        max_clients: int = 4,
        banks: BankRoom | None = None,
    ) -> None:
        self.scenes_dir = scenes_dir
        self.now_s = 100.0
        # Whether a message arrives after every layer that is played.
        self.interrupts = False
        self.log = Log()
        self.workshop = HandWorkshop(self.log)
        self.peers: dict[bytes, Peer] = {}
        self.gone: list[bytes] = []
        self.sent: list[tuple[bytes, DaemonMessage]] = []
        self.library = SceneLibrary(scenes_dir)
        self.host = Host(
            self.library,
            send=self._send,
            clock=lambda: self.now_s,
            interrupted=lambda: self.interrupts,
            workshop=self.workshop,
            log=self.log,
            options=HostOptions(server="roomtone 0", token=token, linger_s=linger_s, max_clients=max_clients),
            banks=banks,
        )

    def _send(self, route: bytes, frames: Sequence[bytes]) -> None:
        peer = self.peers.get(route)
        if peer is None or not peer.connected:
            self.gone.append(route)
            return
        if peer.full:
            raise PeerSlowError
        if peer.breaks_after is not None:
            peer.breaks_after -= 1
            if peer.breaks_after < 0:
                peer.connected = False
                self.gone.append(route)
                return
        message = decode_daemon(frames[0])
        assert len(frames) == (2 if isinstance(message, Audio) else 1)
        self.sent.append((route, message))
        peer.arrived.append((message, tuple(frames)))

    def peer(self) -> "Peer":
        peer = Peer(self, f"route {len(self.peers)}".encode())
        self.peers[peer.route] = peer
        return peer

    def client(self, **hello: Any) -> "Peer":
        """A peer that has a session."""
        peer = self.peer()
        peer.hello(**hello)
        return peer

    def produce(self) -> None:
        """Let the host send all that is due."""
        more = True
        while more:
            more = self.host.produce()
            self.lose()

    def lose(self) -> None:
        """Tell the host who has gone, as the router does once all that they said is heard."""
        while self.gone:
            self.host.register.lost(self.gone.pop())

    def work(self) -> None:
        """Let the workshop finish everything, and the host act on it."""
        self.host.edits.catch_up()
        while self.workshop.jobs:
            self.workshop.work()
            self.host.edits.catch_up()

    def edit(self, text: str, name: str = "yard") -> None:
        path = self.scenes_dir / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        self.host.edits.file_changed(path)


class Peer:
    """A connection as the client sees it."""

    def __init__(self, house: Playhouse, route: bytes) -> None:
        self.house, self.route = house, route
        self.connected, self.full = True, False
        self.breaks_after: int | None = None
        self.arrived: list[tuple[DaemonMessage, tuple[bytes, ...]]] = []
        self.secret = ""
        self._ids = 0

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def say(self, message: Message) -> None:
        self.house.host.receive(self.route, [encode(message)])

    def say_raw(self, *frames: bytes) -> None:
        self.house.host.receive(self.route, frames)

    def break_off(self) -> None:
        """The connection breaks; the host is told, as the router does."""
        self.connected = False
        self.house.host.register.lost(self.route)

    def messages(self, *kinds: type) -> list[Any]:
        return [message for message, _ in self.arrived if not kinds or isinstance(message, kinds)]

    def last(self) -> Any:
        return self.arrived[-1][0]

    def take(self) -> list[Any]:
        """Return what has arrived since this was last asked."""
        arrived, self.arrived = self.arrived, []
        return [message for message, _ in arrived]

    def refused_with(self, code: str, request: int | None = None) -> bool:
        last = self.last()
        return isinstance(last, Error) and last.code == code and (request is None or last.id == request)

    def hello(self, **fields: Any) -> DaemonMessage:
        self.say(Hello(**{"id": self.next_id(), "versions": (1,), **fields}))
        answer = self.last()
        if isinstance(answer, Welcome):
            self.secret = answer.session
        return answer

    def open_scene(self, name: str = "yard", **fields: Any) -> SceneOpened:
        self.say(OpenScene(id=self.next_id(), name=name, **fields))
        self.house.work()
        answer = self.last()
        assert isinstance(answer, SceneOpened), answer
        return answer

    def open_layer(self, scene: int, layer: str, **fields: Any) -> LayerOpened:
        self.say(OpenLayer(id=self.next_id(), scene=scene, layer=layer, **fields))
        self.house.work()
        answer = self.last()
        assert isinstance(answer, LayerOpened), answer
        return answer

    def open_yard(self, *layers: str, **fields: Any) -> int:
        """Open the scene and layers of it; returns its handle."""
        scene = self.open_scene(**fields).scene
        for layer in layers or ("street", "wind"):
            self.open_layer(scene, layer)
        return scene

    def grant(self, scene: int, blocks: int, received: int = 0) -> None:
        """Let the daemon send until block `blocks`, and one more that it keeps in hand."""
        until_frame = (blocks + 1) * BLOCK_FRAMES
        self.say(Credit(scene=scene, until_frame=until_frame, received_frame=received * BLOCK_FRAMES))
        self.house.produce()

    def blocks(self, scene: int) -> list[int]:
        """Number the blocks that are whole, in the order in which they became so."""
        return [
            message.first_frame // BLOCK_FRAMES
            for message in self.messages(Audio)
            if message.scene == scene and not message.more
        ]

    def pcm(self, scene: int) -> dict[tuple[int, int], bytes]:
        """What arrived, by block and stream."""
        heard: dict[tuple[int, int], bytes] = {}
        for message, frames in self.arrived:
            if isinstance(message, Audio) and message.scene == scene:
                for piece in message.streams:
                    key = (message.first_frame // BLOCK_FRAMES, piece.stream)
                    assert key not in heard, "a stream came twice in one block"
                    heard[key] = frames[1][piece.offset_bytes : piece.offset_bytes + piece.size_bytes]
        return heard
