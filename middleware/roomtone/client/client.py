"""The client: one connection to a daemon, the scenes it has open, and what happens to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from roomtone import VERSION
from roomtone.audio import SAMPLE_RATE_HZ
from roomtone.client.events import Event
from roomtone.client.link import Keys
from roomtone.client.playback import Playback
from roomtone.client.record import SceneRecord, Steering
from roomtone.client.scene import Scene
from roomtone.client.session import ClientSession
from roomtone.errors import WireError
from roomtone.wire.messages import GetStats, Govern, OpenScene, SceneOpened, Stats

DEFAULT_ENDPOINT: Final = "tcp://127.0.0.1:5570"
_WAYS: Final = (480, 48_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStats:
    """How well the client is being served, over all its scenes.

    Attributes:
        frames: read so far.
        underruns: gaps that had to be concealed.
        concealed_frames: how long those were in all.
        late_blocks: blocks that came after their time.
        reconnects: how often the daemon came back.
        update_latency_s: from asking for a change to the arrival of the first sample that has it, the last few
            thousand.
    """

    connected: bool
    frames: int
    underruns: int
    concealed_frames: int
    late_blocks: int
    reconnects: int
    update_latency_s: tuple[float, ...]


class Client:
    """A connection to a daemon that heals itself. Any thread may call anything here; close it, or use `with`."""

    def __init__(self, session: ClientSession, *, ahead_frames: int) -> None:
        self._session = session
        self._ahead_frames = ahead_frames
        self._records: list[SceneRecord] = []

    @classmethod
    def connect(
        cls,
        endpoint: str = DEFAULT_ENDPOINT,
        *,
        token: str = "",
        keys: Keys | None = None,
        ahead_ms: float = 60.0,
        timeout_s: float = 5.0,
        name: str = f"roomtone-python {VERSION}",
    ) -> "Client":
        """Connect to a daemon and wait for its welcome.

        Args:
            endpoint: where it listens.
            token: its access token, where it has one.
            keys: CURVE keys, where it asks for them.
            ahead_ms: how much to keep buffered; less is heard sooner, more survives longer hiccups.
            timeout_s: how long any request may take.
            name: what the daemon calls this client in its log.

        Raises:
            ConnectionLostError: `connection.unreachable`.
            WireError: the daemon refused, e.g. `session.wrong-token`, `session.no-common-version`.
            SettingsError: `settings.bad-endpoint`, `settings.bad-keys`.
        """
        session = ClientSession(endpoint, client=name, token=token, keys=keys, timeout_s=timeout_s)
        welcome = session.connect()
        if (welcome.block_frames, welcome.rate_hz) != _WAYS:
            session.connection.close()
            raise WireError(
                "session.other-clock",
                what=f"the daemon sends blocks of {welcome.block_frames} frames at {welcome.rate_hz} Hz",
                fix="update the older of daemon and client",
            )
        ahead_frames = round(ahead_ms * SAMPLE_RATE_HZ / 1000)
        return cls(session, ahead_frames=min(ahead_frames, welcome.max_ahead_frames // 2))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def scenes(self) -> tuple[str, ...]:
        """Names that can be opened, as of the last welcome."""
        return () if self._session.welcome is None else self._session.welcome.scenes

    @property
    def connected(self) -> bool:
        """Whether the daemon is there right now."""
        return self._session.connected.is_set()

    def open_scene(
        self,
        name: str,
        *,
        seed: int | None = None,
        first_frame: int = 0,
        values: Mapping[str, float] | None = None,
    ) -> Scene:
        """Open a scene.

        Args:
            name: one of `scenes`.
            seed: in place of the file's own; the same seed gives the same samples.
            first_frame: where its clock starts, a multiple of 480.
            values: parameters that start elsewhere than at their default.

        Raises:
            WireError: `scene.unknown`, `session.too-many-scenes`, or what is wrong in the scene's file.
        """
        start = {key: float(value) for key, value in (values or {}).items()}
        request = OpenScene(
            id=self._session.connection.next_id(), name=name, seed=seed, first_frame=first_frame, values=start
        )

        def opened(answer: SceneOpened) -> SceneRecord:
            return self._take_up(answer, seed, start)

        return Scene(self._session, self._session.call(request, opened, _as_it_is))

    def events(self) -> Iterator[Event]:
        """Take, oldest first, what has happened since this was last asked; never waits."""
        events = self._session.events
        while events:
            yield events.popleft()

    def stats(self) -> ClientStats:
        """Say how well this client is being served."""
        counters = [record.playback.counters for record in self._records]
        return ClientStats(
            connected=self.connected,
            frames=sum(counter.frames for counter in counters),
            underruns=sum(counter.underruns for counter in counters),
            concealed_frames=sum(counter.concealed_frames for counter in counters),
            late_blocks=sum(counter.late_blocks for counter in counters),
            reconnects=self._session.reconnects,
            update_latency_s=tuple(self._session.latencies_s),
        )

    def daemon_stats(self) -> Stats:
        """Ask the daemon how it is doing."""
        request = GetStats(id=self._session.connection.next_id())
        stats: Stats = self._session.call(request, _as_it_is, _as_it_is)
        return stats

    def govern(self, *, max_share: float = 1.0, max_vram_gb: float | None = None) -> None:
        """Leave more or less of the processor to the models while the game needs it; never waits.

        Args:
            max_share: of its time; 0 pauses them.
            max_vram_gb: of its memory; None sets no limit.
        """
        self._session.governor = Govern(max_share=float(max_share), max_vram_gb=max_vram_gb)
        self._session.connection.say(self._session.governor)

    def close(self) -> None:
        """Say goodbye."""
        self._session.connection.close()

    def _take_up(self, opened: SceneOpened, seed: int | None, values: dict[str, float]) -> SceneRecord:
        rng = np.random.default_rng([len(self._records), seed or 0])
        record = SceneRecord(
            name=opened.name,
            seed=seed,
            handle=opened.scene,
            described=opened,
            playback=Playback(opened.first_frame, ahead_frames=self._ahead_frames, rng=rng),
            steering=Steering(values=values),
        )
        self._records.append(record)
        self._session.keep(record)
        return record


def _as_it_is(message: Any) -> Any:
    return message
