"""A result as text: medians with their spread, probes, resync, goals."""
# SPDX-License-Identifier: GPL-2.0-only
import statistics

COLUMNS = [("iops", "IOPS", 0), ("mb_s", "MB/s", 1), ("lat_mean", "mean us", 0),
           ("lat_p99", "p99 us", 0), ("cpu_here", "CPU us/op", 0),
           ("cpu_there", "peer us/op", 0), ("qemu_here", "QEMU us/op", 0),
           ("qemu_there", "peer us/op", 0), ("insn_here", "k insn/op", 1),
           ("insn_there", "peer", 1)]


def spread(values, digits=0):
    """median (least..most)"""
    if not values:
        return "-"
    texts = [f"{value:.{digits}f}" for value in
             (statistics.median(values), min(values), max(values))]
    return f"{texts[0]} ({texts[1]}..{texts[2]})" if len(values) > 1 else texts[0]


def table(head, rows):
    """Columns as wide as they must be; the first two to the left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, ["-" * width for width in widths], *rows]:
        lines.append("  ".join(text.ljust(width) if i < 2 else text.rjust(width)
                               for i, (text, width) in enumerate(zip(row, widths))))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def cases(result):
    """Instructions have columns only where they were counted."""
    columns = [c for c in COLUMNS if any(c[0] in run for run in result["runs"])]
    rows = []
    for case in result["cases"]:
        for who in result["candidates"]:
            runs = [run for run in result["runs"] if run["case"] == case["name"]
                    and run["candidate"] == who["name"]]
            if not runs:
                continue
            rows.append([case["name"], who["name"]] +
                        [spread([run[key] for run in runs if key in run], digits)
                         for key, _, digits in columns])
    return table(["case", "candidate", *(title for _, title, _ in columns)], rows)


def link(result):
    probes = result["link"]
    if not probes:
        return "not measured\n"
    return "TCP, 4 KiB out, 32 B back: mean {} us, median {} us\nTCP stream: {} MB/s\n" \
        .format(spread([p["rtt"]["mean_us"] for p in probes]),
                spread([p["rtt"]["p50_us"] for p in probes]),
                spread([p["stream"]["mb_s"] for p in probes], 1))


def resync(result):
    """MB/s, and the load's p99 without and with a resync."""
    rows = []
    for who in result["candidates"]:
        found = [r for r in result["resync"] if r["candidate"] == who["name"]]
        if found:
            rows.append([who["name"], *resync_row(found)])
    head = ["candidate", "resync MB/s", "with load", "load p99 us", "during resync",
            "ratio", "resync share", "verify MB/s"]
    return "load: 4k randwrite, depth 1; share: of the load's time under resync\n\n" \
        + table(head, rows)


def resync_row(found):
    def over(*path, digits=0):
        values = []
        for value in found:
            for key in path:
                value = value.get(key) if value else None
            values.append(value)
        values = [value for value in values if value is not None]
        return spread(values, digits) if values else "-"
    return [over("alone", "mb_s", digits=1), over("loaded", "mb_s", digits=1),
            over("loaded", "idle", "lat_p99"), over("loaded", "during", "lat_p99"),
            over("loaded", "p99_ratio", digits=2), over("loaded", "covered", digits=2),
            found[0]["verify"].get("reason") or over("verify", "mb_s", digits=1)]


def goals(result):
    rows = [[row["goal"], row["verdict"],
             "-" if row["found"] is None else f"{row['found']:.2f}"]
            for row in result["goals"]]
    return table(["goal", "", "found"], rows)


def problems(result):
    return "".join(f"{who}: {reason}\n" for who, reason in result["problems"]) or "none\n"


def text(result):
    """The whole report."""
    head = "".join(f"{key}: {value}\n" for key, value in result["about"].items())
    parts = [("", head), ("Goals", goals(result)), ("The wire", link(result)),
             ("Cases: median (least..most)", cases(result)),
             ("Resync and verify", resync(result)),
             ("Could not run", problems(result))]
    return "\n".join((f"{title}\n{'=' * len(title)}\n\n" if title else "") + body
                     for title, body in parts)
