"""Birds: a dozen and more singers with songs of their own, who keep their hours, take turns, and answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import BLOCK_FRAMES, Samples
from roomtone.dsp import syrinx
from roomtone.dsp.bed import BED_CENTRES_HZ, Bed, bed_state, render_bed
from roomtone.dsp.random import Rng, rng_state
from roomtone.dsp.repertoire import KINDS, draw_song
from roomtone.dsp.reverb import Reverb, reverb_state, surround
from roomtone.dsp.slow import Walks, step_walks, walks_state
from roomtone.dsp.syrinx import Birds, Songs, sing_birds
from roomtone.dsp.turns import Minds, minds_state
from roomtone.synths.model import Control, Reach, Synth, placed

_BIRDS: Final = 16
_KINDS: Final = 8
_SONGS: Final = 5
# A lone singer should be worth listening to.
_SOLOISTS: Final = ("blackbird", "robin", "thrush", "chaffinch", "tit", "chiffchaff")

# When birds sing, from midnight to midnight: thrushes and robins long before the sun, finches and tits with it; all
# rest at noon, the early ones come back in the evening. Source: Catchpole & Slater (2008), ch. 5.
_EARLY: Final = frozenset({"blackbird", "robin", "thrush", "wren"})
_EARLY_HOURS: Final = np.array([(0, 0), (3.3, 0), (4.5, 1), (6.5, 1), (9, 0.5), (13, 0.25), (16, 0.4), (19, 0.9),
                                (20.7, 0.8), (22, 0), (24, 0)])  # fmt: skip
_DAY_HOURS: Final = np.array([(0, 0), (4.5, 0), (6, 1), (9, 0.9), (13, 0.35), (17, 0.6), (19.5, 0.3), (20.7, 0),
                              (24, 0)])  # fmt: skip
_HABIT: Final = {syrinx.ANSWERS: 0.55, syrinx.REPLY_S: 1.0}

_BED_HZ: Final = np.array([45, 100, 200, 500, 1_000, 2_000, 4_000, 8_000, 13_000, 20_000], float)
_BED_DB: Final = np.array([4, 3, 0, -3, -4, -6.5, -8.5, -12, -20, -44], float)


@dataclass(slots=True)
class _Wood:
    rng: Rng
    minds: Minds
    birds: Birds
    hours: list[NDArray[np.float64]]
    hour: float
    awake: NDArray[np.float64]
    songs: Songs
    singing: NDArray[np.float64]
    bed: Bed
    air: NDArray[np.float64]
    breeze: Walks
    reverb: Reverb
    send: NDArray[np.float32]


def _draw_kinds(rng: np.random.Generator) -> list[str]:
    """Pick who lives here: some kinds, each more than once, so that there is somebody to answer."""
    soloist = str(rng.choice(_SOLOISTS))
    others = [str(name) for name in rng.permutation([name for name in KINDS if name != soloist])]
    kinds = [soloist, *others[: _KINDS - 1]]
    return [*kinds, *(str(name) for name in rng.permutation(kinds * 2)[: _BIRDS - _KINDS])]


def _draw_songs(rng: np.random.Generator, names: list[str]) -> Songs:
    """Teach every bird its songs: neighbours of a kind share some of them, as dialects do."""
    shared = {name: [draw_song(rng, KINDS[name]) for _ in range(_SONGS)] for name in dict.fromkeys(names)}
    return np.array([
        [song if rng.uniform() < 0.5 else draw_song(rng, KINDS[name]) for song in shared[name]] for name in names
    ])  # fmt: skip


def _draw_birds(rng: np.random.Generator, names: list[str]) -> Birds:
    """Seat the birds around the listener, and give each one a neighbour who answers."""
    birds = np.zeros((_BIRDS, syrinx.BIRD_FIELDS))
    birds[:, syrinx.DISTANCE_M] = rng.permutation(np.geomspace(5.0, 60.0, _BIRDS))
    birds[0, syrinx.DISTANCE_M] = rng.uniform(7.0, 14.0)
    birds[:, syrinx.PAN] = rng.permutation(np.linspace(-0.95, 0.95, _BIRDS))
    birds[:, syrinx.PAUSE_S] = [0.6 + KINDS[name].pause_s for name in names]
    birds[:, list(_HABIT)] = list(_HABIT.values())
    for i, name in enumerate(names):
        same = [j for j, other in enumerate(names) if other == name and j != i]
        birds[i, syrinx.PARTNER] = rng.choice(same) if same else -1
    birds[:, syrinx.WAIT_S] = rng.exponential(1.0, _BIRDS) * birds[:, syrinx.PAUSE_S]
    birds[0, syrinx.WAIT_S] = rng.uniform(0.2, 0.8)
    return birds


def _start(seed: int) -> _Wood:
    rng = rng_state(seed, "birds")
    who = np.random.default_rng(rng_state(seed, "birds", "who"))
    names = _draw_kinds(who)
    return _Wood(
        rng=rng,
        minds=minds_state(seed, "birds", callers=_BIRDS),
        birds=_draw_birds(who, names),
        hours=[_EARLY_HOURS if name in _EARLY else _DAY_HOURS for name in names],
        hour=-1.0,
        awake=np.zeros(_BIRDS),
        songs=_draw_songs(who, names),
        singing=np.zeros((_BIRDS, syrinx.SYLLABLE_FIELDS)),
        bed=bed_state(seed, "birds"),
        air=10 ** (np.interp(np.log(BED_CENTRES_HZ), np.log(_BED_HZ), _BED_DB) / 20),
        breeze=walks_state(rng, tau_s=np.array([8.0, 2.0, 0.5]), sigma=np.array([1.6, 1.0, 0.5])),
        reverb=reverb_state(decay_s=0.95, longest_s=0.083, dull_hz=7_000.0),
        send=np.zeros(BLOCK_FRAMES, np.float32),
    )


def _wake(wood: _Wood, hour: float) -> None:
    """Say how much each bird feels like singing at this time of day."""
    if hour != wood.hour:
        wood.hour = hour
        wood.awake[:] = [np.interp(24.0 * hour, *curve.T) for curve in wood.hours]


def _render(wood: _Wood, controls: Sequence[float], out: Samples) -> None:
    activity, hour, variety, pitch, _, _ = controls
    _wake(wood, hour)
    breeze_db = step_walks(wood.rng, wood.breeze)
    render_bed(wood.bed, wood.air * (0.009 * 10 ** (breeze_db / 20)), out)
    wood.send[:] = 0.0
    sing_birds(
        wood.rng, wood.minds, wood.birds, wood.songs, wood.singing, wood.awake, 1.0 + (_BIRDS - 1) * activity**1.3,
        0.5 * 4.0**activity, variety, 2.0 ** (1.4 * (pitch - 0.42)), 2.0 ** (0.8 * (pitch - 0.5)),
        wood.send, out,
    )  # fmt: skip
    surround(wood.reverb, wood.send, wet=0.2, air_hz=13_000.0, out=out)


BIRDS: Final = Synth(
    name="birds",
    summary="Songbirds in a wood: individuals with motifs of their own, who answer one another.",
    tags=("animals", "birds", "forest", "morning", "spring"),
    kind="bed",
    controls=(
        Control(name="activity", default=0.5, smooth_s=1.0,
                at_0="one bird, a song now and then", at_half="half a dozen, taking turns",
                at_1="dawn chorus: everybody at once"),
        Control(name="hour", default=0.25, smooth_s=4.0, wraps=True,
                at_0="midnight: nobody sings", at_half="noon: a song here and there",
                at_1="midnight again",
                names=(("night", 0.0), ("dawn", 0.2), ("morning", 0.3), ("noon", 0.54), ("evening", 0.8))),
        Control(name="variety", default=0.7, smooth_s=1.0,
                at_0="one song, taken up by all", at_half="a few songs, and some singers of other kinds",
                at_1="eight kinds, each with its own songs"),
        Control(name="pitch", default=0.5, smooth_s=0.5,
                at_0="large birds: low and slow", at_half="a mixed wood", at_1="small birds: high, thin and quick"),
        *placed("in the trees around", "across a clearing", "deep in the wood, all echo"),
    ),
    reach=Reach(near_m=8.0, far_m=160.0, open_m=40.0),
    source="G. B. Mindlin & R. Laje (2005), The Physics of Birdsong; C. K. Catchpole & P. J. B. Slater (2008), "
           "Bird Song: Biological Themes and Variations.",
    start=_start,
    render=_render,
)  # fmt: skip
