"""What the benchmarks share: a real daemon process, a bare client, and scenes of any size."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import zmq

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.wire.codec import decode_daemon, encode
from roomtone.wire.messages import (
    Audio,
    Credit,
    DaemonMessage,
    GetStats,
    Hello,
    LayerOpened,
    OpenLayer,
    OpenScene,
    SceneOpened,
    Set,
    Stats,
    Welcome,
)

# A parameter of the example scenes steers 1.7 layers on average; here, with 64 layers, two.
PARAMETERS = tuple(f"p{i}" for i in range(32))
_START_LIMIT_S = 120.0


def write_scene(folder: Path, name: str, layers: int) -> None:
    """Write a scene of every synth in turn; each layer follows one of the parameters with its first control."""
    synths = _synths()
    _write(
        folder,
        name,
        {
            f"layer_{i}": {
                "synth": synths[i % len(synths)]["name"],
                "gain_db": -12,
                "controls": {synths[i % len(synths)]["controls"][0]["name"]: PARAMETERS[i % len(PARAMETERS)]},
            }
            for i in range(layers)
        },
    )


def _synths() -> list[dict[str, Any]]:
    """Ask the command, not the package: a compiler that is loaded here too would count as the daemon's memory."""
    command = [sys.executable, "-m", "roomtone", "synths", "--json"]
    synths: list[dict[str, Any]] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return synths


def write_clips_scene(folder: Path, name: str, layers: int) -> None:
    """Write a scene whose layers all play one short clip of noise."""
    noise = np.random.default_rng(1).normal(0.0, 0.1, (SAMPLE_RATE_HZ, 1))
    soundfile.write(folder / "noise.wav", noise, SAMPLE_RATE_HZ)
    clips = {"clips": ["noise.wav"], "crossfade_s": 0.1}
    _write(folder, name, {f"layer_{i}": clips for i in range(layers)})


def _write(folder: Path, name: str, layers: Mapping[str, Any]) -> None:
    parameters = {parameter: {"default": 0.5, "rise_s": 0.2, "fall_s": 0.2} for parameter in PARAMETERS}
    scene = {"scene": name, "parameters": parameters, "layers": layers}
    # JSON is YAML.
    (folder / f"{name}.yaml").write_text(json.dumps(scene, indent=1), encoding="utf-8")


def free_endpoint() -> str:
    """Find a loopback endpoint that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def daemon(folder: Path, *flags: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run `roomtone serve` on `folder`; yields its endpoint and its process."""
    endpoint = free_endpoint()
    command = [sys.executable, "-m", "roomtone", "serve", str(folder), "--endpoint", endpoint, *flags]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield endpoint, process
    finally:
        process.terminate()
        process.wait(timeout=20)


@dataclass(slots=True)
class BareClient:
    """The least that speaks the protocol: one socket, one thread, nothing kept.

    Attributes:
        streams: layer -> stream.
        granted: the end of the credit.
        received: the first frame that has not arrived.
        heard_s: when the last message arrived.
    """

    endpoint: str
    streams: dict[str, int] = field(default_factory=dict)
    scene: int = 0
    granted: int = 0
    received: int = 0
    heard_s: float = 0.0
    _context: zmq.Context[zmq.Socket[bytes]] = field(default_factory=zmq.Context)
    _requests: int = 0
    socket: zmq.Socket[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Connect; the socket retries until the daemon is there."""
        self.socket = self._context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 5)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVHWM, 100_000)
        self.socket.connect(self.endpoint)

    def __enter__(self) -> "BareClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._context.destroy(linger=0)

    def say(self, message: Any) -> None:
        """Send a message."""
        self.socket.send(encode(message))

    def hear(self, limit_s: float = _START_LIMIT_S) -> tuple[DaemonMessage, bytes]:
        """Take the next message and its PCM."""
        if not self.socket.poll(round(limit_s * 1000)):
            raise TimeoutError(f"nothing came within {limit_s} s")
        frames = self.socket.recv_multipart()
        self.heard_s = time.perf_counter()
        message = decode_daemon(frames[0])
        if isinstance(message, Audio):
            self.received = max(self.received, message.first_frame + message.frames)
        return message, frames[1] if len(frames) > 1 else b""

    def until(self, kind: type[Any], limit_s: float = _START_LIMIT_S) -> Any:
        """Take messages until one of a kind."""
        deadline_s = time.perf_counter() + limit_s
        while time.perf_counter() < deadline_s:
            message, _ = self.hear(limit_s)
            if isinstance(message, kind):
                return message
        raise TimeoutError(f"no {kind.__name__} within {limit_s} s")

    def next_id(self) -> int:
        """Number a request."""
        self._requests += 1
        return self._requests

    def begin(self, scene: str, layers: int, **options: Any) -> SceneOpened:
        """Say hello, open a scene and some of its layers."""
        self.say(Hello(id=self.next_id(), versions=(1,), client="benchmark"))
        self.until(Welcome)
        self.say(OpenScene(id=self.next_id(), name=scene, seed=1))
        opened: SceneOpened = self.until(SceneOpened)
        self.scene = opened.scene
        for layer in opened.layers[:layers]:
            self.say(OpenLayer(id=self.next_id(), scene=self.scene, layer=layer.name, **options))
        for _ in opened.layers[:layers]:
            stream: LayerOpened = self.until(LayerOpened)
            self.streams[stream.layer] = stream.stream
        return opened

    def grant(self, frames: int = BLOCK_FRAMES) -> None:
        """Grant some more frames."""
        self.granted += frames
        self.say(Credit(scene=self.scene, until_frame=self.granted, received_frame=self.received))

    def set(self, values: Mapping[str, float]) -> None:
        """Move parameters."""
        self.say(Set(id=self.next_id(), scene=self.scene, values=dict(values)))

    def stats(self) -> Stats:
        """Ask how the daemon is doing."""
        self.say(GetStats(id=self.next_id()))
        stats: Stats = self.until(Stats)
        return stats
