"""The commands that agents call, against attributes in memory."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import socket
import subprocess

from site_of_tests import BIN, need

ROOT = "/usr/lib/ocf/resource.d"


class Shim:
    """A server that stays, and the commands talking to it."""

    def __init__(self, site):
        site.agent("wait", "sleep 1000\n")
        self.path = site.path("shim")
        self.process = site.start("--shim", self.path, "--ocf-root", site.path("ocf"),
                                  "--timeout", 60000, "ocf", "ocf:test:wait", "start")
        while not self.path.exists():
            assert self.process.poll() is None
        self.env = {**os.environ, "HA_SHIM_SOCKET": str(self.path),
                    "OCF_RESOURCE_INSTANCE": "db:0", "HA_SHIM_NODE": "here"}

    def __call__(self, *words, code=0):
        done = subprocess.run([BIN / "shim-dir" / words[0], *words[1:]], env=self.env,
                              capture_output=True, text=True, check=False, timeout=20)
        assert done.returncode == code, (words, done)
        return done.stdout

    def raw(self, data):
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(5)
            link.connect(str(self.path))
            link.sendall(data)
            return link.makefile().readline()


def test_promotion_scores(site):
    """crm_master and crm_attribute --promotion are two names of one thing."""
    shim = Shim(site)
    shim("crm_master", "-l", "reboot", "-v", "100")
    assert shim("crm_attribute", "-p", "-G", "-q") == "100\n"
    assert shim("crm_attribute", "--promotion=db", "--query", "--quiet") == "100\n"
    assert shim("crm_master", "-G", "-Q") == "100\n"
    assert shim("crm_attribute", "-N", os.uname().nodename, "-l", "reboot", "-n", "master-db",
                "-q") == "100\n"
    shim("crm_attribute", "-p", "-v", "INFINITY")
    assert shim("crm_master", "-G", "-Q") == "INFINITY\n"
    shim("crm_master", "-D", "-l", "reboot")
    shim("crm_master", "-G", "-Q", code=105)
    assert shim("crm_attribute", "-p", "-G", "-q", "-d", "7") == "7\n"


def test_attributes(site):
    """crm_attribute as galera, redis and mysql call it."""
    shim = Shim(site)
    shim("crm_attribute", "-N", "n2", "-l", "reboot", "--name", "g-bootstrap", "-v", "true")
    assert shim("crm_attribute", "-N", "n2", "-l", "reboot", "--name", "g-bootstrap",
                "--quiet") == "true\n"
    shim("crm_attribute", "-N", "n1", "-l", "reboot", "--name", "g-bootstrap", "--quiet",
         code=105)
    shim("crm_attribute", "-N", "n2", "-l", "reboot", "--name", "g-bootstrap", "-D")
    shim("crm_attribute", "-N", "n2", "-l", "reboot", "--name", "g-bootstrap", "-q", code=105)
    shim("crm_attribute", "--type", "crm_config", "--name", "R_INFO", "-s", "redis_replication",
         "-v", "a|b")
    assert shim("crm_attribute", "--type", "crm_config", "--name", "R_INFO", "-s",
                "redis_replication", "--query", "-q") == "a|b\n"
    assert shim("crm_attribute", "-t", "crm_config", "-n", "R_INFO", "-G") == \
        "scope=cluster  name=R_INFO value=a|b\n"
    shim("crm_attribute", code=64)


def test_attrd_updater(site):
    """attrd_updater as mariadb and pgsql call it."""
    shim = Shim(site)
    shim("attrd_updater", "-p", "-n", "db-gtid", "-U", "0-1-5")
    assert 'value="0-1-5"' in shim("attrd_updater", "-p", "-N", os.uname().nodename, "-n",
                                   "db-gtid", "-Q")
    shim("attrd_updater", "-n", "db-gtid", "-N", "other", "-v", "0-1-6")
    lines = shim("attrd_updater", "-n", "db-gtid", "-Q", "-A").splitlines()
    assert len(lines) == 2 and 'name="db-gtid" host="other" value="0-1-6"' in lines, lines
    shim("attrd_updater", "-n", "pingd", "-B", "100", "-d", "5s")
    shim("attrd_updater", "-n", "db-gtid", "-D")
    shim("attrd_updater", "-n", "db-gtid", "-Q", code=105)
    shim("attrd_updater", "-R")


def test_nodes(site):
    shim = Shim(site)
    name = os.uname().nodename
    assert shim("crm_node", "-n") == f"{name}\n"
    assert shim("crm_node", "-p").split() == [name]
    assert shim("crm_node", "-l") == f"1 {name} member\n"
    assert shim("crm_node", "-i") == "1\n"
    assert shim("crm_node", "-q") == "1\n"
    assert shim("crm_node", "--name-for-id", "1") == f"{name}\n"
    shim("crm_node", "--name-for-id", "9", code=105)
    shim("crm_resource", "-W", "-r", "nothing", code=105)
    shim("crm_resource", "--ban", "-r", "db", code=64)


def test_nobody_answers(site):
    shim = Shim(site)
    shim.env["HA_SHIM_SOCKET"] = "/nonexistent/socket"
    shim("crm_node", "-n", code=69)


def test_rubbish_on_the_socket(site):
    """Requests that are none are refused; the server goes on."""
    shim = Shim(site)
    for data in (b"\n", b"{}\n", b"nonsense\n", b"[1,2]\n", b'{"v":1,"verb":"set"}\n',
                 b'{"v":1,"verb":"get","name":"\\u0000"}\n', b"\xff\xfe\n", b"x" * 20000):
        answer = shim.raw(data)
        assert '"ok":false' in answer, (data[:40], answer)
    assert shim("crm_node", "-q") == "1\n"


def test_agent_sets_its_score(site):
    """ocf:pacemaker:Stateful finds the shim and sets the scores it is known to set."""
    need(f"{ROOT}/pacemaker/Stateful")
    shim = Shim(site)
    environment = {"OCF_ROOT": "/usr/lib/ocf", "HA_SBIN_DIR": str(BIN / "shim-dir"),
                   "OCF_RESOURCE_INSTANCE": "st", "HA_SHIM_SOCKET": str(shim.path),
                   "PATH": f"{BIN / 'shim-dir'}:{os.environ['PATH']}",
                   "OCF_RESKEY_crm_feature_set": "3.16.2"}
    for action, score in (("start", "5\n"), ("promote", "10\n")):
        subprocess.run([f"{ROOT}/pacemaker/Stateful", action], env=environment, check=True,
                       capture_output=True, timeout=20)
        assert shim("crm_attribute", "--promotion=st", "-G", "-q") == score
