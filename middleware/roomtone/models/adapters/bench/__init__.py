"""How fast the models are, measured: each family against its library's own call, one prompt at a time, in one run.

`python -m roomtone.models.adapters.bench` and `roomtone bench-models` are the same. Weights are random, so that none
are needed: what is measured is the architecture, at the size of the published models on CUDA (`sizes.py`), tiny
elsewhere. What is timed is the adapters' own `generate`, as a worker calls it.

Each family has a process of its own, so that one that fails costs no other. Of these modules only `family`, and what it
imports, imports PyTorch.
"""
