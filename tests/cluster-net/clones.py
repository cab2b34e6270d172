"""Clones on real corosync: roles, attributes, and what instances are told of each other."""
# SPDX-License-Identifier: GPL-2.0-only
import pathlib
import shutil

import daemon
import nodes
from daemon import up

TALKERS = "clone db { promotable yes; notify yes; ocf app ocf:hatest:talker; }"


def promotable(cluster):
    """A clone of an agent with roles: one is promoted, and after its node another one."""
    n1, n2, n3 = up(cluster)

    def promoted():
        clone = n2.ask("status")["clones"][0]["nodes"]
        return [n["node"] for n in clone if n["state"] == "promoted"], \
            [n["node"] for n in clone if n["state"] == "running"]

    n1.hactl("clone create db ocf:pacemaker:Stateful --promotable")
    nodes.wait(lambda: [len(p) for p in promoted()] == [1, 2], 30, "one is promoted", cluster)
    first = next(n for n in cluster.nodes if n.name == promoted()[0][0])
    if first is n2:         # it is the one that is asked
        n2.hactl("node standby n2")
        nodes.wait(lambda: promoted()[0] not in ([], ["n2"]), 30, "another one", cluster)
        n2.hactl("node resume n2")
        first = next(n for n in cluster.nodes if n.name == promoted()[0][0])
    cluster.cut(first)
    first.crash()
    nodes.wait(lambda: promoted()[0] not in ([], [first.name]), 30, "another one is", cluster)

    tools = next(p for p in (daemon.LIBEXEC / "shim", daemon.LIBEXEC / "shim-dir")
                 if p.exists())
    other = n1 if first is n3 else n3
    n2.inside(f"{tools}/attrd_updater -n size -U 7")
    other.inside(f"{tools}/crm_attribute -l forever -N {other.name} -n kept -v 8")
    nodes.wait(lambda: "7" in other.inside(f"{tools}/attrd_updater -n size -Q -A").stdout, 5,
               "the attribute is known on the other node", cluster)
    said = n2.inside(f"{tools}/crm_attribute -l forever -N {other.name} -n kept -G -q")
    assert said.stdout.strip() == "8", said
    listed = n2.inside(f"{tools}/crm_node -l").stdout
    assert all(name in listed for name in ("n1", "n2", "n3")), listed
    return "one promoted, then another; attributes are known to all"


def told(cluster):
    """A clone with notifications: before and after, to all, with who and where."""
    agents = cluster.dir / "agents"
    shutil.copytree("/usr/lib/ocf/resource.d", agents, symlinks=True)
    (agents / "hatest").mkdir()
    shutil.copy(pathlib.Path(__file__).parent / "talker", agents / "hatest/talker")
    nodes.sh(f"mount --bind {agents} /usr/lib/ocf/resource.d")
    try:
        return talk(cluster)
    finally:
        nodes.sh("umount -l /usr/lib/ocf/resource.d")


def talk(cluster):
    up(cluster)

    def heard(node, *wanted):
        lines = iter(node.inside("cat /run/told").stdout.splitlines())
        return all(any(text in line for line in lines) for text in wanted)

    def told_by(who, *wanted):
        for node in who:
            nodes.wait(lambda n=node: heard(n, *wanted), 20, f"{node.name} hears {wanted}; "
                       + node.inside("cat /run/told").stdout, cluster)

    def promoted():
        return [n for n in cluster.nodes if "promoted" in n.inside("cat /run/talker").stdout]

    nodes.wait(promoted, 30, "one is promoted", cluster)
    first = promoted()[0]
    second, third = others = [n for n in cluster.nodes if n is not first]
    # The third may come later: the view may have begun with two.
    told_by(cluster.nodes, "post start")
    told_by([first], "start", "post start", f"pre promote [{first.name}]", "promote",
            f"post promote [{first.name}]")
    second.hactl(f"node standby {third.name}")
    told_by([first, second], f"pre stop [{third.name}]", f"post stop [{third.name}]")
    third.inside("rm /run/told")
    second.hactl(f"node resume {third.name}")
    active = " ".join(sorted([first.name, second.name]))
    says = f"start [{third.name}] active [{active}] promoted [{first.name}]"
    told_by([first, second], "pre " + says, "post " + says)
    told_by([third], "start", "post " + says)
    assert not heard(third, "pre start"), third.inside("cat /run/told").stdout
    second.hactl(f"node standby {first.name}")
    demoted = [f"pre demote [{first.name}]", f"post demote [{first.name}]",
               f"pre stop [{first.name}]"]
    told_by(others, *demoted, f"post stop [{first.name}]")
    assert heard(first, *demoted, "stop"), first.inside("cat /run/told").stdout
    return "start, promotion, demotion and stop told before and after"
