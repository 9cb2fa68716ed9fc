"""One client: who it is, how to reach it, and what it has open."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from roomtone.errors import WireError
from roomtone.models.crew import Governor
from roomtone.server.stage import Stage

MOST_SCENES: Final = 16
MOST_STREAMS: Final = 256
MOST_PLANNED: Final = 256
MOST_OFFENCES: Final = 64
# A paused game says nothing for as long as it is paused; nobody pauses for longer and means to come back.
IDLE_S: Final = 3_600.0

# A third of a second of 256 stereo streams, more than two seconds of 40: what a client has not acknowledged is kept.
MOST_KEPT_BYTES: Final = 32 * 1024 * 1024

_SECRET_BYTES: Final = 16


@dataclass(slots=True)
class Session:
    """The state of one client. It outlives its connection for a while.

    Attributes:
        route: the ROUTER's name for the connection; None while there is none.
        secret: what the client resumes with.
        lost_s: when the connection was lost.
        stages: open scenes by handle.
        opening: scenes that are being read, counted against the limit.
        preparing: streams that are being made ready, counted against the limit.
        offences: messages that could not be read; too many end the session.
        governor: what it leaves to the models; None where it has not said.
    """

    client: str
    route: bytes | None
    heard_s: float
    lost_s: float = 0.0
    secret: str = field(default_factory=lambda: secrets.token_hex(_SECRET_BYTES))
    stages: dict[int, Stage] = field(default_factory=dict)
    opening: int = 0
    preparing: int = 0
    offences: int = 0
    governor: Governor | None = None
    closed: bool = False
    _last_handle: int = 0

    def new_handle(self) -> int:
        """Number a scene or a stream; a handle is never used twice in a session."""
        self._last_handle += 1
        return self._last_handle

    def performs(self, stage: Stage) -> bool:
        """Whether a scene is still open: what was begun for it may come too late."""
        return not self.closed and self.stages.get(stage.handle) is stage

    def next_due(self) -> Stage | None:
        """Choose the scene to perform next: one whose parameters moved, else each in turn."""
        if sum(stage.kept_bytes for stage in self.stages.values()) >= MOST_KEPT_BYTES:
            return None
        for stage in self.stages.values():
            if stage.hurries:
                return stage
        for handle in tuple(self.stages):
            stage = self.stages[handle] = self.stages.pop(handle)
            if stage.due():
                return stage
        return None

    def was_open(self, handle: int) -> bool:
        """Whether a handle is known but closed: what is said about it may have crossed its end."""
        return handle <= self._last_handle and handle not in self.stages

    def stage(self, handle: int) -> Stage:
        """Find an open scene.

        Raises:
            WireError: `request.scene-not-open`.
        """
        if handle not in self.stages:
            raise WireError(
                "request.scene-not-open",
                what=f"there is no open scene {handle}",
                fix="use a handle from scene_opened",
            )
        return self.stages[handle]

    def stage_of_stream(self, handle: int) -> Stage:
        """Find the scene that a stream belongs to.

        Raises:
            WireError: `request.stream-not-open`.
        """
        for stage in self.stages.values():
            if handle in stage.streams:
                return stage
        raise WireError(
            "request.stream-not-open",
            what=f"there is no stream {handle}",
            fix="use a handle from layer_opened",
        )

    def check_room_for_scene(self) -> None:
        """Refuse one scene too many.

        Raises:
            WireError: `request.too-many-scenes`.
        """
        if self.opening + len(self.stages) >= MOST_SCENES:
            raise WireError(
                "request.too-many-scenes", what=f"{MOST_SCENES} scenes are open", fix="close one first"
            )

    def check_room_for_stream(self) -> None:
        """Refuse one stream too many.

        Raises:
            WireError: `request.too-many-streams`.
        """
        if self.preparing + sum(len(stage.streams) for stage in self.stages.values()) >= MOST_STREAMS:
            raise WireError(
                "request.too-many-streams", what=f"{MOST_STREAMS} streams are open", fix="close one first"
            )
