"""Models that need no framework: an adapter of a few lines in a folder of the library, for tests of all around it."""

import json
from pathlib import Path

from roomtone.models.families import Licence
from roomtone.models.library import Installed, digest_of, record_files, write_manifest

NOISE = '''
import os, sys, time
import numpy as np


class Noise:
    """Noise in the colour of its prompt's length. It can be told to die, hang, fall silent or break.

    With the option `drops` it swells and is full of single drops that an ear would know again. The file that the option
    `loads` names has a line for each time it was loaded.
    """

    def __init__(self, folder, *, device, options):
        self.options = options
        if "loads" in options:
            with open(options["loads"], "a") as file:
                file.write("loaded\\n")
        self.capabilities = {
            "family": "noise", "sample_rate_hz": 16000, "channels": 1, "longest_s": 10.0,
            "batch": options.get("batch", 2), "steps": 4,
        }

    def generate(self, jobs, step):
        for job in jobs:
            if "die" in job["prompt"]:
                os._exit(9)
            if "hang" in job["prompt"]:
                time.sleep(1000.0)
        for i in range(4):
            time.sleep(self.options.get("step_s", 0.0))
            step(i + 1, 4)
        return [self._clip(job) for job in jobs]

    def _clip(self, job):
        rng = np.random.default_rng(job["seed"])
        noise = rng.standard_normal((round(16000 * job["seconds"]), 1))
        smooth = 1 + len(job["prompt"]) % 7
        kernel = np.ones(smooth) / smooth
        samples = np.convolve(noise[:, 0], kernel, "same")[:, None] * 0.1
        if self.options.get("drops"):
            samples = samples * 0.5 + self._drops(rng, len(samples))
            swell = np.interp(np.arange(len(samples)), np.arange(0, len(samples) + 8000, 8000),
                              rng.uniform(0.7, 1.3, len(range(0, len(samples) + 8000, 8000))))
            samples = samples * swell[:, None]
        if "silent" in job["prompt"]:
            samples = samples * 0.0
        if "NaN" in job["prompt"]:
            samples[100] = np.nan
        return self._output(samples)

    def _drops(self, rng, frames):
        drops = np.zeros((frames, 1))
        for start in rng.integers(0, frames - 400, frames // 400):
            t = np.arange(400) / 16000.0
            hz, tau = rng.uniform(800.0, 6000.0), rng.uniform(0.002, 0.008)
            drops[start:start + 400, 0] += 0.2 * rng.pareto(3.0) * np.sin(6.2832 * hz * t) * np.exp(-t / tau)
        return drops

    def _output(self, samples):
        return {
            "samples": samples.astype(np.float32), "rate_hz": 16000, "latent": {"z": samples[:8]},
            "notes": {"python": "%d.%d" % sys.version_info[:2], "executable": sys.executable},
        }
'''


def install_noise(models_dir: Path, name: str = "noise", *, python: str = "", **options: object) -> Installed:
    """Put the noise model into a library."""
    home = models_dir / name
    home.mkdir(parents=True)
    (home / "adapter.py").write_text(NOISE, encoding="utf-8")
    (home / "weights.json").write_text(json.dumps({"name": name}), encoding="utf-8")
    files = record_files(home)
    model = Installed(
        name=name,
        family="noise",
        folder=home,
        weights=digest_of(files, options),
        licence=Licence(name="CC0", commercial="yes"),
        adapter=f"{home / 'adapter.py'}:Noise",
        python=python,
        options=options,
        files=files,
    )
    write_manifest(model, home, adapter="adapter.py:Noise")
    return model
