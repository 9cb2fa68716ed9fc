"""Messages that are almost right: the host never raises, and what it refuses changes nothing."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playhouse import YARD, Peer, Playhouse

from roomtone.audio import BLOCK_FRAMES
from roomtone.server.stage import Stage
from roomtone.wire.messages import Error, SceneOpened, Welcome

VECTORS = Path(__file__).parents[2] / "protocol" / "vectors" / "valid"


def valid_messages() -> Iterator[bytes]:
    for path in sorted(VECTORS.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for vector in told["vectors"]:
            if vector.get("direction", told.get("direction")) == "client":
                yield b"".join(map(bytes_of_line, vector["bytes"]))


def bytes_of_line(line: str) -> bytes:
    """Read `61 62 x3 | note` as the vectors' README says."""
    words = line.partition("|")[0].split()
    times = int(words.pop()[1:]) if words[-1].startswith("x") else 1
    return bytes.fromhex("".join(words)) * times


VALID = tuple(valid_messages())


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid message after a few small accidents."""
    message = bytearray(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(message) - 1)))
        match draw(st.sampled_from(["flip", "insert", "delete", "cut", "splice"])):
            case "flip" if message:
                message[at] ^= 1 << draw(st.integers(0, 7))
            case "insert":
                message[at:at] = draw(st.binary(min_size=1, max_size=4))
            case "delete":
                del message[at : at + draw(st.integers(1, 4))]
            case "cut":
                del message[at:]
            case "splice":
                message[at:] = draw(st.sampled_from(VALID))[at:]
            case _:
                pass
    return bytes(message)


EXTREMES = st.sampled_from(
    [0, 1, -1, 480, 2**31 - 1, 2**53 - 1, 2**53 - 480, 2**63, 1e308, -1e308, 5e-324, 1.5]
)
PLAUSIBLE = st.one_of(
    st.fixed_dictionaries(
        {"t": st.just("set"), "id": st.just(5), "scene": st.just(1)},
        optional={
            "values": st.dictionaries(st.sampled_from(["rain", "level", "rian"]), EXTREMES, max_size=3),
            "at_frame": EXTREMES,
        },
    ),
    st.fixed_dictionaries(
        {
            "t": st.just("morph"),
            "id": st.just(5),
            "scene": st.just(1),
            "mood": st.just("storm"),
            "over_s": EXTREMES,
        },
        optional={"at_frame": EXTREMES},
    ),
    st.fixed_dictionaries(
        {"t": st.just("open_scene"), "id": st.just(5), "name": st.just("yard")},
        optional={"first_frame": EXTREMES, "seed": EXTREMES, "values": st.just({"rain": 1e308})},
    ),
    st.fixed_dictionaries(
        {"t": st.just("credit"), "scene": st.just(1), "until_frame": EXTREMES, "received_frame": EXTREMES}
    ),
    st.fixed_dictionaries(
        {"t": st.just("listener"), "scene": st.just(1), "at_m": st.tuples(EXTREMES, EXTREMES, EXTREMES)}
    ),
    st.fixed_dictionaries(
        {"t": st.just("open_layer"), "id": st.just(5), "scene": st.just(1), "layer": st.just("wind")}
    ),
    st.fixed_dictionaries(
        {"t": st.just("close_layer"), "id": st.just(5), "stream": st.sampled_from([1, 2, 3])}
    ),
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "yard.yaml").write_text(YARD, encoding="utf-8")
        yield Path(name)


def playing(folder: Path) -> tuple[Playhouse, Peer, int]:
    house = Playhouse(folder)
    client = house.client()
    scene = client.open_yard("street")
    client.grant(scene, 1)
    return house, client, scene


def snapshot(house: Playhouse) -> object:
    """All that a refused message must leave as it was."""
    return [
        (
            *(session.secret, session.route, list(session.stages), session.preparing, session.opening),
            *map(_snapshot_of_stage, session.stages.values()),
        )
        for session in house.host.register._by_secret.values()
    ]


def _snapshot_of_stage(stage: Stage) -> object:
    credit, performance = stage.credit, stage.performance
    return (
        *(credit.next_frame, credit.until_frame, credit.received_frame, tuple(stage.streams)),
        *(performance.frame, dict(performance.targets), performance.planned),
    )


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(messages=st.lists(st.one_of(mutated(), PLAUSIBLE.map(msgpack.packb)), min_size=1, max_size=6))
def test_nothing_that_arrives_raises_and_nothing_refused_changes_anything(
    folder: Path, messages: list[bytes]
):
    house, client, _ = playing(folder)
    for message in messages:
        before, session = snapshot(house), house.host.register._by_route.get(client.route)
        client.take()
        client.say_raw(message)
        refused = bool(client.arrived) and isinstance(client.last(), Error)
        # That a granted request has words which no synth knows is news, not a refusal.
        refused = refused and client.last().code != "prompt.unknown-words"
        if refused and session is not None and not session.closed:
            assert snapshot(house) == before
        house.work()
        for _ in range(5):
            house.host.produce()
    assert not [entry for entry in house.log.said if entry[0] == "error"]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(message=st.one_of(mutated(), st.binary(max_size=200)))
def test_a_stranger_gets_a_session_by_a_valid_hello_and_by_nothing_else(folder: Path, message: bytes):
    house = Playhouse(folder)
    stranger = house.peer()
    stranger.say_raw(message)
    answers = stranger.messages()
    assert len(answers) == 1
    assert isinstance(answers[0], Welcome | Error)
    assert len(house.host.register.everyone()) == int(isinstance(answers[0], Welcome))


def test_every_valid_message_is_understood(folder: Path):
    assert len(VALID) > 20
    for message in VALID:
        house, client, _ = playing(folder)
        client.say_raw(message)
        house.work()
        assert not any(error.code.startswith("wire.") for error in client.messages(Error))


def test_a_clock_that_starts_at_the_end_of_time_still_runs(folder: Path):
    house = Playhouse(folder)
    client = house.client()
    last_block = (2**53 - 1) // BLOCK_FRAMES - 20
    scene = client.open_yard("street", first_frame=last_block * BLOCK_FRAMES)
    assert isinstance(client.messages(SceneOpened)[0], SceneOpened)
    client.grant(scene, last_block + 5, received=last_block)
    assert client.blocks(scene) == list(range(last_block, last_block + 5))
