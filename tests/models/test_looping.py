"""A clip that should close on itself does, however its model went about it, and says how well."""

import numpy as np
import pytest

from roomtone.audio import Samples
from roomtone.errors import ModelError
from roomtone.models.finish import Finished, finish
from roomtone.models.looping import SPLICE, closed
from roomtone.synths import SYNTHS
from roomtone.synths.voice import Voice


def rain(seconds: float = 6.0, seed: int = 3) -> Samples:
    return Voice(SYNTHS["rain"], seed).read(round(seconds * 48_000))


def circular(seconds: float = 6.0) -> Samples:
    """Noise that really is a circle: made of whole periods."""
    frames = round(seconds * 48_000)
    rng = np.random.default_rng(2)
    spectrum = rng.standard_normal((frames // 2 + 1, 1)) * np.exp(
        2j * np.pi * rng.random((frames // 2 + 1, 1))
    )
    spectrum /= np.maximum(np.arange(frames // 2 + 1), 50.0)[:, None]
    noise = np.fft.irfft(spectrum, n=frames, axis=0)
    return (0.1 * noise / np.abs(noise).max()).astype(np.float32)


def gated(samples: Samples, *, loop: bool) -> Finished:
    return finish(samples, 48_000, seconds=len(samples) / 48_000, loop=loop)


def largest_joint_step(samples: Samples) -> float:
    return float(np.abs(samples[0] - samples[-1]).max())


def test_a_loop_that_closes_is_kept_as_its_model_made_it() -> None:
    made = gated(circular(), loop=True)
    looped = closed(made, "latent")
    assert looped.how == "latent"
    assert looped.finished is made
    assert looped.seam.percentile < 80.0
    assert looped.notes() == {"loop": "latent", "loop_seam_percentile": round(looped.seam.percentile, 1)}


def test_a_clip_whose_model_cannot_close_it_is_spliced() -> None:
    looped = closed(gated(rain(), loop=False), "")
    assert looped.how == SPLICE
    assert looped.seam.percentile < 95.0
    samples = looped.finished.samples
    interior = np.abs(np.diff(samples, axis=0)).max(axis=1)
    assert largest_joint_step(samples) <= np.percentile(interior, 99.9)
    assert looped.finished.measures.seconds == pytest.approx(len(samples) / 48_000, abs=0.02)


def test_of_a_loop_that_its_model_closed_badly_the_splice_is_taken() -> None:
    torn = rain()
    torn[-4800:] *= np.linspace(1.0, 0.02, 4800, dtype=np.float32)[:, None]
    looped = closed(gated(torn, loop=True), "latent")
    assert looped.how == SPLICE


def test_a_clip_too_short_to_be_closed_is_refused() -> None:
    with pytest.raises(ModelError) as raised:
        closed(gated(rain(1.0), loop=False), "")
    assert raised.value.code == "clip.no-loop"
