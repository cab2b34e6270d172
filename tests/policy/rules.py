"""The constraints of a case as locations, colocations and orders."""
# SPDX-License-Identifier: GPL-2.0-only
import re

OPS = {"eq": "eq", "ne": "ne", "lt": "lt", "lte": "lte", "gt": "gt", "gte": "gte",
       "defined": "defined", "not_defined": "undefined"}
ROLES = {"master": "promoted", "slave": "unpromoted", "promoted": "promoted",
         "unpromoted": "unpromoted"}


def role(value):
    return ROLES.get(str(value or "").lower(), "stopped")


def on(value, default=True):
    if value is None:
        return default
    return str(value).lower() in ("true", "yes", "on", "1", "y")


def expression(case, rsc, expr):
    value, source = expr.get("value"), expr.get("value-source", "literal")
    if source == "meta":
        value = case.metas[rsc].get(value)
    elif source == "param":
        value = None
    attr = expr["attribute"]
    if attr == "#cluster-name":
        name = case.case["options"].get("cluster-name")
        return {"and": []} if name == value else {"or": []}
    cond = {"attr": attr, "is": OPS[expr["operation"]]}
    if value is not None:
        cond["value"] = str(value)
    if expr.get("type"):
        cond["type"] = expr["type"]
    return cond


def condition(case, rsc, rule):
    parts = [expression(case, rsc, expr) for expr in rule["expr"]
             if expr.get("operation") in OPS and "attribute" in expr]
    parts += [condition(case, rsc, inner) for inner in rule.get("nested", [])]
    return {(rule.get("bool") or "and").lower(): parts}


def concerned(case, con):
    """The resources that a location rule is about."""
    if "rsc_pattern" in con:
        pattern = con["rsc_pattern"]
        wanted = not pattern.startswith("!")
        regex = re.compile(pattern.lstrip("!"))
        return [rsc["id"] for rsc in case.case["resources"]
                if bool(regex.search(rsc["id"])) == wanted]
    names = [con["rsc"]] if con.get("rsc") else []
    for entry in con.get("sets", []):
        names += entry["rscs"]
    return [name for ref in names for name in case.expand(ref)]


def locations(case, con, names, score):
    for rsc in concerned(case, con):
        if con.get("node") in names:
            yield {"id": f"{con['id']}.{rsc}", "resource": rsc, "node": con["node"],
                   "score": score(con["score"]), "role": role(con.get("role"))}
        for number, rule in enumerate(con.get("rules", [])):
            new = {"id": f"{con['id']}.{rsc}.{number}", "resource": rsc,
                   "score": score(rule.get("score")),
                   "role": role(rule.get("role") or con.get("role")),
                   "when": condition(case, rsc, rule)}
            if rule.get("score_attr"):
                new["score_attr"] = rule["score_attr"]
            yield new


def as_sets(case, con, first, second):
    """The resources of a rule as sets: templates are sets without order."""
    if con.get("sets"):
        return [{**entry, "rscs": [name for ref in entry["rscs"]
                                   for name in case.expand(ref)]}
                for entry in con["sets"]]
    return [{"rscs": case.expand(con[first]), "sequential": "false"},
            {"rscs": case.expand(con[second]), "sequential": "false"}]


def colocation(con, rsc, other, score, roles, ident=None):
    new = {"id": ident or con["id"], "resource": rsc, "with": other, "score": score,
           "role": role(roles[0]), "with_role": role(roles[1])}
    if con.get("node_attr"):
        new["node_attr"] = con["node_attr"]
    if "influence" in con and not on(con["influence"]):
        new["no_influence"] = True
    return new


def within(con, entry, score, ident):
    if not on(entry.get("sequential")):
        return
    rscs, roles = entry["rscs"], (entry.get("role"), entry.get("role"))
    for number, rsc in enumerate(rscs[1:], 1):
        before = rscs[:number] if str(score).startswith("-") else [rscs[number - 1]]
        for other in before:
            if entry.get("ordering", "group") == "group" or len(before) > 1:
                yield colocation(con, rsc, other, score, roles, ident)
            else:
                yield colocation(con, other, rsc, score, roles, ident)


def colocations(case, con, score):
    weight = score(con.get("score"), "inf")
    if not con.get("sets") and con["rsc"] in case.data and con["with_"] in case.data:
        yield colocation(con, con["rsc"], con["with_"], weight,
                         (con.get("rsc_role"), con.get("with_role")))
        return
    last = None
    for number, entry in enumerate(as_sets(case, con, "rsc", "with_")):
        yield from within(con, entry, score(entry.get("score"), weight),
                          f"{con['id']}.set{number}")
        if last and last["rscs"] and entry["rscs"]:
            ones = last["rscs"][:1] if on(last.get("sequential")) else last["rscs"]
            twos = entry["rscs"][-1:] if on(entry.get("sequential")) else entry["rscs"]
            for rsc in ones:
                for other in twos:
                    yield colocation(con, rsc, other, weight,
                                     (last.get("role", con.get("rsc_role")),
                                      entry.get("role", con.get("with_role"))))
        last = entry


def order(con, firsts, then, actions, need=0):
    kind = str(con.get("kind") or "mandatory").lower()
    if kind not in ("mandatory", "optional", "serialize"):
        kind = "mandatory"
    return {"id": con["id"], "first": firsts, "then": then, "first_action": actions[0],
            "then_action": actions[1], "kind": kind, "need": need,
            "asymmetric": not on(con.get("symmetrical"))}


def possible(case, name, action):
    """Only what is promotable is promoted."""
    return action not in ("promote", "demote") or case.promotable(name)


def set_orders(con, sets):
    last = None
    for entry in sets:
        action, rscs = entry.get("action", "start"), entry["rscs"]
        for one, two in zip(rscs, rscs[1:]):
            if on(entry.get("sequential")):
                yield order(con, [one], two, (action, action))
        if last and last["rscs"] and rscs:
            firsts = last["rscs"][-1:] if on(last.get("sequential")) else last["rscs"]
            thens = rscs[:1] if on(entry.get("sequential")) else rscs
            need = 0 if on(last.get("require-all")) else 1
            for then in thens:
                yield order(con, firsts, then, (last.get("action", "start"), action), need)
        last = entry


def orders(case, con):
    if con.get("sets"):
        yield from set_orders(con, as_sets(case, con, "first", "then"))
        return
    first_action = con.get("first_action") or "start"
    actions = (first_action, con.get("then_action") or first_action)
    for then in case.expand(con["then"]):
        firsts = [name for name in case.expand(con["first"])
                  if possible(case, name, actions[0])]
        if firsts and possible(case, then, actions[1]):
            need = 0 if on(con.get("require-all", con.get("require_all"))) else 1
            yield order(con, firsts, then, actions, need)


def unique(entries):
    """Names must differ; the engine sorts by them, so a suffix is enough."""
    seen, result = {}, []
    for entry in entries:
        seen[entry["id"]] = seen.get(entry["id"], 0) + 1
        if seen[entry["id"]] > 1:
            entry = {**entry, "id": f"{entry['id']}.{seen[entry['id']]}"}
        result.append(entry)
    return result


def translate(case, names, score):
    result = {"locations": [], "colocations": [], "orders": []}
    for con in case.case["constraints"]:
        if con["type"] == "location":
            result["locations"] += locations(case, con, names, score)
        elif con["type"] == "colocation":
            result["colocations"] += colocations(case, con, score)
        elif con["type"] == "order":
            result["orders"] += orders(case, con)
    return {key: unique(value) for key, value in result.items()}
