#!/usr/bin/env python3
"""hactl as a program: against a daemon that only answers, and hosts that are directories.

usage: command.py [HACTL [PROGRAM]]     first runs PROGRAM, other tests, and adds up
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import fake_daemon

HERE = pathlib.Path(__file__).resolve().parent
HACTL = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/bin/hactl").resolve()
EXAMPLE = (HERE / "good/example.conf").read_text()
CASES = []


def case(function):
    CASES.append(function)
    return function


class Bench:
    """A directory, a daemon, and hactl."""

    def __init__(self, directory):
        self.dir = pathlib.Path(directory)
        self.daemon = fake_daemon.Daemon(self.dir / "socket", EXAMPLE)
        self.state = self.daemon.state

    def run(self, *words, status=0, says="", complains="", stdin="", env=None):
        """Run it; its output. What it must say may be anywhere in it."""
        done = subprocess.run(
            [HACTL, *words], input=stdin, text=True, capture_output=True, check=False, timeout=120,
            env={**os.environ, "TZ": "UTC", "HACTL_SOCKET": self.daemon.path,
                 "EDITOR": "false", "VISUAL": "", **(env or {})})
        heard = f"{' '.join(map(str, words))}:\n{done.stdout}{done.stderr}"
        assert done.returncode == status, f"status {done.returncode}, not {status}: {heard}"
        assert says in done.stdout, f"does not say '{says}': {heard}"
        assert complains in done.stderr, f"does not complain '{complains}': {heard}"
        return done.stdout

    @property
    def config(self):
        return self.state.revisions[-1]["text"]

    def added(self):
        """Lines the last revision has and the one before it had not."""
        old = self.state.revisions[-2]["text"].splitlines()
        return [line.strip() for line in self.config.splitlines() if line not in old]


@case
def usage(b):
    b.run(status=2, complains="what shall be done?")
    b.run("statsu", status=2, complains='did you mean "status"?')
    b.run("service", "craete", "x", status=2, complains='did you mean "create"?')
    b.run("service", status=2, complains="service what?")
    b.run("why", status=2, complains="usage: hactl why SERVICE [NODE]")
    b.run("why", "web", "--forever", status=2, complains="why takes no --forever")
    b.run("status", "--jsno", status=2, complains="did you mean --json?")
    b.run("history", "--since", "soon", status=2, complains="is no time")
    b.run("help", says="usage: hactl VERB")
    b.run("service", "ban", "--help", says="--for TIME")
    b.run("help", "cluster", says="cluster timing")


@case
def no_daemon(b):
    b.run("status", "--socket", b.dir / "nowhere", status=1,
          complains="haclusterd does not answer")


@case
def looking(b):
    for verb in ("status", "why", "plan", "history"):
        data = json.loads((HERE / f"show/{verb}-example.json").read_text())
        b.state.replies[{"status": "get_status"}.get(verb, verb)] = data
        text = b.run(verb, *(["web"] if verb in ("why", "history") else []))
        assert text == (HERE / f"show/{verb}-example.txt").read_text(), text
        said = json.loads(b.run(verb, "--json", *(["web"] if verb == "why" else [])))
        assert said == {"schema": 1, "data": data}
    text = b.run("status", "-w", status=1, complains="ended the connection")
    assert text == 2 * ((HERE / "show/status-example.txt").read_text() + "\n"), text
    b.run("plan", "--if", "node n1 down", "--if", "fail httpd on n2")
    assert b.state.requests[-1] == ("plan", {"if": ["node n1 down", "fail httpd on n2"]})
    b.run("history", "--since", "10m", "--limit", "5")
    assert b.state.requests[-1][1]["limit"] == 5


@case
def services(b):
    b.run("service", "create", "db", "--storage", "r1", "--mount", "/srv/db:ext4", "--ip",
          "192.168.10.101/24:eth1", "--unit", "mariadb.service", "--prefer", "n2", "-m", "data",
          says="+ service db")
    assert b.added() == [
        "device r1 { hadm r1; }", "service db {", "storage r1;",
        "mount /dev/ha/by-resource/r1 /srv/db ext4;", "ip 192.168.10.101/24 { dev eth1; }",
        "systemd mariadb.service;", "prefer n2;"], b.added()
    assert b.state.revisions[-1]["message"] == "data"
    b.run("service", "create", "vip", "--ip", "10.0.0.50/24", "--check",
          "curl -fsS localhost/health", "--prefer", "n1", "--stay", "no")
    assert 'check vip-check { exec "curl -fsS localhost/health"; every 2s; fail 3; }' in b.added()
    b.run("service", "add", "web", "my", "ocf:heartbeat:mariadb", "config=/etc/my.cnf",
          "--monitor", "10s")
    assert b.added() == ["ocf my ocf:heartbeat:mariadb { monitor 10s; param config /etc/my.cnf; }"]
    b.run("service", "add", "web", "x", "systemd:php.service", "--before", "my", "--dry-run",
          says="+ service web: systemd php.service")
    assert "php" not in b.config
    b.run("service", "remove", "web", "my", says="- service web: ocf my")
    b.run("clone", "create", "dns", "systemd:unbound.service")
    assert b.added() == ["clone dns { systemd unbound.service; }"]
    b.run("rule", "apart", "vip", "web")
    b.run("rule", "apart", "vip", "web", "--remove")
    b.run("rule", "aprat", "vip", "web", status=2, complains='did you mean "apart"?')
    b.run("service", "remove", "vip")
    b.run("set", "quorum.on-loss", "stop", says="~ quorum: on-loss: freeze -> stop")
    b.run("set", "quorum.on-loss", "halt", status=1, complains="unknown value")
    b.run("fence", "add", "ipmi-n2", "fence_ipmilan", "ip=10.9.0.2", "user=ha", "--node", "n2",
          "--secret", "@bmc2")
    for text in EXAMPLE.splitlines():       # nothing that a person wrote was lost
        if "on-loss" not in text:
            assert text in b.config, text


@case
def refused_edits(b):
    before = len(b.state.revisions)
    b.run("service", "create", "web", "--ip", "10.0.0.5/24", status=1,
          complains="service web is there already")
    b.run("service", "create", "new", status=2, complains="what shall new consist of?")
    b.run("service", "create", "new", "--ip", "10.0.0.5", status=1,
          complains="needs the length of its prefix")
    b.run("service", "create", "new", "--mount", "/srv", status=2, complains="of which device?")
    b.run("service", "create", "new; }", "--ip", "10.0.0.5/24", status=1,
          complains="cannot be a name")
    b.run("service", "add", "web", "x", "ip:10.0.0.5/24; } evil", status=1)
    b.run("service", "add", "web", "x", "lsb:foo", status=2, complains="is no member")
    b.run("rule", "prefer", "web", "n9", status=1, complains="there is no node")
    assert len(b.state.revisions) == before


@case
def questions(b):
    b.state.disturbs = ["web", "front"]
    b.run("service", "remove", "front", status=5, complains="--yes answers")
    assert len(b.state.revisions) == 1
    b.run("service", "remove", "front", "--yes")
    b.run("service", "move", "web", "n2", status=5, complains="front. Do it?")
    b.state.disturbs = ["web"]
    b.run("service", "move", "web", "n2", says="web moved")     # it is what was asked for
    assert b.state.decided[-1] == {"what": "move", "service": "web", "node": "n2"}
    b.state.unsafe = "n1 may still run web"
    b.run("service", "move", "web", "n2", "--yes", status=5, complains="it would be unsafe")


@case
def rivals(b):
    b.state.rivals = 2
    b.run("rule", "avoid", "front", "n1", says="rev 4")
    assert "# rival 0" in b.config and "avoid n1;" in b.config
    b.state.rivals = 9
    b.run("rule", "avoid", "front", "n2", status=4, complains="all the time")


@case
def decisions(b):
    b.run("node", "standby", "n1", "--for", "2h", says="n1 runs no services now")
    assert b.state.decided[-1] == {"what": "standby", "node": "n1", "for_ms": 7200000}
    b.run("node", "resume", "n1")
    b.run("node", "maintenance", "n1", "on")
    b.run("maintenance", "off")
    assert b.state.decided[-1] == {"what": "maintenance", "on": False}
    b.run("maintenance", "maybe", status=2)
    b.run("service", "ban", "web", "n3", status=2, complains="for how long?")
    b.run("service", "ban", "web", "n3", "--for", "1d")
    b.run("clear", "web", "n3")
    for verb in ("stop", "start", "restart"):
        b.run("service", verb, "web", "--no-wait")
        assert b.state.decided[-1] == {"what": verb, "service": "web"}
        assert b.state.requests[-1][0] == "decide"
    b.run("service", "stop", "web", "--dry-run")
    assert b.state.requests[-1][0] == "plan"
    b.run("fence", "node", "n2", status=5, complains="Switch off n2 now?")
    b.run("fence", "node", "n3", "--yes", status=3, complains="no quorum")
    b.run("fence", "confirm", "n2", "--yes", says="taken for off")
    b.run("secret", "set", "@bmc1", stdin="geheim\n")
    assert b.state.requests[-1] == ("set_secret", {"name": "bmc1", "value": "geheim"})


@case
def config(b):
    path = b.dir / "new.conf"
    assert b.run("config", "show") == EXAMPLE
    path.write_text(EXAMPLE.replace("detect balanced;", "detect fast;"))
    b.run("config", "apply", path, "-m", "faster", says="~ detect: balanced -> fast")
    b.run("config", "apply", path, says="nothing to change")
    b.run("config", "diff", "1", "2", says="~ detect: balanced -> fast")
    b.run("config", "diff", HERE / "good/example.conf", says="~ detect: fast -> balanced")
    b.run("config", "log", says="faster")
    b.run("config", "rollback", "1", says="~ detect: fast -> balanced")
    assert b.config == EXAMPLE and b.state.revisions[-1]["message"] == "back to rev 1"
    b.run("config", "rollback", "77", status=1, complains="there is no rev 77")
    b.run("config", "show", "2", says="detect fast;")
    path.write_text("cluster x {")
    b.run("config", "apply", path, status=1, complains="new.conf:1:12: unexpected end")
    b.state.rivals = 1
    path.write_text(EXAMPLE + "# more\n")
    b.run("config", "apply", path, status=4, says="only layout or comments change",
          complains="somebody else")


@case
def editor(b):
    edit = b.dir / "ed"
    edit.write_text("#!/bin/sh\nsed -i 's/fail 3/fail 5/' \"$1\"\n")
    edit.chmod(0o755)
    b.run("config", "edit", env={"EDITOR": str(edit)}, says="~ check gw: fail: 3 -> 5")
    assert "fail 5" in b.config
    b.run("config", "edit", status=1, complains="the editor (false) failed")
    edit.write_text("#!/bin/sh\necho '}' >>\"$1\"\n")
    text = b.run("config", "edit", "--yes", env={"EDITOR": str(edit)}, status=1,
                 complains="what was written is still in")
    assert not text


@case
def failover(b):
    b.state.replies["get_status"] = json.loads((HERE / "show/status-example.json").read_text())
    b.state.replies["history"] = json.loads((HERE / "show/history-example.json").read_text())
    b.run("test", "failover", "web", "--yes", says="outage 3.1 s")
    assert [d["node"] for d in b.state.decided] == ["n2", "n1"]
    b.run("test", "failover", "front", "--yes", status=1, complains="no node to go to")
    b.run("test", "failover", "web", status=5, complains="from n1 to n2 and back?")


@case
def offline(b):
    b.run("config", "check", HERE / "corosync/two.conf", says="cluster two, 2 nodes")
    b.run("config", "check", HERE / "bad/ring.conf", status=1, complains="which waits for it")
    said = b.run("config", "corosync", HERE / "corosync/two.conf")
    assert said in (HERE / "corosync/two.corosync").read_text()
    b.run("cluster", "timing", "-c", HERE / "corosync/two-fast.conf", says="missed within 0.4 s")


@case
def engine(b):
    """What if, asked of the policy engine itself; only where it is linked with."""
    words = ["plan", "-f", HERE / "facts/example.json", "-c", HERE / "good/example.conf"]
    done = subprocess.run([HACTL, *words], text=True, capture_output=True, check=False)
    if "not linked with the policy engine" in done.stderr:
        return
    assert done.stdout == " t+0.0  now\n  nothing to do\n", done
    said = b.run(*words, "--if", "node n1 down")
    steps = ["promote r0 n2", "mount /srv/www n2", "ip 192.168.10.100 n2", "start httpd n2"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places), said
    b.run(*words, "--if", "fail httpd on n1", says="stop httpd n1 -> 2 start httpd n1")
    b.run(*words, "--if", "fail httpd on n2", status=1, complains="does not run on n2")
    b.run(*words, "--if", "node n9 down", status=1, complains='there is no node "n9"')
    b.run(*words, "--if", "node n1 down twice", status=1, complains="is no event")
    lost = json.loads(b.run(*words, "--if", "node n1 lost", "--json"))["data"]
    assert any(a["text"] == "fence n1" for a in lost["actions"]), lost


@case
def completion(b):
    def words(*given):
        return b.run("complete", "--", *given,
                     env={"HACTL_CONF": str(HERE / "good/example.conf")}).split()
    assert "service" in words("") and "create" not in words("")
    assert words("").count("service") == 1 and "init-local" not in words("cluster", "")
    assert words("why", "") == ["web", "lb", "front"]
    assert words("why", "web", "") == ["n1", "n2", "n3"]
    assert words("clone", "remove", "") == ["lb"]
    assert "apart" in words("rule", "") and "--for" in words("service", "ban", "web", "--")
    assert words("service", "create", "x", "--prefer", "") == ["n1", "n2", "n3"]
    assert words("service", "create", "--prefer", "n1", "x", "--stay", "")[0] == "no"


def hosts(b, nodes, witness=()):
    """Run init on hosts that are directories; the words and the environment."""
    where = b.dir / "hosts"
    for n in range(nodes):
        (where / f"10.0.0.{n + 1}").mkdir(parents=True, exist_ok=True)
    return ["cluster", "init", "prod", *[f"h{n + 1}=10.0.0.{n + 1}" for n in range(nodes)],
            *witness], {"HACTL_SSH": str(HERE / "fake_ssh"), "FAKE_HOSTS": str(where),
                        "FAKE_BIN": str(HACTL.parent), "FAKE_NODES": str(nodes)}


@case
def init(b):
    words, env = hosts(b, 3)
    b.run(*words, "--dry-run", env=env, says="node h3 { id 3; link 10.0.0.3; }")
    assert not (b.dir / "hosts/10.0.0.1/etc").exists()
    b.run(*words, env=env, says="all 3 nodes are members and quorate\nSAFETY: B (storage quorum)")
    roots = [b.dir / f"hosts/10.0.0.{n}" for n in (1, 2, 3)]
    for root in roots:
        for path in ("etc/corosync/authkey", "etc/corosync/corosync.conf",
                     "etc/hacluster/cluster.conf", "var/lib/hacluster/config/000001.conf"):
            assert (root / path).read_bytes() == (roots[0] / path).read_bytes()
        key = root / "etc/corosync/authkey"
        assert key.stat().st_mode & 0o777 == 0o400 and key.stat().st_size == 256
        meta = json.loads((root / "var/lib/hacluster/config/000001.meta").read_text())
        assert meta["rev"] == 1 and re.fullmatch("[0-9a-f]{64}", meta["sha256"])
        assert "KillMode=process" in \
            (root / "etc/systemd/system/haclusterd.service").read_text()
    assert "crypto_cipher: aes256" in (roots[0] / "etc/corosync/corosync.conf").read_text()
    log = (b.dir / "hosts/log").read_text()
    assert "10.0.0.3: 'systemctl' 'enable' 'corosync.service'" in log
    assert "10.0.0.3: 'systemctl' 'restart' 'corosync.service'" in log
    b.run(*words, env=env, status=1, complains="this node is one of a cluster already")
    b.run(*words, "--force", env=env)


@case
def node_add(b):
    words, env = hosts(b, 3)
    b.run(*words, env=env)
    b.state.revisions[-1]["text"] = (b.dir / "hosts/10.0.0.1/etc/hacluster/cluster.conf").read_text()
    roots = [b.dir / f"hosts/10.0.0.{n}" for n in (1, 4)]
    b.run("node", "add", "h4=10.0.0.4", env=env, status=1, complains="authkey")
    assert len(b.state.revisions) == 1
    roots[1].mkdir()
    b.run("node", "add", "h4=10.0.0.4", "--root", roots[0], env=env, says="h4: started")
    assert b.added() == ["node h4 { id 4; link 10.0.0.4; }"]
    keys = [(root / "etc/corosync/authkey").read_bytes() for root in roots]
    assert keys[0] == keys[1]
    assert (roots[1] / "var/lib/hacluster/config/000002.conf").read_text() == b.config


@case
def init_refused(b):
    words, env = hosts(b, 2)
    (b.dir / "hosts/10.0.0.2/dead").touch()
    b.run(*words, env=env, status=1, complains="h2 cannot become a node")
    assert not (b.dir / "hosts/10.0.0.1/etc").exists(), "changed before all agreed"
    (b.dir / "hosts/10.0.0.2/dead").unlink()
    foreign = b.dir / "hosts/10.0.0.2/etc/corosync"
    foreign.mkdir(parents=True)
    (foreign / "corosync.conf").write_text("nodelist {\n}\n")
    b.run(*words, env=env, status=1, complains="not made by hactl")
    b.run("cluster", "init", "p", "a=10.0.0.1", "b=host", env=env, status=2,
          complains='"host" is no IP address')
    b.run("cluster", "init", "p", "a", env=env, status=2, complains="is no node")
    (foreign / "corosync.conf").write_text("cluster_name: debian\nnodelist {\n  node {\n"
                                           "ring0_addr: 127.0.0.1\n}\n}\n")
    b.run(*words, env=env, says="SAFETY: F (no arbiter")     # the package's own is nobody's
    b.run("cluster", "init-local", stdin="{}", status=2, complains="no bundle")


@case
def doctor(b):
    root = b.dir / "hosts/10.0.0.1"
    words, env = hosts(b, 3)
    b.run(*words, env=env)
    said = b.run("doctor", "--root", root, status=1)
    assert "ok       corosync.conf: as configured, encrypted" in said, said
    assert "ok       authkey: only root reads it" in said, said
    assert "bad      units: there is no corosync.service" in said, said
    conf = root / "etc/corosync/corosync.conf"
    conf.write_text(conf.read_text().replace("aes256", "none"))
    (root / "etc/corosync/authkey").chmod(0o444)
    unit = root / "usr/lib/systemd/system"
    unit.mkdir(parents=True)
    for name in ("corosync", "haclusterd", "httpd", "haproxy"):
        (unit / f"{name}.service").touch()
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True)
    (wants / "httpd.service").symlink_to("/usr/lib/systemd/system/httpd.service")
    (root / "proc/sys/net/ipv4").mkdir(parents=True)
    (root / "proc/sys/net/ipv4/ip_nonlocal_bind").write_text("0\n")
    (root / "dev").mkdir()
    (root / "dev/watchdog").touch()
    (root / "etc/systemd/system.conf").write_text("[Manager]\nRuntimeWatchdogSec=30\n")
    said = b.run("doctor", "--root", root, "-c", HERE / "good/example.conf", status=1)
    for text in ("bad      encryption:", "bad      authkey: others than root",
                 "bad      managed units: systemd starts httpd.service at boot",
                 "warning  ip_nonlocal_bind:", "bad      watchdog: systemd holds",
                 "bad      module: devices are configured", "agent fence_ipmilan is not installed"):
        assert text in said, f"{text}: {said}"
    found = json.loads(b.run("doctor", "--root", root, "--json", status=1))["data"]
    assert {"level", "what", "text"} <= set(found[0])


def run_one(function):
    with tempfile.TemporaryDirectory(prefix="ha-hactl-") as directory:
        bench = Bench(directory)
        try:
            function(bench)
            print(f"ok {function.__name__}", flush=True)
            return True
        except (AssertionError, KeyError, IndexError, subprocess.TimeoutExpired) as error:
            print(f"FAIL {function.__name__}: {error!r}", flush=True)
            return False
        finally:
            bench.daemon.end()


def others():
    """What the other tests counted: passed, failed, skipped."""
    if len(sys.argv) < 3:
        return [0, 0, 0]
    done = subprocess.run([sys.argv[2]], text=True, stdout=subprocess.PIPE, check=False)
    print(done.stdout, end="")
    found = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", done.stdout, re.M)
    counts = [int(n) for n in found[-1]] if found else [0, 1, 0]
    if done.returncode and not counts[1]:
        counts[1] = 1
    return counts


def main():
    passed, failed, skipped = others()
    results = [run_one(function) for function in CASES]
    print(f"{passed + results.count(True)} passed, {failed + results.count(False)} failed, "
          f"{skipped} skipped")
    return 1 if failed or False in results else 0


if __name__ == "__main__":
    sys.exit(main())
