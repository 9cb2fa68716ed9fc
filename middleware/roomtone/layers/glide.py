"""Numbers that arrive instead of jumping."""

from roomtone.audio import BLOCK_S


class Glide:
    """A value on the block grid that reaches 99 % of the way to its goal in a stated time.

    One owner, one thread. The first goal is where it starts.
    """

    __slots__ = ("_keep", "_started", "value")

    def __init__(self, arrive_s: float) -> None:
        self._keep = 0.01 ** (BLOCK_S / arrive_s) if arrive_s > 0.0 else 0.0
        self._started = False
        self.value = 0.0

    def toward(self, goal: float) -> float:
        """Move one block towards `goal` and return where that is."""
        if not self._started:
            self._started = True
            self.value = goal
        elif self.value != goal:
            gap = (self.value - goal) * self._keep
            # What is left is below any ear; landing exactly lets callers see that nothing moves.
            self.value = goal + gap if abs(gap) > 1e-5 else goal
        return self.value
