"""ocf:ha:device under Debian's Pacemaker: two nodes, each with namespaces of its own.

    pacemaker.py [STEP]...

The pair of bench.py in one kernel; on each end a corosync and a pacemaker in a mount
namespace with files of its own, so that they take themselves for two machines. A node
"dies" by the end of its processes and of its side of the pair, as both would by the end
of a machine.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import re
import time

import guest
import tally
from bench import Bench
from cluster import wait

TIME = 900
STEPS = ["promoted_once", "standby", "bad_disk", "death", "stopped"]

COROSYNC = """
totem {{
    version: 2
    cluster_name: test
    crypto_cipher: none
    crypto_hash: none
    token: 10000
}}
nodelist {{
    node {{
        ring0_addr: {0}
        name: node1
        nodeid: 1
    }}
    node {{
        ring0_addr: {1}
        name: node2
        nodeid: 2
    }}
}}
quorum {{
    provider: corosync_votequorum
    two_node: 1
    wait_for_all: 0
}}
logging {{
    to_syslog: no
    to_logfile: yes
    logfile: /var/log/corosync.log
}}
"""

# The first process of a node's namespaces.
INIT = """
for d in /run /var/lib/pacemaker /var/lib/corosync /var/log /etc/corosync /dev/shm \\
         /usr/lib/ocf/resource.d; do
    mkdir -p $d; mount -t tmpfs tmpfs $d || exit 1
done
mkdir -p /run/lock /run/resource-agents /run/crm /var/log/pacemaker
for d in cib pengine blackbox cores; do mkdir /var/lib/pacemaker/$d; done
chown -R hacluster:haclient /var/lib/pacemaker /run/crm /var/log/pacemaker
ln -s /srv/agents/ocf /usr/lib/ocf/resource.d/ha
cp /tmp/corosync.conf /etc/corosync/
cp /tmp/hadm-{name} /run/hadm
exec sleep 1000000
"""

RESOURCE = """<clone id="dev-clone"><meta_attributes id="dm">
<nvpair id="dm1" name="promotable" value="true"/>
<nvpair id="dm2" name="promoted-max" value="1"/>
<nvpair id="dm3" name="clone-max" value="2"/>
<nvpair id="dm4" name="notify" value="true"/>
</meta_attributes><primitive id="dev" class="ocf" provider="ha" type="device">
<instance_attributes id="di"><nvpair id="di1" name="resource" value="r0"/>
<nvpair id="di2" name="hadm" value="/run/hadm"/></instance_attributes><operations>
<op id="o1" name="monitor" role="Promoted" interval="5s" timeout="60s"/>
<op id="o2" name="monitor" role="Unpromoted" interval="6s" timeout="60s"/>
<op id="o3" name="start" interval="0" timeout="120s"/>
<op id="o4" name="stop" interval="0" timeout="120s"/>
<op id="o5" name="promote" interval="0" timeout="120s"/>
<op id="o6" name="demote" interval="0" timeout="120s"/>
<op id="o7" name="notify" interval="0" timeout="120s"/>
</operations></primitive></clone>"""


class Host:
    """A node as Pacemaker sees it."""

    def __init__(self, node):
        self.node, self.name, self.first, self.jobs = node, node.name, None, []

    def boot(self):
        self.node.write_file(f"/tmp/init-{self.name}", INIT.format(name=self.name))
        mark = f"/tmp/first-{self.name}"
        self.node.run(["rm", "-f", mark])
        self.jobs = [self.node.start(
            f"echo $$ >{mark}; exec unshare --mount sh /tmp/init-{self.name}")]
        wait(lambda: self.node.run(["test", "-s", mark], check=False), 20, "the namespaces")
        self.first = int(self.node.run(["cat", mark]).out)
        wait(lambda: self.run(["test", "-e", "/run/hadm"], check=False), 20, "its files")
        self.jobs.append(self.node.start(" ".join(self.words("corosync", "-f"))))
        try:
            wait(lambda: self.run(["corosync-quorumtool", "-s"], check=False, timeout=20).rc
                 in (0, 2), 60, "corosync")
        except Exception as error:
            raise AssertionError(f"{error}: {self.jobs[-1].lines} {self.log()}") from None
        self.jobs.append(self.node.start(" ".join(self.words("pacemakerd", "-f"))))

    def words(self, *words):
        return ["nsenter", "-t", str(self.first), "-m", "-n",
                "env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", *words]

    def run(self, words, **options):
        return self.node.run(self.words(*words), **options)

    def online(self):
        out = self.run(["crm_mon", "-1"], check=False, timeout=60).out
        return re.search(r"Online: \[ node1 node2 \]", out)

    def log(self):
        """The ends of its logs, for who looks into a failure."""
        return self.run(["sh", "-c", "tail -n 40 /var/log/corosync.log "
                         "/var/log/pacemaker/pacemaker.log"], check=False).out

    def kill(self):
        """The machine is gone."""
        self.node.machine.run(
            f"own=$(readlink /proc/{self.first}/ns/mnt); for p in /proc/[0-9]*; do "
            "[ \"$(readlink $p/ns/mnt)\" = \"$own\" ] && kill -9 ${p#/proc/}; done; true")
        for job in self.jobs:
            job.wait(60)
        self.node.hadm("down", "--force", "r0", check=False, timeout=20)


class Clustered(Bench):
    """Each method without an underscore in front is a step."""

    def lifecycle(self):
        self.make()
        self.hosts = [Host(node) for node in self.c]
        self.kernel.run("cat >/tmp/corosync.conf",
                        stdin=COROSYNC.format(*(node.address for node in self.c)))
        for node in self.c:
            node.write_file(f"/tmp/hadm-{node.name}",
                            f"#!/bin/sh\nHADM_HOST={node.name} exec {guest.node.TOOLS}/hadm/"
                            f"hadm -c {node.config} \"$@\"\n")
            node.run(["chmod", "755", f"/tmp/hadm-{node.name}"])
            node.hadm("down", "r0")
        for host in self.hosts:
            host.boot()
        try:
            wait(self.hosts[0].online, 180, "both nodes are online")
        except Exception as error:
            raise AssertionError(f"{error}: {self.hosts[0].log()}\n"
                                 f"{self.hosts[1].log()}") from None
        self._pcmk("crm_attribute", "-t", "crm_config", "-n", "stonith-enabled", "-v", "false")
        self._pcmk("cibadmin", "-C", "-o", "resources", "-X", RESOURCE.replace("\n", ""))

    def _pcmk(self, *words, host=None):
        return (host or self.hosts[0]).run(list(words), timeout=60)

    def _mon(self, host=None):
        return (host or self.hosts[0]).run(["crm_mon", "-1", "-r", "-f"], check=False,
                                           timeout=60).out

    def _roles(self):
        return [node.role() for node in self.c]

    def _wait_promoted(self, *wanted, timeout=240):
        """Wait until one of these ends (numbers) is Primary and the rest is quiet."""
        def reached():
            roles = self._roles()
            return any(roles[number] == "Primary" for number in wanted) and \
                roles.count("Primary") == 1
        try:
            wait(reached, timeout, "promoted")
        except Exception as error:
            raise AssertionError(f"{error}: {self._roles()}\n{self._mon()}") from None
        return self._roles().index("Primary")

    # -- steps

    def promoted_once(self):
        """Both are started, one is promoted, none failed."""
        number = self._wait_promoted(0, 1)
        self.c.wait_in_sync()
        wait(lambda: "Unpromoted: [ node" in self._mon(), 120, "Pacemaker agrees")
        out = self._mon()
        assert f"Promoted: [ node{number + 1} ]" in out, out
        assert "Failed Resource Actions" not in out, out
        for node in self.c:
            score = self._pcmk("crm_attribute", "-N", node.name, "-l", "reboot", "-n",
                               "master-dev", "-G", "-q").out.strip()
            assert score == "10000", (node.name, score)

    def standby(self):
        """The promoted node is sent to standby, its data goes on elsewhere."""
        number = self._wait_promoted(0, 1)
        node = self.c[number]
        node.fill(node.device(), 2)
        self._pcmk("crm_standby", "-N", node.name, "-v", "on")
        self._wait_promoted(1 - number)
        wait(lambda: not node.status(), 120, "the resource is down there")
        self._pcmk("crm_standby", "-N", node.name, "-v", "off")
        wait(lambda: node.role() == "Secondary", 240, "it is back")
        self.c.wait_in_sync()
        self.c.assert_equal()
        assert "Failed Resource Actions" not in self._mon(), self._mon()

    def bad_disk(self):
        """A promoted node whose disk fails has less worth: the other is promoted."""
        number = self._wait_promoted(0, 1)
        node = self.c[number]
        node.break_disk()
        node.run(["dd", "if=/dev/zero", f"of={node.device()}", "bs=4k", "count=1",
                  "oflag=direct", "conv=nocreat", "status=none"])
        self._wait_promoted(1 - number)
        node.heal_disk()
        node.hadm("attach", "r0")
        self.c.wait_in_sync()

    def death(self):
        """The promoted node dies; the other takes over, and gets it back."""
        number = self._wait_promoted(0, 1)
        other = self.hosts[1 - number]
        self.hosts[number].kill()
        self._survivor = other
        wait(lambda: self.c[1 - number].role() == "Primary", 240, "the survivor is promoted")
        self.c[1 - number].fill(self.c[1 - number].device(), 2)
        self.hosts[number].boot()
        wait(lambda: self.c[number].role() == "Secondary", 300, "it is back")
        self.c.wait_in_sync()
        assert self.c[1 - number].role() == "Primary", self._mon(other)
        self.c.assert_equal()

    def stopped(self):
        """Disabled, both are down; nothing failed."""
        self._pcmk("crm_resource", "-r", "dev-clone", "--meta", "-p", "target-role", "-v",
                   "Stopped")
        wait(lambda: not any(node.status() for node in self.c), 240, "both are down")
        assert "Failed Resource Actions" not in self._mon(), self._mon()
        time.sleep(1)

    def down(self):
        for host in self.hosts:
            host.kill()
        super().down()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    run = tally.Steps(guest.KernelLog(), Clustered(0), TIME)
    if run.attempt("lifecycle", run.steps.lifecycle):
        for name in args.steps or STEPS:
            if not run.attempt(name, getattr(run.steps, name)):
                break       # the later ones build on it
    run.unload(run.steps.kernel, run.steps.down)
    run.sum()


if __name__ == "__main__":
    main()
