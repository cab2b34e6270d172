"""What ha must reach beside the others, and whether it does: ratios of medians."""
# SPDX-License-Identifier: GPL-2.0-only
import statistics

# case, candidate, its rival, what must be reached of the rival's operations or MB/s
RATIOS = [
    ("randwrite-1", "ha", "drbd", 4.5),
    ("randwrite-1", "ha", "md-nvme", 1.2),
    ("randwrite-32-wide", "ha", "drbd", 4.0),
    ("randwrite-32-wide", "ha", "md-nvme", 1.5),
    ("randwrite-32", "ha", "drbd", 2.5),
    ("randwrite-32", "ha", "md-nvme", 1.5),
    ("write-1m-4", "ha", "drbd", 1.4),
    ("write-1m-4", "ha", "md-nvme", 1.2),
    ("randread-32", "ha", "raw", 0.95),
    ("fsync", "ha", "drbd", 3.0),
    ("randwrite-32", "ha-alone", "raw", 0.90),
]
LATENCY = 1.15          # of a round trip and a disk write, at most
BULK = 0.90             # of the slower of link and disk, at least


def median(rows, case, candidate, key):
    """Over the rounds; None when there is none."""
    values = [row[key] for row in rows if (row["case"], row["candidate"]) ==
              (case, candidate) and key in row]
    return statistics.median(values) if values else None


def verdict(text, value, bound, at_least=True):
    """One row: what, the ratio found, the bound, and met, not met or not measured."""
    if value is None:
        word = "not measured"
    else:
        word = "met" if (value >= bound if at_least else value <= bound) else "not met"
    return {"goal": text, "found": value, "bound": bound, "verdict": word}


def ratio(one, other):
    return one / other if one is not None and other else None


def evaluate(result):
    """All rows, from the runs and the probes of a result."""
    runs, link = result["runs"], result["link"]
    rows = [verdict(f"{case}: {who} / {rival} >= {bound}",
                    ratio(median(runs, case, who, "iops"),
                          median(runs, case, rival, "iops")), bound)
            for case, who, rival, bound in RATIOS]
    disk = median(runs, "randwrite-1", "raw", "lat_mean")
    least = disk + statistics.median(p["rtt"]["mean_us"] for p in link) \
        if disk and link else None
    rows.append(verdict(f"randwrite-1: ha's mean latency / (round trip + disk) <= "
                        f"{LATENCY}", ratio(median(runs, "randwrite-1", "ha", "lat_mean"),
                                            least), LATENCY, at_least=False))
    disk = median(runs, "write-1m-4", "raw", "mb_s")
    most = min(disk, statistics.median(p["stream"]["mb_s"] for p in link)) \
        if disk and link else None
    rows.append(verdict(f"write-1m-4: ha / slower of link and disk >= {BULK}",
                        ratio(median(runs, "write-1m-4", "ha", "mb_s"), most), BULK))
    return rows
