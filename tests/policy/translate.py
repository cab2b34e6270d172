"""A policy case of another cluster manager, as the engine's STATE.json."""
# SPDX-License-Identifier: GPL-2.0-only
import rules

YES = ("true", "yes", "on", "1", "y")
ROLES = {"master": "promoted", "slave": "unpromoted", "promoted": "promoted",
         "unpromoted": "unpromoted", "stopped": "stopped", "started": "started"}
NOW = 1_700_000_000


def yes(value, default=False):
    if value is None:
        return default
    return str(value).lower() in YES


def score(value, default=0):
    if value is None:
        return default
    text = str(value).lower().lstrip("+")
    if text in ("inf", "infinity"):
        return "inf"
    if text in ("-inf", "-infinity"):
        return "-inf"
    try:
        return int(float(text))
    except ValueError:
        return default


def seconds(value):
    """A time as the tools write it, in milliseconds."""
    text = str(value or "0").strip().lower()
    for unit, factor in (("ms", 1), ("msec", 1), ("us", 0), ("s", 1000), ("sec", 1000),
                         ("min", 60000), ("m", 60000), ("hr", 3600000), ("h", 3600000)):
        if text.endswith(unit) and text[:-len(unit)].strip().isdigit():
            return int(text[:-len(unit)]) * factor
    try:
        return int(float(text) * 1000)
    except ValueError:
        return 0


class Case:
    """Looks up what the parts of the translation need of each other."""

    def __init__(self, case):
        self.case = case
        self.primitives, self.parents, self.metas, self.data = [], {}, {}, {}
        self.fencing = yes(case["options"].get("stonith-enabled"), True)
        for rsc in case["resources"]:
            self.walk(rsc, None)
        self.templates = {}
        for rsc in self.primitives:
            if rsc.get("template"):
                self.templates.setdefault(rsc["template"], []).append(rsc["id"])

    def walk(self, rsc, parent):
        own = dict(rsc.get("meta", {}))
        base = self.metas[parent] if parent else self.case["rsc_defaults"]
        self.metas[rsc["id"]] = {**base, **own}
        self.data[rsc["id"]] = rsc
        self.parents[rsc["id"]] = parent
        if rsc["kind"] == "primitive":
            self.primitives.append(rsc)
        for child in rsc.get("children", []):
            self.walk(child, rsc["id"])

    def agent(self, rsc):
        for template in self.case.get("templates", []):
            if template["id"] == rsc.get("template"):
                return template.get("agent") or ""
        return rsc.get("agent") or ""

    def is_fence(self, rsc):
        return self.agent(rsc).startswith("stonith:")

    def top(self, name):
        while self.parents.get(name):
            name = self.parents[name]
        return name

    def is_primitive(self, name):
        return name in self.data and self.data[name]["kind"] == "primitive"

    def in_clone(self, name):
        return self.data[self.top(name)]["kind"] == "clone"

    def promotable(self, name):
        return bool(self.data[self.top(name)].get("promotable"))

    def expand(self, name):
        """A template's name stands for all that are made of it."""
        if name in self.data:
            return [name]
        return self.templates.get(name, [])


def operations(case, rsc):
    """on-fail of each operation; the monitors share one."""
    result = {}
    for op in rsc.get("ops", []):
        name, what = op["name"], op.get("on-fail")
        if what and name in ("monitor", "start", "stop", "promote", "demote"):
            result.setdefault("fail_" + name, what.lower())
    known = ("ignore", "restart", "stop", "block", "demote", "standby", "fence")
    result = {key: value for key, value in result.items() if value in known}
    if not case.fencing:
        result = {key: value for key, value in result.items() if value != "fence"}
    return result


def needs(case, rsc, meta):
    wanted = str(meta.get("requires", "")).lower()
    if wanted == "nothing":
        return "nothing"
    if wanted == "quorum" or case.is_fence(rsc):
        return "quorum"
    return "default"


def primitive(case, rsc, meta):
    multiple = str(meta.get("multiple-active", "")).replace("_", "-")
    result = {
        "stickiness": score(meta.get("resource-stickiness"),
                            1 if case.in_clone(rsc["id"]) else 0),
        "limit": score(meta.get("migration-threshold"), "inf"),
        "forget_ms": seconds(meta.get("failure-timeout")),
        "unmanaged": not yes(meta.get("is-managed"), True),
        "maintenance": yes(meta.get("maintenance")),
        "needs": needs(case, rsc, meta), **operations(case, rsc)}
    role = ROLES.get(str(meta.get("target-role", "")).lower())
    if role == "stopped" or (role == "unpromoted" and case.promotable(rsc["id"])):
        result["target"] = role
    if multiple in ("stop-start", "stop-only", "block"):
        result["multiple"] = multiple
    return result


def number(meta, name, usual):
    value = score(meta.get(name), usual)
    return 1000000 if value == "inf" else value


def clone(meta, promotable):
    result = {
        "max": number(meta, "clone-max", -1),
        "node_max": number(meta, "clone-node-max", 1),
        "min": number(meta, "clone-min", 0),
        "interleave": yes(meta.get("interleave")),
        "unique": yes(meta.get("globally-unique")),
        "promotable": bool(promotable)}
    for word in ("promoted", "master"):
        if f"{word}-max" in meta:
            result["promoted_max"] = number(meta, f"{word}-max", 1)
        if f"{word}-node-max" in meta:
            result["promoted_node_max"] = number(meta, f"{word}-node-max", 1)
    return result


def resource(case, rsc):
    meta, own = case.metas[rsc["id"]], rsc.get("meta", {})
    result = {"name": rsc["id"], "kind": rsc["kind"],
              "priority": score(meta.get("priority"), 0),
              "optional_colocation": not yes(meta.get("critical"), True)}
    if rsc["kind"] == "primitive":
        result.update(primitive(case, rsc, meta))
    elif rsc["kind"] == "clone":
        result.update(clone(meta, rsc.get("promotable")))
    else:
        result["unordered"] = not yes(own.get("ordered"), True)
        result["apart"] = not yes(own.get("collocated"), True)
    if rsc.get("children"):
        result["children"] = [resource(case, child) for child in rsc["children"]]
    return result


def health(case, name):
    """What the strategies for sick nodes make of the node's attributes."""
    options, attrs = case.case["options"], case.case["node_attrs"].get(name, {})
    strategy = options.get("node-health-strategy", "none").lower()
    if strategy == "none":
        return 0
    values = {"green": 0, "yellow": 0, "red": "-inf"}
    if strategy == "only-green":
        values["yellow"] = "-inf"
    if strategy in ("progressive", "custom"):
        for colour, usual in (("green", 0), ("yellow", 0), ("red", "-inf")):
            values[colour] = score(options.get(f"node-health-{colour}"), usual)
    total = score(options.get("node-health-base"), 0) if strategy == "progressive" else 0
    for key, value in attrs.items():
        if key.startswith("#health"):
            value = values.get(value.lower(), score(value))
            total = "-inf" if "-inf" in (total, value) else total + value
    return -1000000 if total == "-inf" else total


def node(case, data):
    attrs = {key: str(value) for key, value in
             case.case["node_attrs"].get(data["name"], {}).items()}
    attrs["#is_dc"] = "true" if data.get("is_dc") else "false"
    result = {"name": data["name"], "health": health(case, data["name"]),
              "attrs": attrs, "standby": bool(data["standby"] or data["standby_onfail"]),
              "maintenance": data["maintenance"], "shutdown": data["shutdown"]}
    if not data["online"]:
        lost = data["unclean"] and case.fencing
        result["state"] = "unknown" if lost else "down"
    else:
        result["state"] = "pending" if data["pending"] else "online"
        result["must_fence"] = data["unclean"]
    return result


def failed_op(case, entry):
    for fail in case.case["failed_ops"]:
        if (fail["rsc"], fail["node"]) == (entry["rsc"], entry["node"]):
            if fail["op"] in ("monitor", "start", "stop", "promote", "demote"):
                return fail["op"]
    return "monitor"


def status(case):
    result = []
    for entry in case.case["status"]:
        role = ROLES.get(entry["role"], "started")
        new = {"resource": entry["rsc"], "node": entry["node"], "role": role}
        if not case.is_primitive(entry["rsc"]):
            continue
        if entry.get("failed"):
            new.update(failed=True, failed_action=failed_op(case, entry))
        if entry.get("blocked") or entry.get("managed") is False:
            new["blocked"] = True
        if entry.get("orphaned"):
            new["orphan"] = True
        result.append(new)
    return result


def orphans(case):
    """What runs but is configured no more is a resource to stop."""
    known, result = set(case.data), []
    stop = yes(case.case["options"].get("stop-orphan-resources"), True)
    for entry in case.case["status"]:
        if entry["rsc"] not in known:
            known.add(entry["rsc"])
            result.append({"name": entry["rsc"], "unmanaged": not stop})
    return result


def failures(case):
    counts, times = {}, {}
    for fail in case.case["failcounts"]:
        if fail["what"] != "fail-count" or not case.is_primitive(fail["rsc"]):
            continue
        key = (fail["rsc"], fail["node"])
        new, old = score(fail["value"]), counts.get(key, 0)
        counts[key] = "inf" if "inf" in (new, old) else new + old
    for fail in case.case["failed_ops"]:
        key = (fail["rsc"], fail["node"])
        times[key] = max(times.get(key, 0), int(fail["when"] or 0))
    return [{"resource": rsc, "node": name, "count": count,
             "last_ms": times.get((rsc, name), 0) * 1000}
            for (rsc, name), count in counts.items()]


def promotions(case):
    """Scores of the agents: while they run, or kept with the node."""
    found = {}
    for name, attrs in case.case["node_attrs"].items():
        for key, value in attrs.items():
            if key.startswith("master-"):
                found[key[len("master-"):], name] = score(value)
    said = {}
    for entry in case.case["promotion_scores"]:
        said.setdefault((entry["rsc"], entry["node"]), score(entry["score"]))
    found.update(said)
    return [{"resource": rsc, "node": name, "score": value}
            for (rsc, name), value in found.items() if case.is_primitive(rsc)]


def loss(case):
    policy = case.case["options"].get("no-quorum-policy", "stop").lower()
    if policy == "suicide" and not case.fencing:
        policy = "stop"
    return policy if policy in ("stop", "freeze", "demote", "ignore", "suicide") else "stop"


def translate(data):
    case = Case(data)
    options = data["options"]
    names = {entry["name"] for entry in data["nodes"]}
    state = {
        "now_ms": int(data["now"] or NOW) * 1000, "quorate": data["quorate"],
        "opt_in": not yes(options.get("symmetric-cluster"), True),
        "fencing": case.fencing,
        "fence_device": any(case.is_fence(rsc) for rsc in case.primitives),
        "maintenance": yes(options.get("maintenance-mode")),
        "stop_all": yes(options.get("stop-all-resources")),
        "on_quorum_loss": loss(case),
        "nodes": [node(case, entry) for entry in data["nodes"]],
        "resources": [resource(case, rsc) for rsc in data["resources"]] + orphans(case),
        "failures": [fail for fail in failures(case) if fail["node"] in names],
        "promotions": [entry for entry in promotions(case) if entry["node"] in names]}
    state["status"] = [entry for entry in status(case) if entry["node"] in names]
    for entry in data["status"]:
        if entry["rsc"] not in case.data and entry["node"] in names:
            state["status"].append({"resource": entry["rsc"], "node": entry["node"],
                                    "role": "started", "orphan": True})
    state.update(rules.translate(case, names, score))
    return state
