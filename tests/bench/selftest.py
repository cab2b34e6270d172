#!/usr/bin/env python3
"""Is what the benchmark concludes right? Made-up results, no machines."""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import sys
import types

import bench
import cases
import counters
import goals
import report
import resync


def result(**iops):
    """Three rounds of each candidate; the middle one is the figure."""
    runs = [{"case": "randwrite-1", "candidate": who.replace("_", "-"), "iops": value,
             "lat_mean": 1e6 / value, "mb_s": value * 4096 / 1e6}
            for who, middle in iops.items() for value in (middle, middle / 9, middle * 9)]
    return {"runs": runs, "link": [{"rtt": {"mean_us": 500.0},
                                    "stream": {"mb_s": 100.0}}]}


def verdicts(found):
    return {row["goal"]: row["verdict"] for row in goals.evaluate(found)}


def test_ratio_met_and_not():
    assert verdicts(result(ha=450, drbd=100))["randwrite-1: ha / drbd >= 4.5"] == "met"
    assert verdicts(result(ha=449, drbd=100))["randwrite-1: ha / drbd >= 4.5"] \
        == "not met"


def test_what_is_missing_is_not_met():
    found = verdicts(result(ha=450))
    assert set(found.values()) == {"not measured"}, found


def test_latency_bound_is_an_upper_one():
    name = "randwrite-1: ha's mean latency / (round trip + disk) <= 1.15"
    # 500 us there and back, 500 us the disk: 1150 us are allowed
    assert verdicts(result(raw=2000, ha=1e6 / 1149))[name] == "met"
    assert verdicts(result(raw=2000, ha=1e6 / 1151))[name] == "not met"


def test_slower_of_link_and_disk():
    name = "write-1m-4: ha / slower of link and disk >= 0.9"
    for disk, reached, word in ((500, 91, "met"), (500, 89, "not met"), (50, 46, "met")):
        found = result()
        found["runs"] = [{"case": "write-1m-4", "candidate": who, "mb_s": value,
                          "iops": value} for who, value in (("raw", disk),
                                                            ("ha", reached))]
        assert verdicts(found)[name] == word, (disk, reached)


def test_spread():
    assert report.spread([3, 1, 20]) == "3 (1..20)"
    assert report.spread([]) == "-"


def test_order_turns():
    assert [bench.turned([1, 2, 3], n) for n in range(3)] == \
        [[1, 2, 3], [2, 3, 1], [3, 1, 2]]


def test_short_run_ends_in_time():
    """However slow the machine: what is planned fits, or is one round of the least."""
    for overhead in (0.5, 3, 12):
        for left in (570, 300, 140):
            one = types.SimpleNamespace(
                options=types.SimpleNamespace(quick=True),
                cases=cases.chosen(True), up=[types.SimpleNamespace(only=None)] * 6,
                overhead=overhead,
                left=lambda: left, reserve=bench.RESYNC_SECONDS)
            each = bench.Bench.seconds(one, 2)
            runs = len(one.cases) * len(one.up) * 2
            wide = sum(case.wide for case in one.cases) * len(one.up) * 2
            needed = runs * (each + overhead) + wide * 3 * each
            assert each == 0 or needed <= left - bench.RESYNC_SECONDS, (overhead, left)


def test_rate_is_of_the_middle():
    # slow to start and to end, 100 MB/s between
    track = [(0, 0), (5, 10e6), (5.8, 90e6), (20, 100e6)]
    assert abs(resync.rate(track, 100e6) - 100) < 1e-6


def test_counters_take_what_lies_inside():
    one = counters.Counters([])
    one.track = [[0, 0, 0], [1, 5, 100], [3, 6, 300], [4, 60, 900]]
    assert one.per_second(1, 3) == [0.5, 100]
    assert one.per_second(1, 2) is None


def test_cpu_per_operation():
    before = {"busy": [0, 0], "clock": [0, 0]}
    after = {"busy": [10 ** 9, 10 ** 8], "clock": [2 * 10 ** 9, 10 ** 9]}
    assert cases.guest_cpu(before, after, 1000) == {"cpu_here": 500, "cpu_there": 100}


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    failed, tests = 0, [(name, test) for name, test in globals().items()
                        if name.startswith("test_")]
    for name, test in tests:
        try:
            test()
        except Exception as error:      # whatever it is, it failed
            failed += 1
            print(f"FAIL {name}: {type(error).__name__}: {error}")
    print(f"{len(tests) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
