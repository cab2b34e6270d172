#!/usr/bin/python3
"""Draw what size and number cost: scale_plot.py SCALE.json; the pictures lie beside it.

Run by the Python that Debian's matplotlib belongs to.
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt     # noqa: E402

GIB = 1 << 30
TIMES = [("create", "create-md"), ("up", "up"), ("in_sync", "up until in sync"),
         ("resync", "resync of 3 MiB"), ("down", "down")]


def curves(axes, rows, x, names, label):
    for key, title in names:
        axes.plot(x, [row[key] for row in rows], marker="o", markersize=3, label=title)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label)
    axes.grid(linewidth=0.4)
    axes.legend(fontsize=8)


def main():
    path = pathlib.Path(sys.argv[1])
    found = json.loads(path.read_text())
    plt.rcParams["svg.hashsalt"] = "ha"
    figure, axes = plt.subplots(2, 2, figsize=(11, 7), layout="constrained")
    sizes, numbers = found["sizes"], found["numbers"]
    x = [row["size"] / GIB for row in sizes]
    curves(axes[0][0], sizes, x, TIMES, "seconds")
    curves(axes[0][1], sizes, x, [("mib", "one end")], "memory, MiB")
    for one in axes[0]:
        one.set_xlabel("size, GiB (log)")
    x = [row["number"] for row in numbers]
    curves(axes[1][0], numbers, x, [("up", "up all"), ("connected", "all connected"),
                                    ("down", "down all")], "seconds")
    curves(axes[1][1], numbers, x, [("idle", "idle CPU, %"),
                                    ("threads", "threads of each")], "")
    for one in axes[1]:
        one.set_xlabel("resources (log)")
    figure.suptitle(f"size and number: Linux {found['kernel']}", fontsize=10)
    figure.savefig(path.with_suffix(".png"), dpi=110)
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})


if __name__ == "__main__":
    main()
