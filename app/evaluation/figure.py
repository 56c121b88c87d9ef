"""The figure of few-shot probes beside the zero-shot line (Radford et al. 2021, figure 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.evaluation.probe import Probe
from store.errors import DataError
from store.files.atomic import replaced


@dataclass(frozen=True)
class Curve:
    """One model: its zero-shot accuracy in %, and its probes."""

    model: str
    zero_shot: float
    probes: Sequence[Probe]


def draw(curves: Sequence[Curve], path: Path, title: str) -> None:
    """Write the figure as a PNG.

    Raises:
        DataError: matplotlib is not installed.
        OSError: the file can't be written.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise DataError("The figure needs matplotlib: pip install 'clipsearch[probe]'") from error
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.subplots()
    most = max((probe.shots or 0 for curve in curves for probe in curve.probes), default=0) or 1
    for number, curve in enumerate(curves):
        colour = f"C{number}"
        few = [probe for probe in curve.probes if probe.shots]
        shots = [float(probe.shots or 0) for probe in few]
        axes.plot(
            shots,
            [probe.accuracy for probe in few],
            "o-",
            color=colour,
            label=f"{curve.model}, linear probe",
        )
        axes.fill_between(
            shots,
            [probe.interval[0] for probe in few],
            [probe.interval[1] for probe in few],
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
        axes.plot([0], [curve.zero_shot], "*", color=colour, markersize=12)
        axes.axhline(
            curve.zero_shot,
            color=colour,
            linestyle="--",
            linewidth=1,
            label=f"{curve.model}, zero-shot",
        )
        whole = next(probe for probe in curve.probes if probe.shots is None)
        axes.axhline(
            whole.accuracy,
            color=colour,
            linestyle=":",
            linewidth=1,
            label=f"{curve.model}, probe of all",
        )
    axes.set_xscale("symlog", base=2, linthresh=1)
    axes.set_xlim(-0.1, most * 1.15)
    ticks = [0, *(2**power for power in range(most.bit_length()))]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.set_xlabel("examples a class")
    axes.set_ylabel("accuracy in %")
    axes.set_title(title)
    axes.legend(loc="best", fontsize="small")
    with replaced(path) as file:
        figure.savefig(file, dpi=150, format="png")
