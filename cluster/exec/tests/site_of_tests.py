"""The place where tests of agents run: directories, ex-run, programs, a network."""
# SPDX-License-Identifier: GPL-2.0-only
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(__file__).resolve().parent / "build" / "bin"
NO_LEAK_NOISE = {"ASAN_OPTIONS": "detect_leaks=1"}


class Skip(Exception):
    """What a test needs is not here."""


def sh(*words, check=True, timeout=30):
    """Output of a program."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=timeout)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(words)}: {done.returncode}: {done.stderr}")
    return done.stdout


def need(path):
    """Skip unless this file is there."""
    if not pathlib.Path(path).exists():
        raise Skip(f"{path} is not installed")


class Site:
    """One for all tests; clean() between them."""

    def __init__(self):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        os.makedirs("/run/lock")
        os.makedirs("/run/resource-agents")
        sh("ip", "link", "set", "lo", "up")
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="ha-exec-"))
        self.running = []
        self.loops = []
        self.kept = []
        self.ends = []

    def path(self, name):
        return self.dir / name

    def fixed(self, name):
        """A directory that clean() leaves alone."""
        self.kept.append(name)
        self.path(name).mkdir()
        return self.path(name)

    def script(self, name, text, below="."):
        """A program of the test's own."""
        path = self.dir / below / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return path

    def agent(self, name, text):
        """An OCF agent of the test's own: ocf:test:NAME, with --ocf-root of the site."""
        return self.script(name, text, "ocf/resource.d/test")

    def start(self, *words, env=None):
        """ex-run in the background, its lines to be read."""
        process = subprocess.Popen([BIN / "ex-run", "--grace", "500", *map(str, words)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env={**os.environ, **NO_LEAK_NOISE, **(env or {})})
        self.running.append(process)
        return process

    def lines(self, *words, code=None, env=None, timeout=40):
        """ex-run; its lines of JSON. Its exit status must be the code of the last."""
        process = self.start(*words, env=env)
        out, err = process.communicate(timeout=timeout)
        answers = [json.loads(line) for line in out.splitlines()]
        if not answers or "Sanitizer" in err:
            raise AssertionError(f"ex-run {words}: {process.returncode}: {err}")
        if code is not None and process.returncode != code:
            raise AssertionError(f"ex-run {words}: {process.returncode}, not {code}: {answers}"
                                 f" {err}")
        return answers

    def run(self, *words, code=0, env=None, timeout=40):
        """The last answer."""
        return self.lines(*words, code=code, env=env, timeout=timeout)[-1]

    def background(self, *words):
        process = subprocess.Popen(list(map(str, words)), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.running.append(process)
        return process

    def loop_device(self, size="64M"):
        image = self.path(f"image{len(self.loops)}")
        sh("truncate", "-s", size, str(image))
        done = subprocess.run(["losetup", "--find", "--show", str(image)], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            raise Skip(f"no loop device: {done.stderr.strip()}")
        self.loops.append(done.stdout.strip())
        return self.loops[-1]

    def clean(self):
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        self.running = []
        for line in reversed(pathlib.Path("/proc/self/mounts").read_text().splitlines()):
            where = line.split()[1]
            if where.startswith(f"{self.dir}/") and \
                    where[len(str(self.dir)) + 1:].split("/")[0] not in self.kept:
                sh("umount", "-l", where, check=False)
        for loop in self.loops:
            sh("losetup", "--detach", loop, check=False)
        self.loops = []
        for entry in self.dir.iterdir():
            if entry.name in self.kept:
                continue
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()

    def end(self):
        for function in self.ends:
            function()
        self.kept = []
        self.clean()
        shutil.rmtree(self.dir, ignore_errors=True)


def alive(pid):
    """Does the process run, zombies not counting."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds=5, what="it"):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.02)
