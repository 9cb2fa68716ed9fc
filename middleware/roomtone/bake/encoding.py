"""Encoding one file: gain, rate, channels, format, loop points and metadata; decoded again before it counts."""

from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from roomtone.audio import SAMPLE_RATE_HZ, Samples, db_to_gain
from roomtone.audio_files import VORBIS_LEVEL, SoundOutput, read_shipped, resampled
from roomtone.bake.jobs import EncodeJob, Written
from roomtone.bake.kept import Kept, raw_name, refused
from roomtone.bake.measuring import WORST_SEAM, loudness_lufs, true_peak_db
from roomtone.errors import AudioError, OutputError
from roomtone.sound_tags import write_tags
from roomtone.texture.loops import CROSSFADE_S, SHORTEST_LOOP_S, loop_seam
from roomtone.texture.measures import Seam

# What a lossy format may add to a peak is found by decoding it, and taken off; a few tries settle it.
_TRIES: Final = 6
_MARGIN_DB: Final = 0.05
# Vorbis at nearly its best, for joints that its usual level would tear.
_FINEST: Final = 0.05
# 24 bits, and single precision.
_ROUNDING: Final = 2.0**-22


def encode_job(job: EncodeJob, kept: Kept, out: Path) -> Written:
    """Write one file whole or not at all.

    Args:
        job: what to write.
        kept: has the samples, as `render_job` kept them.
        out: the order's folder.

    Raises:
        OutputError: the disk fails.
        OSError: the raw samples cannot be read.
    """
    samples = _at_rate(_in_channels(np.load(kept.files.fetch(raw_name(job.heard.key))), job), job)
    path = out / job.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(path, error) from error
    gain_db, level = job.gain_db, VORBIS_LEVEL
    for _ in range(_TRIES):
        written = _write(job, samples * np.float32(db_to_gain(gain_db)), path, gain_db, level)
        over_db = written.true_peak_db - job.true_peak_db
        if over_db > 0.0:
            gain_db -= over_db + _MARGIN_DB
        elif level > _FINEST and _is_torn(job, written):
            level = _FINEST
        else:
            return written
    what = f"its true peak stays {over_db:.1f} dB over {job.true_peak_db:g} dBTP however it is written"
    raise AudioError("bake.true-peak", at=job.path, what=what, fix="ask for a lower --true-peak, or for wav")


def _is_torn(job: EncodeJob, written: Written) -> bool:
    """Whether a joint that was good is not any more: what a codec leaves out ends at the edges of a file."""
    return (
        job.format == "ogg"
        and job.heard.seam is not None
        and written.seam is not None
        and job.heard.seam.percentile <= WORST_SEAM < written.seam.percentile
    )


def _in_channels(samples: Samples, job: EncodeJob) -> Samples:
    have = samples.shape[1]
    if job.channels == "mono" and have > 1:
        return np.asarray(samples.mean(axis=1, keepdims=True))
    if job.channels == "stereo" and have == 1:
        return np.repeat(samples, 2, axis=1)
    return samples


def _at_rate(samples: Samples, job: EncodeJob) -> Samples:
    if job.rate_hz == SAMPLE_RATE_HZ:
        return samples
    if not job.loop:
        return resampled(samples, SAMPLE_RATE_HZ, job.rate_hz)
    return _turned(samples, round(len(samples) * job.rate_hz / SAMPLE_RATE_HZ))


def _turned(loop: Samples, frames: int) -> Samples:
    """Resample a loop as the circle that it is: exact, and as seamless as before (band-limited, over the spectrum)."""
    spectrum = np.fft.rfft(loop.astype(np.float64), axis=0)
    bins = frames // 2 + 1
    kept = np.zeros((bins, loop.shape[1]), np.complex128)
    both = min(bins, len(spectrum))
    kept[:both] = spectrum[:both]
    # What was half of an even spectrum's last bin stands alone in a longer one, and the other way round.
    if frames % 2 == 0:
        kept[-1] = kept[-1].real
    return np.asarray(np.fft.irfft(kept, frames, axis=0) * (frames / len(loop)), np.float32)


def _write(job: EncodeJob, samples: Samples, path: Path, gain_db: float, level: float) -> Written:
    output = SoundOutput(path, channels=samples.shape[1], rate_hz=job.rate_hz, vorbis_level=level)
    try:
        output.write(samples)
        loop = (0, len(samples) - 1) if job.loop else None
        output.finish(lambda staged: write_tags(staged, tags=job.tags, loop=loop, rate_hz=job.rate_hz))
        heard = read_shipped(output.staged)
        measured = _measured(job, samples, heard, gain_db, path)
        data = output.staged.read_bytes()
        written = Written(
            path=job.path,
            key=job.key,
            sha256=sha256(data).hexdigest(),
            size_bytes=len(data),
            frames=len(heard),
            channels=heard.shape[1],
            rate_hz=job.rate_hz,
            loudness_lufs=measured[0],
            true_peak_db=measured[1],
            gain_db=gain_db,
            seam=_seam(job, heard),
        )
        if written.true_peak_db <= job.true_peak_db:
            output.publish()
    finally:
        output.discard()
    return written


def _measured(
    job: EncodeJob, meant: Samples, heard: Samples, gain_db: float, path: Path
) -> tuple[float | None, float]:
    """Return loudness and true peak of what was decoded: known already where it is what was rendered, but for its gain.

    Raises:
        OutputError: `output.incomplete`: what came out of a lossless file is not what went in.
    """
    if job.format == "ogg":
        return loudness_lufs(heard, job.rate_hz), max(true_peak_db(heard, loop=job.loop), -200.0)
    if heard.shape != meant.shape or np.abs(heard - meant).max() > _ROUNDING:
        what = "what was read back is not what was written"
        raise OutputError("output.incomplete", at=str(path), what=what, fix="check the disk")
    if not _is_as_rendered(job):
        return loudness_lufs(heard, job.rate_hz), max(true_peak_db(heard, loop=job.loop), -200.0)
    loudness = job.heard.loudness_lufs
    return None if loudness is None else loudness + gain_db, max(job.heard.true_peak_db + gain_db, -200.0)


def _is_as_rendered(job: EncodeJob) -> bool:
    have = job.heard.channels
    channels = {"keep": have, "mono": 1, "stereo": 2}[job.channels]
    return job.rate_hz == SAMPLE_RATE_HZ and channels == have


def _seam(job: EncodeJob, heard: Samples) -> Seam | None:
    """Measure the joint as it came out of the decoder, where that may differ from what was rendered.

    At other rates it is the one that was rendered: what is measured is made for this one.
    """
    lossless = job.format != "ogg" and _is_as_rendered(job)
    if (
        not job.loop
        or lossless
        or job.rate_hz != SAMPLE_RATE_HZ
        or len(heard) < SHORTEST_LOOP_S * SAMPLE_RATE_HZ
    ):
        return job.heard.seam
    return loop_seam(heard, at=-round(CROSSFADE_S / 2.0 * SAMPLE_RATE_HZ), width_s=CROSSFADE_S)
