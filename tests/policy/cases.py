#!/usr/bin/env python3
"""Compare the engine's plans with the expectations of cases; report per kind.

usage: cases.py PLAN FOLDER [--verbose] [--only NAME]

Levels: L0 our own invariants hold, L1 the same resources run and as many are
promoted, L2 on the same nodes (or ones that the case scores the same), L3 the
same actions. The places are those after one transition or, as some of them
leave to the next one what a plan of ours does, those at rest. What differs on purpose stands in differences.txt, with a reason.
L0 must be whole; primitives and groups must reach 90 % of L1 and 80 % of L2.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import collections
import json
import pathlib
import subprocess
import sys

import translate

HERE = pathlib.Path(__file__).parent
NEEDED = {"L0": 100, "L1": 90, "L2": 80}
HELD = ("primitive", "group")


def kind_of(case):
    kinds = set()

    def walk(rsc):
        kinds.add("promotable" if rsc.get("promotable") else rsc["kind"])
        for child in rsc.get("children", []):
            walk(child)
    for rsc in case["resources"]:
        walk(rsc)
    for kind in ("promotable", "clone", "group"):
        if kind in kinds:
            return kind
    return "primitive"


def plan(program, state):
    done = subprocess.run([program, "--check"], input=json.dumps(state), text=True,
                          capture_output=True, check=False)
    if done.returncode or not done.stdout:
        raise ValueError(done.stderr.strip() or "no plan")
    return json.loads(done.stdout)


def counts(places):
    result = collections.Counter()
    for rsc, _, role in places:
        result[rsc] += 1
        result[rsc, "promoted"] += role == "promoted"
    return +result


def role_of(role):
    return {"starting": "started"}.get(role, role)


def equal_scores(case, rsc, ours, theirs):
    """Does the case score both nodes the same for an instance of this?"""
    for name, scores in case["expect"].get("scores", {}).items():
        if name.split(":")[0] == rsc and ours in scores and \
                scores.get(ours) == scores.get(theirs) and scores[ours] != "-inf":
            return True
    return False


def same_nodes(case, ours, theirs):
    for rsc in {entry[0] for entry in ours | theirs}:
        more = sorted(entry[1:] for entry in ours - theirs if entry[0] == rsc)
        less = sorted(entry[1:] for entry in theirs - ours if entry[0] == rsc)
        if [role for _, role in more] != [role for _, role in less]:
            return False
        for (one, _), (two, _) in zip(more, less):
            if not equal_scores(case, rsc, one, two):
                return False
    return True


def actions_of(case):
    result = collections.Counter()
    for action in case["expect"]["actions"]:
        if action.get("blocked"):
            continue
        if action.get("task", "").startswith("Fence ("):
            result["fence", "", action["node"]] += action["task"] != "Fence (on)"
            continue
        rsc = action.get("resource", "").split(":")[0]
        verb = action.get("action")
        if verb in ("start", "stop", "promote", "demote"):
            result[verb, rsc] += 1
        elif verb in ("move", "restart", "recover"):
            result["stop", rsc] += 1
            result["start", rsc] += 1
    return +result


def our_actions(case, answer):
    """Said as the cases do: a stop includes a demotion, a promotion the start."""
    result, instances = collections.Counter(), collections.defaultdict(list)
    fenced = set()
    for action in answer["actions"]:
        if action["action"] in ("fence", "reset"):
            fenced.add(action["node"])
            result["fence", "", action["node"]] += 1
        elif action["action"] != "exclude":
            instances[action["resource"], action["instance"]].append(action["action"])
    for (rsc, _), acts in instances.items():
        without = ("demote", "promote") if "stop" in acts else \
            ("start", "demote") if "promote" in acts else ()
        if "start" in acts and "stop" in acts:
            acts = set(acts)
        for act in acts:
            result[act, rsc] += act not in without
    for entry in case["status"]:
        result["stop", entry["rsc"]] += entry["node"] in fenced
    return +result


def expected(case, when):
    return {(p["rsc"], p["node"], role_of(p["role"])) for p in case["expect"][when]}


def levels(program, case):
    """The levels a case fails, and what we made of it."""
    answer = plan(program, translate.translate(case))
    ours = {(p["resource"], p["node"], p["role"]) for p in answer["places"]}
    theirs = expected(case, "after_one")
    if not same_nodes(case, ours, theirs) and same_nodes(case, ours, expected(case, "steady")):
        theirs = expected(case, "steady")
    failed = []
    if answer.get("broken"):
        failed.append("L0")
    if counts(ours) != counts(theirs):
        failed.append("L1")
    if not same_nodes(case, ours, theirs):
        failed.append("L2")
    if our_actions(case, answer) != actions_of(case):
        failed.append("L3")
    return failed, answer, ours, theirs


def differences():
    """(case, level) -> reason; a reason goes on in indented lines."""
    result = {}
    for line in (HERE / "differences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip() or line[0].isspace():
            continue
        case, wanted, reason = line.split(None, 2)
        for level in wanted.split(","):
            result[case, level] = reason
    return result


def show(name, failed, answer, ours, theirs):
    print(f"  {name}: {' '.join(failed)}")
    if "broken" in answer:
        print(f"    broken: {answer['broken']}")
    for sign, entries in (("-", theirs - ours), ("+", ours - theirs)):
        for entry in sorted(entries):
            print(f"    {sign} {' '.join(entry)}")


def percent(good, total):
    return 100 * good / total if total else 100


def report(table, excused):
    good = True
    print(f"{'kind':12}{'cases':>6}  " + "".join(f"{level:>14}" for level in
                                                  ("L0", "L1", "L2", "L3")))
    for kind in ("primitive", "group", "clone", "promotable"):
        row, line = table[kind], f"{kind:12}{table[kind]['cases']:6}  "
        for level in ("L0", "L1", "L2", "L3"):
            right = row["cases"] - row[level]
            line += f"{right:6} {percent(right, row['cases']):5.1f} %"
            if level in NEEDED and (level == "L0" or kind in HELD):
                good &= percent(right, row["cases"]) >= NEEDED[level]
        print(line)
    print(f"{excused} of what differs is deliberate: differences.txt")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--only")
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.json"))
    if not paths:
        print(f"policy cases: none in {options.folder}, nothing compared")
        return 0
    known, table, excused = differences(), collections.defaultdict(collections.Counter), 0
    for path in paths:
        case = json.loads(path.read_text(encoding="utf-8"))
        if options.only and case["name"] != options.only:
            continue
        row = table[kind_of(case)]
        row["cases"] += 1
        try:
            failed, answer, ours, theirs = levels(options.program, case)
        except (ValueError, KeyError) as error:
            print(f"  {case['name']}: cannot be translated: {error!r}")
            failed, answer, ours, theirs = ["L1", "L2", "L3"], {}, set(), set()
        for level in failed:
            row[level] += 1
            excused += (case["name"], level) in known
        new = [level for level in failed if (case["name"], level) not in known]
        if new and (new != ["L3"] or options.verbose):
            show(case["name"], new, answer, ours, theirs)
    return 0 if report(table, excused) else 1


if __name__ == "__main__":
    sys.exit(main())
