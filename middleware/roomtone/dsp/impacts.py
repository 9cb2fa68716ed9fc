"""What things sound like that are hit: ringing bodies, and the noise of surfaces that meet. Made ahead, for banks."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from roomtone.audio import SAMPLE_RATE_HZ

_FINE_FRAMES: Final = 64
_GRAIN_KINDS: Final = 4

Sound: TypeAlias = NDArray[np.float64]
"""`(frames,)`."""


@dataclass(frozen=True, slots=True)
class Body:
    """A thing that rings when it is hit.

    Attributes:
        hz: (modes,) its pitches.
        decay_s: (modes,) how long each takes to fall to 1/e.
        level: (modes,) how strongly it is heard when every mode is excited alike.
    """

    hz: NDArray[np.float64]
    decay_s: NDArray[np.float64]
    level: NDArray[np.float64]


def draw_body(
    chance: np.random.Generator,
    *,
    low_hz: float,
    high_hz: float,
    modes: int,
    decay_s: float,
    damping: float = 0.7,
    tilt_db: float = -3.0,
) -> Body:
    """Draw a body, one of its kind.

    Args:
        chance: decides which.
        low_hz: its lowest mode lies about here.
        high_hz: its highest mode lies about here; the others in between, spread by equal ratios, none exactly.
        modes: how many.
        decay_s: of the lowest mode, to 1/e.
        damping: how much sooner high modes die: decay falls as frequency to this power; 1 is one loss a cycle, as in
            wood, 0.3 is metal.
        tilt_db: how much weaker each octave is.
    """
    place = (np.arange(modes) + chance.uniform(-0.4, 0.4, modes)) / max(modes - 1, 1)
    hz = low_hz * (high_hz / low_hz) ** place.clip(-0.1, 1.1)
    octaves = np.log2(hz / low_hz)
    return Body(
        hz=hz,
        decay_s=decay_s * 2.0 ** (-damping * octaves) * np.exp(chance.normal(0.0, 0.25, modes)),
        level=10.0 ** (tilt_db * octaves / 20.0) * np.exp(chance.normal(0.0, 0.35, modes)),
    )


def strike_body(
    chance: np.random.Generator, body: Body, *, contact_s: float, seconds: float, scatter: float = 0.5
) -> Sound:
    """Hit a body once.

    Args:
        chance: decides where it is hit: no two hits excite its modes alike.
        body: what is hit.
        contact_s: how long the two touch: what is shorter than that, by period, is hardly excited. A fingertip is
            2 ms, wood on wood 0.5 ms, steel on steel 0.1 ms.
        seconds: how much is made.
        scatter: how much the modes' levels differ from hit to hit, as a natural logarithm.

    Returns:
        (frames,) starting from zero.

    Source: K. van den Doel & D. K. Pai (1998), "The sounds of physical shapes": modes excited by a contact force
    of finite length.
    """
    frames = round(seconds * SAMPLE_RATE_HZ)
    short = 1.0 / (1.0 + (2.0 * contact_s * body.hz) ** 2)
    excited = body.level * short * np.exp(chance.normal(0.0, scatter, len(body.hz)))
    sound = (excited * chance.choice((-1.0, 1.0), len(body.hz))) @ _rings(body, frames)
    pressed = np.arange(frames) / (0.5 * contact_s * SAMPLE_RATE_HZ + 1e-9)
    return faded(sound * np.minimum(1.0, pressed))


def _rings(body: Body, frames: int) -> NDArray[np.float64]:
    """Let every mode ring at level 1, (modes, frames), from coarse and fine steps: so few exponentials are taken."""
    step = (2j * np.pi * body.hz - 1.0 / body.decay_s)[:, None] / SAMPLE_RATE_HZ
    coarse = np.exp(step * np.arange(0, frames, _FINE_FRAMES))
    fine = np.exp(step * np.arange(_FINE_FRAMES))
    rings = coarse[:, :, None] * fine[:, None, :]
    return np.asarray(rings.imag.reshape(len(body.hz), -1)[:, :frames])


def scrape(
    chance: np.random.Generator,
    *,
    centre_hz: float,
    octaves: float,
    rise_s: float,
    decay_s: float,
    seconds: float,
) -> Sound:
    """Make a burst of noise, as where rough surfaces meet or rub.

    Args:
        chance: its noise.
        centre_hz: where it is strongest.
        octaves: how far from there it has fallen by 6 dB.
        rise_s: how long it takes to come.
        decay_s: to 1/e.
        seconds: how much is made.

    Returns:
        (frames,) with peak 1.
    """
    frames = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(frames) / SAMPLE_RATE_HZ
    hz = np.fft.rfftfreq(2 * frames, 1.0 / SAMPLE_RATE_HZ)
    shape = 1.0 / (1.0 + (np.log2((hz + 15.0) / centre_hz) / octaves) ** 2)
    shape[0] = 0.0
    noise = np.fft.irfft(np.fft.rfft(chance.normal(size=2 * frames)) * shape)[:frames]
    envelope = np.exp(-t / decay_s) * (1.0 - np.exp(-t / max(rise_s, 1e-5)))
    sound = faded(noise * envelope)
    return np.asarray(sound / np.abs(sound).max())


def crumble(
    chance: np.random.Generator,
    *,
    grains: int,
    low_hz: float,
    high_hz: float,
    grain_s: float,
    rise_s: float,
    decay_s: float,
    seconds: float,
    tail: float = 1.6,
) -> Sound:
    """Crush something made of many small things: gravel, snow, dry leaves.

    Args:
        chance: no two are alike.
        grains: how many things give way.
        low_hz: where the largest ring, dully.
        high_hz: where the smallest do.
        grain_s: how long one rings, to 1/e.
        rise_s: how long it takes until the most give way at once.
        decay_s: to 1/e of that, after it.
        seconds: how much is made.
        tail: of the Pareto distribution of their sizes: smaller has larger ones among the many small.

    Returns:
        (frames,) with peak 1.

    Source: P. R. Cook (1997), "Physically informed sonic modeling (PhISM)": collisions of particles as events.
    """
    frames, size = round(seconds * SAMPLE_RATE_HZ), 1 << round(seconds * SAMPLE_RATE_HZ).bit_length()
    begins_s = chance.gamma(2.0, 0.5 * rise_s, grains) + chance.exponential(decay_s, grains)
    begins = np.minimum(begins_s * SAMPLE_RATE_HZ, frames - 1).astype(int)
    sizes = np.minimum((1.0 - chance.uniform(size=grains)) ** (-1.0 / tail), 12.0)
    # What is larger is lower; things of about one pitch sound alike, so that each kind is one convolution.
    rank = np.argsort(np.argsort(-sizes + 2.0 * chance.normal(size=grains)))
    kind = rank * _GRAIN_KINDS // grains
    total = np.zeros(size // 2 + 1, complex)
    for k in range(_GRAIN_KINDS):
        hz = low_hz * (high_hz / low_hz) ** ((k + chance.uniform()) / _GRAIN_KINDS)
        grain = scrape(
            chance, centre_hz=hz, octaves=0.35, rise_s=0.3 * grain_s, decay_s=grain_s, seconds=8 * grain_s
        )
        falls = np.zeros(size)
        mine = kind == k
        np.add.at(falls, begins[mine], sizes[mine] * chance.choice((-1.0, 1.0), int(mine.sum())))
        total += np.fft.rfft(falls) * np.fft.rfft(grain, size)
    sound = faded(np.fft.irfft(total, size)[:frames])
    return np.asarray(sound / np.abs(sound).max())


def draw_room(chance: np.random.Generator, *, decay_s: float, share_db: float, seconds: float) -> Sound:
    """Draw how a room answers: a few echoes that grow to a crowd, and die, the high ones first.

    Args:
        chance: no two rooms are alike.
        decay_s: how long it takes to fall by 60 dB.
        share_db: power of all that comes back against what comes directly, of a sound as bright as noise.
        seconds: how much is made.

    Returns:
        (frames,) what comes back of a click, without the click itself.

    Source: J. A. Moorer (1979), "About this reverberation business": noise that decays; echo density after
    H. Kuttruff, "Room acoustics".
    """
    frames = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(frames) / SAMPLE_RATE_HZ
    # Echoes a second grow with the square of time: the first come one by one.
    dense = np.minimum(1.0, (t / 0.018) ** 2)
    echoes = chance.normal(size=frames) * (chance.uniform(size=frames) < 0.3 * dense + 0.002 * (t > 0.003))
    spectrum, hz = np.fft.rfft(echoes, 2 * frames), np.fft.rfftfreq(2 * frames, 1.0 / SAMPLE_RATE_HZ)
    total = np.zeros(frames)
    for low_hz, high_hz, longer in ((120.0, 700.0, 1.1), (700.0, 3_000.0, 1.0), (3_000.0, 11_000.0, 0.7)):
        band = 1.0 / (1.0 + (low_hz / (hz + 1.0)) ** 4) - 1.0 / (1.0 + (high_hz / (hz + 1.0)) ** 4)
        total += np.fft.irfft(spectrum * band)[:frames] * 10.0 ** (-3.0 * t / (longer * decay_s))
    return np.asarray(faded(total) * 10.0 ** (share_db / 20.0) / np.sqrt((total**2).sum()))


def heard_in(room: Sound, sound: Sound) -> Sound:
    """Hear a sound together with what comes back of it, (frames + room's frames,)."""
    frames = len(sound) + len(room)
    size = 1 << frames.bit_length()
    back = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size))[:frames]
    back[: len(sound)] += sound
    return np.asarray(back)


def faded(sound: Sound) -> Sound:
    """Let the last fifth of a sound fade, so that it ends in silence."""
    ending = np.minimum(1.0, np.arange(len(sound))[::-1] / (0.2 * len(sound)))
    return np.asarray(sound * ending)


def mixed(*parts: tuple[float, Sound, float], seconds: float) -> Sound:
    """Lay sounds over one another.

    Args:
        *parts: (when it begins in s, the sound, gain).
        seconds: how long the whole is; what lasts longer is cut.
    """
    total = np.zeros(round(seconds * SAMPLE_RATE_HZ))
    for start_s, sound, gain in parts:
        first = round(start_s * SAMPLE_RATE_HZ)
        length = min(len(sound), len(total) - first)
        if length > 0:
            total[first : first + length] += gain * sound[:length]
    return faded(total)
