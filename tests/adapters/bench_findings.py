"""What the benchmark of the models might have found on a card that is not here."""

from roomtone.models.adapters.bench.results import OURS, Agreement, Measured, Way


def way(name: str, took_s: float, batch: int = 1) -> Way:
    return Way(
        name=name,
        dtype="fp16",
        batch=batch,
        graphs=True,
        compiled=False,
        steps=100,
        audio_s=10.0 * batch,
        took_s=took_s,
        memory_gb=12.0,
    )


def on_a_card(family: str, *, took_s: float) -> Measured:
    return Measured(
        family=family,
        size="real",
        device="cuda",
        card="a card",
        torch="2",
        threads=8,
        parameters=10**9,
        seconds=10.0,
        ways=(way("plain fp32", 20.0), way("plain fp16", 10.0), way(OURS, took_s, batch=16)),
        agreement=Agreement(measure="latents", found=0.01, other=0.5, limit=0.1),
        cancel_s=0.02,
        longest_gap_s=0.1,
        load_s=3.0,
        loaded_from="memory",
    )
