"""OCF agents: real ones, and some that misbehave."""
# SPDX-License-Identifier: GPL-2.0-only
import concurrent.futures
import os
import pathlib
import signal
import time

from site_of_tests import Skip, alive, need, wait_for

ROOT = pathlib.Path("/usr/lib/ocf/resource.d")


def test_dummy_life(site):
    """ocf:heartbeat:Dummy: probe, start, monitor, stop."""
    need(ROOT / "heartbeat/Dummy")
    one = ["--member", "d1", "ocf", "ocf:heartbeat:Dummy"]
    answer = site.run(*one, "monitor", code=7)
    assert answer["verdict"] == "fine" and answer["role"] == "stopped", answer
    assert site.run(*one, "start")["role"] == "started"
    assert site.run(*one, "monitor")["role"] == "started"
    assert site.run("--role", "started", *one, "monitor")["verdict"] == "fine"
    assert site.run(*one, "validate-all")["verdict"] == "fine"
    assert site.run(*one, "stop")["role"] == "stopped"
    answer = site.run("--role", "started", *one, "monitor", code=7)
    assert answer["verdict"] == "failed", answer


def test_all_meta_data(site):
    """The meta-data of every agent that is installed is understood, or it has none."""
    agents = [path for path in sorted(ROOT.glob("*/*")) 
              if path.is_file() and not path.name.startswith(".")]
    if not agents:
        raise Skip("no agents")

    def one(path):
        name = f"ocf:{path.parent.name}:{path.name}"
        return name, site.lines("--timeout", 20000, "ocf", name, "meta-data",
                                env={"ASAN_OPTIONS": "detect_leaks=0"})[-1]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, agents))
    bad = [(name, answer.get("error"), answer["code"]) for name, answer in answers
           if answer["code"] == 0 and not answer.get("actions")]
    assert not bad, bad
    good = [name for name, answer in answers if answer["code"] == 0]
    assert len(good) > 0.8 * len(agents), (len(good), len(agents))


def test_agent_is_missing(site):
    answer = site.run("ocf", "ocf:heartbeat:NoSuchThing", "start", code=5)
    assert answer["verdict"] == "hard" and "No such file" in answer["reason"], answer


def test_reason_is_told(site):
    """An agent that refuses says why, and that reaches the answer."""
    need(ROOT / "heartbeat/IPaddr2")
    answer = site.run("ocf", "ocf:heartbeat:IPaddr2", "start", "ip=not-an-address", code=6)
    assert answer["verdict"] == "fatal" and answer["reason"] == "[findif] failed", answer
    assert "not-an-address" in answer["output"], answer


def test_ipaddr2(site):
    """ocf:heartbeat:IPaddr2 on an interface of this namespace."""
    need(ROOT / "heartbeat/IPaddr2")
    os.system("ip link add i0 type veth peer name i1; ip link set i0 up; ip link set i1 up;"
              "ip address add 10.8.0.1/24 dev i0")
    one = ["--member", "vip", "ocf", "ocf:heartbeat:IPaddr2"]
    what = ["ip=10.8.0.50", "cidr_netmask=24", "nic=i0"]
    site.run(*one, "monitor", *what, code=7)
    site.run(*one, "start", *what)
    assert "10.8.0.50" in os.popen("ip -br address show i0").read()
    site.run(*one, "monitor", *what)
    site.run(*one, "stop", *what)
    site.run(*one, "monitor", *what, code=7)
    os.system("ip link del i0")


def test_stateful(site):
    """ocf:pacemaker:Stateful: promoted and demoted, by its own idea of its state."""
    need(ROOT / "pacemaker/Stateful")
    one = ["--shim", site.path("shim"), "--member", "st", "ocf", "ocf:pacemaker:Stateful"]
    site.run(*one, "start")
    assert site.run(*one, "monitor")["role"] == "started"
    site.run(*one, "promote")
    answer = site.run(*one, "monitor", code=8)
    assert answer["role"] == "promoted" and answer["verdict"] == "fine", answer
    answer = site.run("--role", "started", *one, "monitor", code=8)
    assert answer["verdict"] == "failed", answer
    site.run(*one, "demote")
    site.run(*one, "monitor")
    site.run(*one, "stop")
    site.run(*one, "monitor", code=7)


def test_start_hangs(site):
    """A start that hangs is ended with all it has started, in its time and the grace."""
    site.agent("hang", f"(trap '' TERM; echo $$ >{site.path('pid')}; sleep 1000) &\n"
                       "echo still here; trap '' TERM; while :; do sleep 0.1; done\n")
    began = time.monotonic()
    answer = site.run("--ocf-root", site.path("ocf"), "--timeout", 500, "ocf",
                      "ocf:test:hang", "start", code=101)
    took = time.monotonic() - began
    assert answer["end"] == "timeout" and answer["verdict"] == "failed", answer
    assert "500 ms" in answer["reason"] and "still here" in answer["reason"], answer
    assert took < 5, took
    assert os.system("pgrep -x -f 'sleep 1000' >/dev/null"), "a grandchild is left"


def test_daemon_stays(site):
    """What a start leaves behind runs on, and is found by its mark when it must be killed."""
    site.agent("daemon", 'case $1 in\n'
               f'start) setsid sleep 1000 & echo $! >{site.path("pid")};;\n'
               f'monitor) kill -0 $(cat {site.path("pid")}) 2>/dev/null || exit 7;;\n'
               'stop) echo "ocf-exit-reason:I do not want to" >&2; exit 1;;\n'
               'esac\n')
    one = ["--ocf-root", site.path("ocf"), "--member", "dm", "ocf", "ocf:test:daemon"]
    site.run(*one, "start")
    pid = int(site.path("pid").read_text())
    assert alive(pid)
    site.run(*one, "stop", code=1)
    assert alive(pid)
    lines = site.lines("--ladder", "agent,kill,fence", *one, "stop")
    assert lines[0]["next"] == "kill" and "do not want" in lines[0]["reason"], lines
    assert lines[1]["step"] == "kill" and lines[1]["role"] == "stopped", lines
    assert not alive(pid)


def test_ladder_ends_at_the_fence(site):
    """What neither stops nor dies is for the fence; the reason is the first one."""
    site.agent("immortal", 'case $1 in\n'
               'stop) echo "ocf-exit-reason:disk is on fire" >&2; exit 1;;\n'
               'monitor) exit 0;; esac\n')
    lines = site.lines("--ocf-root", site.path("ocf"), "--ladder", "agent,kill,demote-force,fence",
                       "ocf", "ocf:test:immortal", "stop")
    assert [line.get("next", line.get("step")) for line in lines] == ["kill", "fence"], lines
    assert lines[-1]["role"] == "started", lines


def test_notify(site):
    """A notification reaches the agent as variables; one it does not know is no failure."""
    log = site.path("told")
    site.agent("told", f'[ $1 = notify ] || exit 3\nenv | grep _meta_notify_ | sort >{log}\n')
    one = ["--ocf-root", site.path("ocf"), "--meta", "notify-type=pre",
           "--meta", "notify_operation=start", "--meta", "notify_start_uname=n2 n3",
           "--meta", "notify_stop_uname=", "ocf", "ocf:test:told"]
    assert site.run(*one, "notify")["verdict"] == "fine"
    assert log.read_text().splitlines() == [
        "OCF_RESKEY_CRM_meta_notify_operation=start",
        "OCF_RESKEY_CRM_meta_notify_start_uname=n2 n3",
        "OCF_RESKEY_CRM_meta_notify_stop_uname=", "OCF_RESKEY_CRM_meta_notify_type=pre"]
    site.agent("told", "exit 3")
    assert site.run(*one, "notify", code=3)["verdict"] == "fine"


def test_megabytes(site):
    """Output without end neither blocks the agent nor fills the memory."""
    site.agent("loud", "head -c 20000000 /dev/zero | tr '\\0' x; echo; "
                       "echo 'ocf-exit-reason:said too much' >&2; exit 1\n")
    answer = site.run("--ocf-root", site.path("ocf"), "ocf", "ocf:test:loud", "start", code=1)
    assert answer["reason"] == "said too much" and len(answer["output"]) < 5000


def test_signal(site):
    site.agent("dies", "kill -SEGV $$\n")
    answer = site.run("--ocf-root", site.path("ocf"), "ocf", "ocf:test:dies", "monitor", code=103)
    assert answer["end"] == "signal" and "signal 11" in answer["reason"], answer


def test_watch(site):
    """A watch tells the first answer, then only changes."""
    state = site.path("state")
    state.write_text("0")
    site.agent("flaky", f"exit $(cat {state})\n")
    process = site.start("--ocf-root", site.path("ocf"), "--watch", 100, "--for", 2500,
                         "--role", "started", "ocf", "ocf:test:flaky", "monitor")
    time.sleep(1)
    state.write_text("190")
    time.sleep(0.8)
    state.write_text("0")
    out, _ = process.communicate(timeout=20)
    codes = [int(line.split(",")[0].split(":")[1]) for line in out.splitlines()]
    assert codes == [0, 190, 0], codes


def test_stuck_in_the_kernel(site):
    """A process that cannot be killed is told as stuck, and not waited for."""
    # A stopped tracer-less vfork parent sleeps uninterruptibly until its child execs.
    site.script("vforker", f"exec python3 {site.path('vfork.py')}\n", "ocf/resource.d/test")
    site.path("vfork.py").write_text(
        "import ctypes, os, time\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "CLONE_VFORK, CLONE_VM, SIGCHLD = 0x4000, 0x100, 17\n"
        f"pid = libc.syscall(56, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0)\n"
        "if pid == 0:\n"
        "    os.setsid()\n"
        f"    open('{site.path('pid')}', 'w').write(str(os.getpid()))\n"
        "    time.sleep(1000)\n")
    answer = site.lines("--ocf-root", site.path("ocf"), "--timeout", 1500, "ocf",
                        "ocf:test:vforker", "start")[-1]
    wait_for(lambda: site.path("pid").exists(), 3, "the child")
    os.kill(int(site.path("pid").read_text()), signal.SIGKILL)
    # SIGKILL ends a vfork wait on kernels where it is killable.
    assert answer["end"] in ("stuck", "timeout"), answer
