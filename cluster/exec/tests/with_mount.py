"""Mounts: native ones on loop devices, and ocf:heartbeat:Filesystem."""
# SPDX-License-Identifier: GPL-2.0-only
import json
import subprocess
import time

from site_of_tests import alive, need, sh, wait_for


def disk(site, fstype="ext4"):
    """(device, directory) with a file system."""
    device = site.loop_device("320M" if fstype == "xfs" else "32M")
    sh(f"mkfs.{fstype}", "-q", device)
    directory = site.path("mnt")
    directory.mkdir()
    return device, str(directory)


def mounted(directory):
    return subprocess.run(["mountpoint", "-q", directory], check=False).returncode == 0


def test_life(site):
    """The type is found; options arrive; starting and stopping twice is no error."""
    for fstype in ("ext4", "xfs"):
        need(f"/sbin/mkfs.{fstype}")
        device, directory = disk(site, fstype)
        what = [f"device={device}", f"directory={directory}", "options=noatime,nodev"]
        site.run("mount", "-", "monitor", *what, code=7)
        site.run("mount", "-", "start", *what)
        line = sh("findmnt", "-n", "-o", "FSTYPE,OPTIONS", directory)
        assert fstype in line and "noatime" in line and "nodev" in line, line
        site.run("mount", "-", "start", *what)
        site.run("--role", "started", "mount", "-", "monitor", *what)
        site.run("--depth", 20, "mount", "-", "monitor", *what)
        site.run("mount", "-", "stop", *what)
        assert not mounted(directory)
        site.run("mount", "-", "stop", *what)
        site.clean()


def test_tmpfs_and_bind(site):
    directory, other = site.path("mnt"), site.path("other")
    directory.mkdir()
    other.mkdir()
    what = ["device=tmpfs", f"directory={directory}", "fstype=tmpfs", "options=size=1m"]
    site.run("mount", "-", "start", *what)
    site.run("mount", "-", "monitor", *what)
    (directory / "file").write_text("x")
    bound = [f"device={directory}", f"directory={other}", "options=bind,ro"]
    site.run("mount", "-", "start", *bound)
    site.run("mount", "-", "monitor", *bound)
    assert (other / "file").read_text() == "x"
    assert subprocess.run(["touch", other / "more"], capture_output=True, check=False).returncode
    site.run("mount", "-", "stop", *bound)
    site.run("mount", "-", "stop", *what)


def test_refusals(site):
    device, directory = disk(site)
    empty = site.loop_device("16M")
    for words, code, part in (
            ([f"device={device}", f"directory={directory}/none"], 5, "no directory"),
            (["device=/dev/nope", f"directory={directory}"], 5, "No such file"),
            ([f"device={empty}", f"directory={directory}"], 1, "no file system"),
            ([f"device={device}", f"directory={directory}", "fstype=nope"], 5, "does not know"),
            ([f"device={device}", f"directory={directory}", "fstype=xfs"], 1, "damaged"),
            ([f"device={device}", f"directory={directory}", "options=remount"], 6, "cannot be"),
            ([f"device={device}"], 6, "directory"),
            (["device=x", f"directory={directory}"], 5, "No such file")):
        answer = site.run("mount", "-", "start", *words, code=code)
        assert part in answer["reason"], answer
    site.run("mount", "-", "start", f"device={device}", f"directory={directory}")
    sh("mkfs.ext4", "-q", empty)
    answer = site.run("mount", "-", "start", f"device={empty}", f"directory={directory}", code=1)
    assert "is mounted on" in answer["reason"], answer
    # What is mounted there is not this member: a probe says stopped, a stop changes nothing.
    site.run("mount", "-", "monitor", f"device={empty}", f"directory={directory}", code=7)
    site.run("mount", "-", "stop", f"device={empty}", f"directory={directory}")
    assert mounted(directory)


def holders(site, directory):
    """Processes that hold a mount: by directory, by file, by mapping."""
    by_cwd = site.background("sh", "-c", f"cd {directory} && exec sleep 1000")
    by_file = site.background("sh", "-c", f"trap '' TERM; exec 5>{directory}/f; "
                              "while :; do sleep 0.2; done")
    sh("cp", "/bin/sleep", f"{directory}/sleeper")
    by_map = site.background(f"{directory}/sleeper", "1000")
    time.sleep(0.3)
    return by_cwd, by_file, by_map


def test_busy_says_who(site):
    """A mount that is in use is not taken away; the reason names all who use it."""
    device, directory = disk(site)
    what = [f"device={device}", f"directory={directory}"]
    site.run("mount", "-", "start", *what)
    found = holders(site, directory)
    answer = site.run("mount", "-", "stop", *what, code=1)
    for one in found:
        assert f"(pid {one.pid})" in answer["reason"], (one.pid, answer)
    assert "sleeper" in answer["reason"] and answer["verdict"] == "failed", answer
    assert mounted(directory) and all(alive(one.pid) for one in found)


def test_ladder_kills_holders(site):
    """The second step kills who holds the mount, and nobody else."""
    device, directory = disk(site)
    what = [f"device={device}", f"directory={directory}"]
    site.run("mount", "-", "start", *what)
    found = holders(site, directory)
    bystander = site.background("sleep", "1000")
    lines = site.lines("--ladder", "agent,kill,fence", "mount", "-", "stop", *what)
    assert lines[0]["next"] == "kill" and lines[1]["step"] == "kill", lines
    assert not mounted(directory)
    assert alive(bystander.pid)
    wait_for(lambda: not any(alive(one.pid) for one in found), 2, "the holders")


def test_mounts_below(site):
    """A mount below is named; the second step takes it away too."""
    device, directory = disk(site)
    what = [f"device={device}", f"directory={directory}"]
    site.run("mount", "-", "start", *what)
    sh("mkdir", f"{directory}/below")
    sh("mount", "-t", "tmpfs", "tmpfs", f"{directory}/below")
    answer = site.run("mount", "-", "stop", *what, code=1)
    assert "below is mounted below" in answer["reason"], answer
    site.lines("--ladder", "agent,kill,fence", "mount", "-", "stop", *what)
    assert not mounted(directory)


def test_read_only_is_noticed(site):
    """A file system that the kernel has made read-only after an error."""
    device, directory = disk(site)
    what = [f"device={device}", f"directory={directory}"]
    site.run("mount", "-", "start", *what)
    sh("mount", "-o", "remount,ro", directory)
    answer = site.run("--role", "started", "mount", "-", "monitor", *what, code=1)
    assert "read-only" in answer["reason"], answer
    site.run("mount", "-", "monitor", *what, "options=ro")


def test_watch_by_events(site):
    """Without any interval: an unmount by hand is told at once."""
    device, directory = disk(site)
    what = [f"device={device}", f"directory={directory}"]
    site.run("mount", "-", "start", *what)
    process = site.start("--watch", 0, "--for", 2000, "--role", "started", "mount", "-",
                         "monitor", *what)
    assert json.loads(process.stdout.readline())["code"] == 0
    began = time.monotonic()
    sh("umount", directory)
    lost = json.loads(process.stdout.readline())
    took = time.monotonic() - began
    assert lost["code"] == 7 and lost["verdict"] == "failed" and took < 0.6, (lost, took)


def test_filesystem_agent(site):
    """ocf:heartbeat:Filesystem on the same disk agrees with the native member."""
    need("/usr/lib/ocf/resource.d/heartbeat/Filesystem")
    device, directory = disk(site)
    agent = ["--timeout", 30000, "ocf", "ocf:heartbeat:Filesystem"]
    words = [f"device={device}", f"directory={directory}", "fstype=ext4"]
    native = ["mount", "-", "monitor", f"device={device}", f"directory={directory}"]
    site.run(*agent, "monitor", *words, code=7)
    site.run(*agent, "start", *words)
    site.run(*native)
    site.run(*agent, "monitor", *words)
    site.run(*agent, "stop", *words)
    site.run(*native, code=7)
