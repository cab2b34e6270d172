#!/usr/bin/python3
"""Draw a result: plots.py RESULT.json DIRECTORY; each picture as PNG and as SVG.

Run by the Python that Debian's matplotlib belongs to.
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import pathlib
import statistics
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt     # noqa: E402

# told apart by those who see few colours, too
COLOURS = {"raw": "#999999", "linear": "#cccccc", "drbd-alone": "#e69f00",
           "ha": "#0072b2", "ha-alone": "#56b4e9", "drbd": "#d55e00",
           "md-nvme": "#009e73", "md-nbd": "#cc79a7"}
POINTS = ["p50", "p95", "p99", "p99.9"]


def values(result, case, who, key):
    return [run[key] for run in result["runs"] if key in run
            and run["case"] == case and run["candidate"] == who]


def bars(axes, result, names, keys):
    """One group of bars for each case; the thin lines are the spread of the rounds."""
    width = 0.8 / len(result["candidates"])
    for place, who in enumerate(result["candidates"]):
        found = [sum_of(result, name, who["name"], keys) for name in names]
        found = [each or [float("nan")] for each in found]
        middle = [statistics.median(each) for each in found]
        error = [[m - min(each) for m, each in zip(middle, found)],
                 [max(each) - m for m, each in zip(middle, found)]]
        axes.bar([x + place * width - 0.4 + width / 2 for x in range(len(names))],
                 middle, width, yerr=error, label=who["title"], ecolor="black",
                 color=COLOURS.get(who["name"]), error_kw={"linewidth": 0.8})
    axes.set_xticks(range(len(names)))
    axes.set_xticklabels(names, rotation=20, ha="right")
    axes.grid(axis="y", linewidth=0.4)
    axes.set_axisbelow(True)


def sum_of(result, case, who, keys):
    return [sum(parts) for parts in zip(*(values(result, case, who, k) for k in keys))]


def operations(result, figure):
    small = [c["name"] for c in result["cases"] if c["block"] == 4]
    axes = figure.add_subplot()
    bars(axes, result, small, ["iops"])
    axes.set_yscale("log")
    axes.set_ylabel("4 KiB operations per second (log)")
    axes.legend(ncol=3, fontsize=8)


def cpu(result, figure):
    names = [c["name"] for c in result["cases"] if c["block"] == 4]
    axes = figure.add_subplot()
    bars(axes, result, names, ["cpu_here", "cpu_there"])
    axes.set_yscale("log")
    axes.set_ylabel("CPU of both machines per operation, us (log)")
    axes.legend(ncol=3, fontsize=8)


def bulk(result, figure):
    names = [c["name"] for c in result["cases"] if c["block"] > 4]
    axes = figure.add_subplot(1, 2, 1)
    bars(axes, result, names, ["mb_s"])
    axes.set_ylabel("MB/s")
    axes.legend(fontsize=7)
    axes = figure.add_subplot(1, 2, 2)
    for place, key in enumerate(("alone", "loaded", "verify")):
        for row, who in enumerate(result["candidates"]):
            found = [r[key]["mb_s"] for r in result["resync"]
                     if r["candidate"] == who["name"] and r[key].get("mb_s")]
            if found:
                axes.bar(place + row * 0.13 - 0.33, statistics.median(found), 0.13,
                         color=COLOURS.get(who["name"]))
    axes.set_xticks(range(3))
    axes.set_xticklabels(["resync", "resync with load", "verify"])
    axes.grid(axis="y", linewidth=0.4)


def latency(result, figure):
    """Percentiles of depth 1, and of the load without and with a resync."""
    first = figure.add_subplot(1, 2, 1)
    second = figure.add_subplot(1, 2, 2, sharey=first)
    for who in result["candidates"]:
        runs = [run for run in result["runs"] if run["case"] == "randwrite-1"
                and run["candidate"] == who["name"]]
        draw_percentiles(first, runs, who, "-")
        found = [r["loaded"] for r in result["resync"] if r["candidate"] == who["name"]]
        draw_percentiles(second, [r["idle"] for r in found], who, ":")
        draw_percentiles(second, [r["during"] for r in found], who, "-")
    first.set_title("4k randwrite, depth 1", fontsize=10)
    second.set_title("the same: idle (dotted), during a resync", fontsize=10)
    first.set_ylabel("latency, us (log)")
    first.legend(fontsize=8)
    for axes in (first, second):
        axes.set_yscale("log")
        axes.grid(linewidth=0.4)


def draw_percentiles(axes, runs, who, style):
    if runs:
        axes.plot(POINTS, [statistics.median(run[f"lat_{point}"] for run in runs)
                           for point in POINTS], style, marker="o", markersize=3,
                  color=COLOURS.get(who["name"]), label=who["title"])


def goals(result, figure):
    """How far each goal is reached: 1 is the bound."""
    axes = figure.add_subplot()
    rows = [row for row in result["goals"] if row["found"]]
    lengths = [row["bound"] / row["found"] if "<=" in row["goal"]
               else row["found"] / row["bound"] for row in rows]
    colours = ["#009e73" if row["verdict"] == "met" else "#d55e00" for row in rows]
    axes.barh([row["goal"] for row in rows], lengths, color=colours)
    axes.axvline(1, color="black", linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel("reached / required")


PICTURES = {"operations": (operations, 10, 5), "cpu": (cpu, 10, 5), "bulk": (bulk, 10, 4),
            "latency": (latency, 10, 5), "goals": (goals, 9, 5)}


def draw(result, directory):
    """All pictures; the same result gives the same bytes."""
    plt.rcParams["svg.hashsalt"] = "ha"
    for name, (paint, width, height) in PICTURES.items():
        figure = plt.figure(figsize=(width, height), layout="constrained")
        paint(result, figure)
        note = "Linux {kernel}, {machines}, {rounds} rounds".format(**result["about"])
        figure.suptitle(f"{name}: {note}", fontsize=10)
        figure.savefig(directory / f"{name}.png", dpi=110)
        figure.savefig(directory / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    draw(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
