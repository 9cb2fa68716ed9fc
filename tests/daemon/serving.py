"""Daemons in processes of their own, and peers that speak to them without the reference client."""

import json
import os
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import psutil
import zmq

from roomtone.audio import BLOCK_FRAMES, Samples
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
moods:
  storm: {rain: 1}
layers:
  street: {synth: rain, controls: {intensity: rain}}
  wind: {synth: wind, controls: {strength: rain}}
"""

WITHIN_S = 20.0
# The first start on a computer compiles the kernels.
COMPILED_S = 100.0


def until(happened: Callable[[], Any], *, within_s: float = WITHIN_S, every_s: float = 0.01) -> Any:
    """Wait for something that another process does; returns what `happened` returned."""
    deadline_s = time.monotonic() + within_s
    while not (result := happened()):
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(every_s)
    return result


@contextmanager
def standing_still(process: subprocess.Popen[str], seconds: float) -> Iterator[None]:
    """Stop a process for so long; what is in the block happens meanwhile, and ends no sooner than it goes on."""
    stopped = psutil.Process(process.pid)
    stopped.suspend()
    going_on = threading.Timer(seconds, stopped.resume)
    going_on.start()
    try:
        yield
    finally:
        going_on.join()


class Serving:
    """`roomtone serve` in a process; its log is read line by line."""

    def __init__(self, scenes_dir: Path, *flags: str, endpoint: str = "tcp://127.0.0.1:*") -> None:
        self.command = [sys.executable, "-m", "roomtone", "serve", str(scenes_dir), "--endpoint", endpoint]
        self.command += ["--log", "json", *flags]
        self.endpoint = endpoint
        self.lines: list[dict[str, Any]] = []
        self.bytes_logged = 0
        self._news: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            self.command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=dict(os.environ)
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.endpoint = self.logged("ready", within_s=COMPILED_S)["endpoint"]
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.bytes_logged += len(line)
            said = json.loads(line) if line.startswith("{") else {"event": line.rstrip()}
            self.lines.append(said)
            self._news.put(said)
        self._news.put(None)

    def logged(self, event: str, *, within_s: float = WITHIN_S) -> dict[str, Any]:
        """Wait until the log says `event`."""
        deadline_s = time.monotonic() + within_s
        while True:
            said = self._news.get(timeout=max(0.01, deadline_s - time.monotonic()))
            assert said is not None, "the process has ended"
            if said["event"] == event:
                return said

    @property
    def port(self) -> int:
        return int(self.endpoint.rsplit(":", 1)[1])

    @property
    def resident_bytes(self) -> int:
        return int(psutil.Process(self.process.pid).memory_info().rss)


class RawClient:
    """A DEALER that says what it is told to and keeps what it hears, in order. One thread."""

    def __init__(self, endpoint: str, **options: Any) -> None:
        self._context = zmq.Context()
        self.socket = self._context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        for name, value in options.items():
            self.socket.setsockopt(getattr(zmq, name), value)
        self.socket.connect(endpoint)
        self.heard: list[tuple[DaemonMessage, bytes]] = []
        self._ids = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._context.destroy(0)

    def next_id(self) -> int:
        self._ids += 1
        return self._ids

    def say(self, message: Message) -> None:
        self.socket.send(encode(message))

    def hear(self, *, within_s: float = WITHIN_S) -> tuple[DaemonMessage, bytes] | None:
        """Return the next message, or None if none comes in time."""
        if not self.socket.poll(round(within_s * 1000)):
            return None
        frames = self.socket.recv_multipart()
        self.heard.append((decode_daemon(frames[0]), b"".join(frames[1:])))
        return self.heard[-1]

    def hear_a(self, *kinds: type, within_s: float = WITHIN_S) -> Any:
        """Hear on until a message of one of these kinds comes."""
        deadline_s = time.monotonic() + within_s
        while (heard := self.hear(within_s=max(0.0, deadline_s - time.monotonic()))) is not None:
            if isinstance(heard[0], kinds):
                return heard[0]
        raise AssertionError(f"no {kinds} came")

    def hello(self, **fields: Any) -> Welcome:
        self.say(Hello(id=self.next_id(), versions=(1,), **fields))
        answer: Welcome = self.hear_a(Welcome, Error)
        assert isinstance(answer, Welcome), answer
        return answer

    def open(self, scene: str, *layers: str, **fields: Any) -> tuple[SceneOpened, dict[str, int]]:
        """Open a scene and layers of it (all, if none is named); returns what is open, and streams by layer."""
        self.say(OpenScene(id=self.next_id(), name=scene, **fields))
        opened: SceneOpened = self.hear_a(SceneOpened, Error)
        assert isinstance(opened, SceneOpened), opened
        streams = {}
        for layer in layers or [info.name for info in opened.layers]:
            self.say(OpenLayer(id=self.next_id(), scene=opened.scene, layer=layer))
        for _ in layers or opened.layers:
            stream: LayerOpened = self.hear_a(LayerOpened)
            streams[stream.layer] = stream.stream
        return opened, streams


class Listening:
    """Plays one scene as fast as it comes and holds it to one unbroken stream."""

    def __init__(self, client: RawClient, scene: int, streams: dict[str, int]) -> None:
        self.client, self.scene = client, scene
        self.next_frame = 0
        self.others: list[DaemonMessage] = []
        self._layers = {stream: layer for layer, stream in streams.items()}
        self._heard: dict[str, list[Samples]] = {layer: [] for layer in streams}

    def play(self, blocks: int, *, within_s: float = WITHIN_S) -> float:
        """Play on; returns the longest wait between two blocks in seconds."""
        until_frame, longest_s = self.next_frame + blocks * BLOCK_FRAMES, 0.0
        last_s = time.monotonic()
        while self.next_frame < until_frame:
            ahead_frame = min(self.next_frame + 6 * BLOCK_FRAMES, until_frame + BLOCK_FRAMES)
            self.client.say(Credit(scene=self.scene, until_frame=ahead_frame, received_frame=self.next_frame))
            self._hear_a_block(within_s)
            now_s = time.monotonic()
            last_s, longest_s = now_s, max(longest_s, now_s - last_s)
        return longest_s

    def _hear_a_block(self, within_s: float) -> None:
        """Hear on until a block is whole: parts of the next one may overtake the rest of it."""
        whole_before = self.next_frame
        while self.next_frame == whole_before:
            heard = self.client.hear(within_s=within_s)
            assert heard is not None, f"nothing after frame {self.next_frame}"
            message, pcm = heard
            if not isinstance(message, Audio) or message.scene != self.scene:
                self.others.append(message)
                continue
            for piece in message.streams:
                parts = self._heard[self._layers[piece.stream]]
                assert message.first_frame == len(parts) * BLOCK_FRAMES, "the stream has a gap"
                parts.append(_samples(pcm[piece.offset_bytes : piece.offset_bytes + piece.size_bytes]))
            if not message.more:
                assert message.first_frame == self.next_frame
                self.next_frame += BLOCK_FRAMES

    def samples(self, layer: str, channels: int = 2) -> Samples:
        """All that was heard of a layer so far."""
        whole = [np.broadcast_to(part, (BLOCK_FRAMES, channels)) for part in self._heard[layer]]
        return np.concatenate(whole)[: self.next_frame]


def _samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<f4").reshape(BLOCK_FRAMES, -1) if pcm else np.zeros((BLOCK_FRAMES, 1), "<f4")


# Raw TCP ------------------------------------------------------------------------------------------

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
READY = bytes([4, 41]) + b"\x05READY\x0bSocket-Type" + struct.pack(">I", 6) + b"DEALER\x08Identity" + bytes(4)


@contextmanager
def tcp(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S) as connection:
        yield connection


def shake_hands(connection: socket.socket) -> None:
    """Speak ZMTP as far as the first message."""
    connection.sendall(GREETING + READY)
    wanted, had = 64 + len(READY) - 0, b""
    while len(had) < wanted:
        some = connection.recv(4096)
        assert some, "hung up during the handshake"
        had += some


def frame(body: bytes, *, more: bool = False) -> bytes:
    if len(body) < 256:
        return bytes([int(more), len(body)]) + body
    return bytes([2 | int(more)]) + struct.pack(">Q", len(body)) + body


def hung_up(connection: socket.socket, *, within_s: float) -> bool:
    """Whether the other side ends the connection in time; what it still says is read and dropped."""
    connection.settimeout(within_s)
    deadline_s = time.monotonic() + within_s
    try:
        while time.monotonic() < deadline_s:
            if not connection.recv(65_536):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True
    return False
