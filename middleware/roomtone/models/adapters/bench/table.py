"""Figures about speed as text, for people."""

from collections.abc import Iterator

from roomtone.models.adapters.bench.results import OURS, Failed, Measured, Way


def as_text(found: Measured | Failed) -> str:
    """Lay out what was found out about a family."""
    if isinstance(found, Failed):
        mend = f"; {found.fix}" if found.fix else ""
        return f"✗ {found.family}: {found.what}{mend} [{found.code}]"
    return "\n".join(_lines(found))


def _lines(found: Measured) -> Iterator[str]:
    threads = f", {found.threads} threads" if found.device == "cpu" else ""
    size = f"{found.size} ({found.parameters / 1e6:.4g} M)"
    yield f"{found.family}, {size}, clips of {found.seconds:g} s, {found.card}{threads}"
    for way in found.ways:
        yield f"    {way.name:28} {_how(way):34} {way.speed:9.3g} s of sound a second{_ratios(found, way)}"
    clip = next((way for way in found.others if way.batch == 1), found.plain[0])
    wanted = {False: "DO NOT AGREE", True: "agree"}[found.agreement.holds]
    yield (
        f"    one clip in {clip.took_s:.3g} s, the library's in {found.plain[0].took_s:.3g} s; "
        f"cancelled within {found.cancel_s * 1000:.3g} ms, {found.longest_gap_s * 1000:.3g} ms at worst; "
        f"loaded from {found.loaded_from} in {found.load_s:.3g} s"
    )
    for missed in found.missed:
        yield f"    not measured: {missed}"
    yield (
        f"    they {wanted}: {found.agreement.measure} {found.agreement.found:.3g} apart, "
        f"{found.agreement.limit:g} at most; for another prompt {found.agreement.other:.3g}"
    )


def _how(way: Way) -> str:
    how = [way.dtype, f"{way.batch} at once"]
    how += ["recorded"] * way.graphs + ["compiled"] * way.compiled
    how += [f"{way.steps} steps"] if way.steps else []
    how += [] if way.memory_gb is None else [f"{way.memory_gb:.1f} GB"]
    return ", ".join(how)


def _ratios(found: Measured, way: Way) -> str:
    if way.is_plain:
        return ""
    ratios = ", ".join(f"{ratio:.3g} × {name}" for name, ratio in found.ratios(way).items())
    if way.name != OURS or found.bar is None:
        return f"   {ratios}"
    missed = [name for name, ratio in found.ratios(way).items() if ratio < found.bar]
    return f"   {ratios}   bar {found.bar:g} ×: {'holds' if not missed else 'MISSED against ' + ', '.join(missed)}"
