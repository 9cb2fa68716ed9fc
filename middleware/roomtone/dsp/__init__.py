"""Primitives of sound: small kernels with explicit state, made audible by `synths`.

Conventions, kept by every module here:

* A signal is `(frames, channels)` float32, full scale ±1.0. A kernel writes or adds into the `out` that it is given,
  one block of `BLOCK_FRAMES` at a time, and allocates nothing.
* State is explicit: float arrays (often one row per filter) made by a `*_state` function, mutated in place.
* A continuous argument is where it should *arrive at the end of the block*: the kernel keeps the last value in its
  state and walks there sample by sample, so no caller can make a jump.
* Chance is a `Rng` argument. Kernels are `@kernel`: compiled by numba without the interpreter lock, cached on
  disk, and without fast-math, so that the same seed gives the same samples.
"""
