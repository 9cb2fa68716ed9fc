"""Whatever happens to the connection, and however credit comes, a client hears the same bytes."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from playhouse import YARD, Peer, Playhouse

from roomtone.audio import BLOCK_FRAMES
from roomtone.layers.performance import Performance
from roomtone.scene.files import load_scene
from roomtone.synths.catalogue import catalogue
from roomtone.wire.messages import Applied, Audio, Credit, Set, Welcome

LAYERS = ("street", "wind", "sky")
MOST_BLOCKS = 60


class Sessions(RuleBasedStateMachine):
    """A game on a bad network: it grants, steers, loses its connection at any moment, and comes back.

    In the end its samples are those of one performance that was never interrupted.
    """

    @initialize(interrupts=st.booleans())
    def begin(self, interrupts: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "yard.yaml"
        path.write_text(YARD, encoding="utf-8")
        self.scene_file = load_scene(path, root=path.parent, catalogue=catalogue())
        self.house = Playhouse(path.parent)
        self.house.interrupts = interrupts
        self.peer: Peer = self.house.client()
        self.secret = self.peer.secret
        self.scene = self.peer.open_scene().scene
        self.streams = {self.peer.open_layer(self.scene, layer).stream: layer for layer in LAYERS}
        self.heard: dict[tuple[int, str], bytes] = {}
        self.whole = 0
        self.until_frame = 0
        self.changes: list[tuple[int, dict[str, float]]] = []
        self.note_changes()
        self.peer.take()

    def note_changes(self) -> None:
        """Write down what takes effect when: the answer that says so may be lost with a connection."""
        performance = self.house.host.register._by_secret[self.secret].stages[self.scene].performance
        steer = performance.set

        def noted(values: dict[str, float], at_frame: int = 0) -> int:
            frame = steer(values, at_frame)
            self.changes.append((frame, values))
            return frame

        performance.set = noted  # type: ignore[method-assign]

    def listen(self) -> None:
        """Take what arrived: each block of each stream once, none that was not granted, whole blocks in order."""
        for message, frames in self.peer.arrived:
            if isinstance(message, Applied):
                assert message.at_frame in {frame for frame, _ in self.changes}
            if not isinstance(message, Audio):
                continue
            assert message.first_frame + BLOCK_FRAMES <= self.until_frame
            for piece in message.streams:
                key = (message.first_frame // BLOCK_FRAMES, self.streams[piece.stream])
                pcm = frames[1][piece.offset_bytes : piece.offset_bytes + piece.size_bytes]
                assert self.heard.setdefault(key, pcm) == pcm, "a block came again, and different"
            if not message.more:
                assert message.first_frame // BLOCK_FRAMES == self.whole
                self.whole += 1
        self.peer.arrived.clear()

    @precondition(lambda self: self.peer.connected and self.whole < MOST_BLOCKS)
    @rule(blocks=st.integers(0, 12), extra_frames=st.integers(0, BLOCK_FRAMES - 1))
    def grant(self, blocks: int, extra_frames: int) -> None:
        until_frame = (self.whole + blocks) * BLOCK_FRAMES + extra_frames
        self.until_frame = max(self.until_frame, until_frame)
        self.peer.say(
            Credit(scene=self.scene, until_frame=until_frame, received_frame=self.whole * BLOCK_FRAMES)
        )

    @rule(slices=st.integers(1, 6))
    def let_the_daemon_work(self, slices: int) -> None:
        for _ in range(slices):
            self.house.host.produce()
        self.listen()

    @precondition(lambda self: self.peer.connected)
    @rule(rain=st.floats(0, 1), later_blocks=st.integers(0, 5))
    def steer(self, rain: float, later_blocks: int) -> None:
        at_frame = (self.whole + later_blocks) * BLOCK_FRAMES if later_blocks else 0
        self.peer.say(Set(id=self.peer.next_id(), scene=self.scene, values={"rain": rain}, at_frame=at_frame))
        self.listen()

    @precondition(lambda self: self.peer.connected and self.whole < MOST_BLOCKS)
    @rule(blocks=st.integers(2, 6), steps=st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=12))
    def steer_while_blocks_are_under_way(self, blocks: int, steps: list[float | None]) -> None:
        """Each step is a slice of work, or a change that overtakes it."""
        self.grant(blocks, 0)
        for rain in steps:
            if rain is None:
                self.house.host.produce()
            elif self.peer.connected:
                self.steer(rain, 0)
        self.listen()

    @precondition(lambda self: self.peer.connected)
    @rule(after_messages=st.integers(0, 5))
    def will_break(self, after_messages: int) -> None:
        """The connection breaks with some message that the daemon sends from now on."""
        self.peer.breaks_after = after_messages

    @precondition(lambda self: self.peer.connected)
    @rule(unread=st.booleans())
    def break_off(self, unread: bool) -> None:
        """The connection breaks; what is under way may be lost with it."""
        if unread:
            self.peer.take()
        self.listen()
        self.peer.break_off()

    @precondition(lambda self: not self.peer.connected)
    @rule()
    def come_back(self) -> None:
        self.house.host.register.lost(self.peer.route)
        self.peer = self.house.peer()
        welcome = self.peer.hello(session=self.secret)
        assert isinstance(welcome, Welcome)
        assert welcome.resumed
        # Parts of blocks that were not whole come again.
        self.heard = {key: pcm for key, pcm in self.heard.items() if key[0] < self.whole}
        assert welcome.scenes_open[0].next_frame <= self.whole * BLOCK_FRAMES
        self.until_frame = 0
        self.peer.take()

    @invariant()
    def nothing_beyond_a_block_under_way_is_heard_in_part(self) -> None:
        if hasattr(self, "whole"):
            for block in range(self.whole):
                assert all((block, layer) in self.heard for layer in LAYERS)

    def teardown(self) -> None:
        if not hasattr(self, "whole"):
            return
        self.listen()
        alone = Performance(self.scene_file)
        for layer in LAYERS:
            alone.open(layer)
        for block in range(self.whole):
            for at_frame, values in self.changes:
                if at_frame == block * BLOCK_FRAMES:
                    alone.set(values)
            for layer, samples in alone.render().layers.items():
                expected = b"" if samples is None else samples.tobytes()
                assert self.heard[block, layer] == expected, (block, layer)
        self.folder.cleanup()


Sessions.TestCase.settings = settings(
    max_examples=80, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
test_a_bad_network_changes_no_byte = Sessions.TestCase
