"""Blocks as messages: what lies where, in which format, and what is kept for a client that comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.stream.outbox import Outbox, Stream, as_channels, as_format
from roomtone.wire.codec import decode_daemon
from roomtone.wire.messages import Audio, LayerEvent

AMPLITUDES = st.floats(-4.0, 4.0, width=32)


def block_of(value: float, channels: int = 1) -> Samples:
    return np.full((BLOCK_FRAMES, channels), value, np.float32)


def packed(outbox: Outbox, *layers: str, first_frame: int = 0) -> Audio:
    streams = [Stream(i + 1, layer, "f32", 1) for i, layer in enumerate(layers)]
    block = outbox.pack(7, first_frame, {layer: block_of(0.5) for layer in layers}, streams)
    message = decode_daemon(block.messages[-1][0])
    assert isinstance(message, Audio)
    return message


def test_streams_lie_end_to_end_in_the_order_of_the_header():
    outbox = Outbox()
    layers = {"a": block_of(0.25, 2), "b": None, "c": block_of(-0.5)}
    streams = [
        Stream(3, "a", "s16", 2),
        Stream(4, "b", "f32", 2),
        Stream(9, "c", "f32", 1),
        Stream(10, "c", "s16", 2),
    ]
    header, pcm = outbox.pack(7, 960, layers, streams).messages[-1]
    audio = decode_daemon(header)
    assert isinstance(audio, Audio)
    assert (audio.scene, audio.first_frame, audio.frames, audio.more) == (7, 960, BLOCK_FRAMES, False)
    assert [tuple(piece) for piece in audio.streams] == [
        (3, 0, 1920),
        (4, 1920, 0),
        (9, 1920, 1920),
        (10, 3840, 1920),
    ]
    assert len(pcm) == 5760
    assert set(np.frombuffer(pcm[:1920], "<i2")) == {8192}
    assert set(np.frombuffer(pcm[1920:3840], "<f4")) == {np.float32(-0.5)}
    assert [stream.sent_frames for stream in streams] == 4 * [BLOCK_FRAMES]


def test_a_block_of_silence_still_has_its_second_frame():
    block = Outbox().pack(7, 0, {"a": None}, [Stream(1, "a", "f32", 2)])
    assert block.messages[-1][1] == b""


def test_events_go_before_the_audio_they_belong_to():
    event = LayerEvent(stream=1, event="placed", at_frame=0, offset_m=(1.0, 0.0, 2.0))
    block = Outbox().pack(7, 0, {}, [], events=[event])
    assert decode_daemon(block.messages[0][0]) == event


def test_what_was_packed_does_not_change_when_the_layer_goes_on():
    samples = block_of(0.5)
    block = Outbox().pack(7, 0, {"a": samples}, [Stream(1, "a", "f32", 1)])
    samples[:] = 0.0
    assert np.frombuffer(block.messages[-1][1], "<f4").min() == np.float32(0.5)


@given(st_numpy.arrays(np.float32, (BLOCK_FRAMES, 2), elements=AMPLITUDES))
def test_f32_is_carried_bit_for_bit(samples: Samples):
    assert np.array_equal(as_format(samples, "f32"), samples)


@given(st_numpy.arrays(np.float32, (BLOCK_FRAMES, 2), elements=AMPLITUDES))
def test_s16_is_clipped_and_rounded_to_the_nearest(samples: Samples):
    carried = as_format(samples, "s16")
    assert carried.dtype == np.dtype("<i2")
    assert np.abs(carried / 32767.0 - np.clip(samples, -1.0, 1.0)).max() <= 0.5001 / 32767.0


@given(st_numpy.arrays(np.float32, (BLOCK_FRAMES, 1), elements=AMPLITUDES))
def test_mono_made_stereo_and_back_is_the_same(samples: Samples):
    stereo = as_channels(samples, 2)
    assert np.array_equal(stereo[:, 0], stereo[:, 1])
    assert np.array_equal(as_channels(stereo, 1), samples)


def test_stereo_made_mono_is_the_mean_of_both_sides():
    both = np.concatenate([block_of(0.5), block_of(-0.25)], axis=1)
    assert np.allclose(as_channels(both, 1), 0.125)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_right_number_of_channels_is_not_copied(channels: int):
    samples = block_of(0.5, channels)
    assert as_channels(samples, channels) is samples


@given(received=st.lists(st.integers(0, 20), max_size=10))
def test_what_is_kept_is_what_was_not_acknowledged(received: list[int]):
    outbox = Outbox()
    for i in range(20):
        packed(outbox, "a", first_frame=i * BLOCK_FRAMES)
    for blocks in sorted(received):
        outbox.acknowledge(blocks * BLOCK_FRAMES)
        kept = outbox.unacknowledged()
        assert [block.first_frame // BLOCK_FRAMES for block in kept] == list(range(blocks, 20))
        assert outbox.kept_bytes == sum(block.size_bytes for block in kept)


def test_part_of_a_block_is_not_received():
    outbox = Outbox()
    packed(outbox, "a")
    outbox.acknowledge(BLOCK_FRAMES - 1)
    assert len(outbox.unacknowledged()) == 1


def test_blocks_that_overlapped_are_repeated_one_after_another():
    outbox = Outbox()
    streams = {name: [Stream(i, name, "f32", 1)] for i, name in enumerate("abc", 1)}
    for name, first_frame, more in (("a", 0, True), ("b", 480, True), ("c", 0, False), ("a", 480, False)):
        outbox.pack(7, first_frame, {name: block_of(0.1)}, streams[name], more=more)
    headers = [decode_daemon(block.messages[-1][0]) for block in outbox.unacknowledged()]
    assert [(h.first_frame, h.streams[0].stream, h.more) for h in headers if isinstance(h, Audio)] == [
        (0, 1, True), (0, 3, False), (480, 2, True), (480, 1, False)
    ]  # fmt: skip
    outbox.acknowledge(480)
    assert [block.first_frame for block in outbox.unacknowledged()] == [480, 480]
