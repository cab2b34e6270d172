#!/usr/bin/env python3
"""Ask Debian's crm_simulate where a case's resources go; for new questions.

usage: oracle.py CASE.json...        print cases with a fresh `expect`

The case's resources, rules and status are written as a CIB with a plausible
history, so an answer is that of Pacemaker for this reading of the case.
Needs the package pacemaker-cli-utils; nothing else depends on this file.
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

UUID = ":8b3d2c5e-0f9a-4d6e-9b1c-2a7f4e5d6c7b"
NO_PARAMETERS = "f2317cad3d54cec5d7d7aa7d0bf35cf8"
RC = {"started": 0, "unpromoted": 0, "promoted": 8, "starting": 0}


def score(value):
    return {"inf": "INFINITY", "-inf": "-INFINITY"}.get(value, str(value))


def nvpairs(parent, tag, owner, values):
    if values:
        box = ET.SubElement(parent, tag, id=f"{owner}-{tag}")
        for name, value in values.items():
            ET.SubElement(box, "nvpair", id=f"{owner}-{tag}-{name}",
                          name=name, value=str(value))


def agent(node, text):
    parts = (text or "ocf:pacemaker:Dummy").split(":")
    node.set("class", parts[0])
    if len(parts) == 3:
        node.set("provider", parts[1])
    node.set("type", parts[-1])


def resource(parent, rsc):
    node = ET.SubElement(parent, rsc["kind"], id=rsc["id"])
    meta = dict(rsc.get("meta", {}))
    if rsc.get("promotable"):
        meta["promotable"] = "true"
    nvpairs(node, "meta_attributes", rsc["id"], meta)
    if rsc["kind"] == "primitive":
        if rsc.get("template"):
            node.set("template", rsc["template"])
        else:
            agent(node, rsc.get("agent"))
        if rsc.get("ops"):
            ops = ET.SubElement(node, "operations")
            for number, op in enumerate(rsc["ops"]):
                ET.SubElement(ops, "op", id=f"{rsc['id']}-op{number}", **op)
    for child in rsc.get("children", []):
        resource(node, child)


def rule(parent, number, data, owner):
    node = ET.SubElement(parent, "rule", id=f"{owner}-r{number}")
    if data.get("score") is not None:
        node.set("score", score(data["score"]))
    if data.get("score_attr"):
        node.set("score-attribute", data["score_attr"])
    if data.get("role"):
        node.set("role", data["role"])
    node.set("boolean-op", data.get("bool") or "and")
    for index, expr in enumerate(data["expr"]):
        ET.SubElement(node, "expression",
                      dict(expr, id=f"{owner}-r{number}-e{index}"))
    for index, inner in enumerate(data.get("nested", [])):
        rule(node, f"{number}-{index}", inner, owner)


def sets(parent, data):
    for number, entry in enumerate(data):
        node = ET.SubElement(parent, "resource_set",
                             id=f"{parent.get('id')}-set{number}")
        for key, value in entry.items():
            if key == "rscs":
                for name in value:
                    ET.SubElement(node, "resource_ref", id=name)
            else:
                node.set(key, str(value))


def constraint(parent, con):
    kind = con["type"]
    node = ET.SubElement(parent, "rsc_" + kind, id=con["id"])
    names = {"rsc": "rsc", "node": "node", "role": "role", "with_": "with-rsc",
             "rsc_role": "rsc-role", "with_role": "with-rsc-role",
             "node_attr": "node-attribute", "first": "first", "then": "then",
             "rsc_pattern": "rsc-pattern", "kind": "kind",
             "symmetrical": "symmetrical"}
    for key, name in names.items():
        if con.get(key) is not None:
            node.set(name, con[key])
    if con.get("score") is not None:
        node.set("score", score(con["score"]))
    if kind == "order" and "first" in con:
        node.set("first-action", con.get("first_action", "start"))
        node.set("then-action", con.get("then_action", "start"))
    for number, data in enumerate(con.get("rules", [])):
        rule(node, number, data, con["id"])
    sets(node, con.get("sets", []))


def lrm_op(parent, name, task, interval, rc, call, want=None, when=1, status=0):
    magic = f"{status}:{rc};1:{call}:{rc if want is None else want}{UUID}"
    ET.SubElement(parent, "lrm_rsc_op", {
        "id": f"{name}_{'last_failure_0' if call == 12 else f'{task}_{interval}'}",
        "operation_key": f"{name}_{task}_{interval}", "operation": task,
        "crm-debug-origin": "x", "crm_feature_set": "3.16.1",
        "transition-key": f"1:{call}:{rc if want is None else want}{UUID}",
        "transition-magic": magic, "call-id": str(call), "rc-code": str(rc),
        "op-status": str(status), "interval": str(interval),
        "last-rc-change": str(when), "exec-time": "0", "queue-time": "0",
        "op-digest": NO_PARAMETERS})


def history(lrm, case, node, name, entry):
    box = ET.SubElement(lrm, "lrm_resource", id=name)
    agent(box, agents(case).get(name))
    fails = [f for f in case["failed_ops"]
             if f["node"] == node and f["rsc"] == name]
    if entry is None:
        lrm_op(box, name, "monitor", 0, 7, 5)
    else:
        role = entry["role"]
        lrm_op(box, name, "monitor", 0, 7, 5)
        if not any(f["op"] == "start" for f in fails):
            lrm_op(box, name, "start", 0, 0, 10)
        if role == "promoted":
            lrm_op(box, name, "promote", 0, 0, 11)
    for fail in fails[:1]:
        lrm_op(box, name, fail["op"], fail["interval_ms"], fail["rc"], 12,
               fail["want"], fail["when"], fail["status"])


def agents(case):
    found = {}

    def walk(rsc):
        found[rsc["id"]] = rsc.get("agent")
        for child in rsc.get("children", []):
            walk(child)
    for rsc in case["resources"]:
        walk(rsc)
    return found


def primitives(case):
    def walk(rsc):
        if rsc["kind"] == "primitive":
            yield rsc["id"]
        for child in rsc.get("children", []):
            yield from walk(child)
    return [name for rsc in case["resources"] for name in walk(rsc)]


def node_state(status, number, node, case):
    name = node["name"]
    alive = node["online"]
    state = ET.SubElement(status, "node_state", {
        "id": str(number), "uname": name, "crmd": "online" if alive else "offline",
        "in_ccm": "true" if alive else "false",
        "join": "member" if alive else "down",
        "expected": "member" if alive or node["unclean"] else "down"})
    nodes_attrs = dict(case["node_attrs"].get(name, {}))
    values = {f"master-{p['rsc']}": score(p["score"])
              for p in case["promotion_scores"] if p["node"] == name}
    for fail in case["failcounts"]:
        if fail["node"] == name:
            key = f"{fail['what']}-{fail['rsc']}"
            key += f"#{fail.get('op') or 'monitor'}_{fail.get('interval', 0)}"
            values[key] = score(fail["value"])
    if node["shutdown"]:
        values["shutdown"] = nodes_attrs.get("shutdown", "1")
    box = ET.SubElement(state, "transient_attributes", id=str(number))
    nvpairs(box, "instance_attributes", f"status-{number}", values)
    lrm = ET.SubElement(ET.SubElement(state, "lrm", id=str(number)),
                        "lrm_resources")
    if not alive and not node["unclean"]:
        return
    for rsc in primitives(case):
        here = [s for s in case["status"]
                if s["rsc"] == rsc and s["node"] == name]
        history(lrm, case, name, rsc, here[0] if here else None)


def cib(case):
    root = ET.Element("cib", {
        "crm_feature_set": "3.16.1", "validate-with": "pacemaker-3.9",
        "epoch": "1", "num_updates": "1", "admin_epoch": "1",
        "have-quorum": "1" if case["quorate"] else "0"})
    conf = ET.SubElement(root, "configuration")
    nvpairs(ET.SubElement(conf, "crm_config"), "cluster_property_set", "opts",
            case["options"])
    nodes = ET.SubElement(conf, "nodes")
    for number, node in enumerate(case["nodes"], 1):
        entry = ET.SubElement(nodes, "node", id=str(number), uname=node["name"])
        attrs = dict(case["node_attrs"].get(node["name"], {}))
        attrs.pop("shutdown", None)
        for key in ("standby", "maintenance"):
            if node.get(key):
                attrs[key] = "true"
        nvpairs(entry, "instance_attributes", f"node{number}", attrs)
    rscs = ET.SubElement(conf, "resources")
    for item in case.get("templates", []):
        node = ET.SubElement(rscs, "template", id=item["id"])
        agent(node, item.get("agent"))
    for item in case["resources"]:
        resource(rscs, item)
    cons = ET.SubElement(conf, "constraints")
    for item in case["constraints"]:
        constraint(cons, item)
    nvpairs(ET.SubElement(conf, "rsc_defaults"), "meta_attributes", "rscdef",
            case["rsc_defaults"])
    status = ET.SubElement(root, "status")
    for number, node in enumerate(case["nodes"], 1):
        node_state(status, number, node, case)
    return ET.tostring(root, encoding="unicode")


def placement(output):
    found = []
    for section in output.iter("resources"):
        found.append([])
        for rsc in section.iter("resource"):
            role = rsc.get("role", "").lower()
            for node in rsc.iter("node"):
                found[-1].append({"rsc": rsc.get("id").split(":")[0],
                                  "node": node.get("name"), "role": role})
    return found


def simulate(case, extra=()):
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file, \
            tempfile.NamedTemporaryFile("r", suffix=".xml") as after:
        file.write(cib(case))
        file.flush()
        command = ["crm_simulate", "-x", file.name, "-O", after.name, "-S",
                   "--output-as=xml", *extra]
        if case.get("now"):
            command += ["-t", case["now"]]
        text = subprocess.run(command, capture_output=True, text=True,
                              check=False).stdout
    return ET.fromstring(text)


def ask(case):
    output = simulate(case)
    placed = placement(output)
    actions = [dict(node.attrib) for node in output.iter("rsc_action")]
    return {"status": placed[0], "after_one": placed[-1], "actions": actions}


def main():
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            case = json.load(file)
        case["expect"] = ask(case)
        print(json.dumps(case, indent=1))


if __name__ == "__main__":
    main()
