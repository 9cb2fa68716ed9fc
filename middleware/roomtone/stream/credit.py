"""How far ahead a client lets the daemon send: its audio clock is the master."""

from dataclasses import dataclass
from typing import Final

from roomtone.audio import BLOCK_FRAMES, SAMPLE_RATE_HZ
from roomtone.errors import WireError

MAX_AHEAD_FRAMES: Final = 2 * SAMPLE_RATE_HZ
"""Credit beyond this many unacknowledged frames does not count: it bounds what is kept for a resume."""


@dataclass(slots=True)
class Credit:
    """The account of one scene of one client. One owner, one thread.

    The last granted block is kept in hand: it is spent when a parameter arrives, so that the change is rendered at
    once instead of after the client's next grant.

    Attributes:
        next_frame: the first frame that was not sent yet.
        until_frame: the client takes frames before this one.
        received_frame: the client has every frame before this one.
        hurried: a parameter has arrived since the last block.
    """

    next_frame: int
    until_frame: int = 0
    received_frame: int = 0
    hurried: bool = False

    def __post_init__(self) -> None:
        self.received_frame = max(self.received_frame, self.next_frame)

    def grant(self, *, until_frame: int, received_frame: int) -> None:
        """Take a client's word; an older grant that arrives late takes nothing back.

        Raises:
            WireError: `request.credit-ahead`: the client has what was never sent; nothing is taken.
        """
        if received_frame > self.next_frame:
            raise WireError(
                "request.credit-ahead",
                at="received_frame",
                what=f"frame {received_frame} was not sent yet, the next is {self.next_frame}",
                fix="acknowledge what has arrived",
            )
        self.until_frame = max(self.until_frame, until_frame)
        self.received_frame = max(self.received_frame, received_frame)

    def withdraw(self) -> None:
        """Forget what was granted: its connection is gone."""
        self.until_frame = 0

    def hurry(self) -> None:
        """Let the block in hand go."""
        self.hurried = True

    @property
    def limit_frame(self) -> int:
        """No block that ends after this may be sent."""
        return min(self.until_frame, self.received_frame + MAX_AHEAD_FRAMES)

    def due(self) -> bool:
        """Whether a block may be performed now."""
        blocks = (self.limit_frame - self.next_frame) // BLOCK_FRAMES
        return blocks > 1 or (blocks == 1 and self.hurried)

    def spend(self) -> None:
        """One block was sent."""
        self.next_frame += BLOCK_FRAMES
        self.hurried = False
