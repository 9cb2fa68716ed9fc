"""The kernels' own Fourier transform is the one of the textbooks."""

import numpy as np

from roomtone.dsp.fourier import FRAME, inverse_transform


def _inverse(spectrum):
    x = np.stack((spectrum.real, spectrum.imag)).astype(np.float32)
    inverse_transform(x, np.empty_like(x))
    return x[0] + 1j * x[1]


def test_any_spectrum_becomes_the_frame_that_numpy_makes_of_it():
    rng = np.random.default_rng(1)
    spectrum = rng.normal(size=FRAME) + 1j * rng.normal(size=FRAME)
    assert np.allclose(_inverse(spectrum), FRAME * np.fft.ifft(spectrum), atol=2e-5 * FRAME**0.5)


def test_each_bin_alone_is_one_turning_tone():
    for k in (0, 1, 37, 480, 959):
        tone = np.exp(2j * np.pi * k * np.arange(FRAME) / FRAME)
        assert np.allclose(_inverse(np.eye(FRAME)[k]), tone, atol=1e-5)
