"""Real fence agents; those that misbehave are in the unit tests."""
# SPDX-License-Identifier: GPL-2.0-only
from site_of_tests import need

AGENT = "/usr/sbin/fence_dummy"


def device(site, *more):
    return ",".join(("fence_dummy", f"status_file={site.path('power')}", *more))


def test_dummy(site):
    """fence_dummy: off, seen off by its status; on again; reboot."""
    need(AGENT)
    site.path("power").write_text("on")
    answer = site.run("fence", "status", "n2", device(site))
    assert answer["power"] == "on", answer
    answer = site.run("fence", "off", "n2", device(site))
    assert answer["outcome"] == "ok" and answer["power"] == "off", answer
    assert site.path("power").read_text() == "off"
    answer = site.run("fence", "status", "n2", device(site))
    assert answer["power"] == "off", answer
    answer = site.run("fence", "reboot", "n2", device(site))
    assert answer["outcome"] == "ok" and answer["level"] == 1, answer
    assert site.path("power").read_text() == "on"
    site.run("fence", "monitor", "n2", device(site))


def test_second_level(site):
    """A device that fails (type=fail) is followed by the next level."""
    need(AGENT)
    site.path("power").write_text("on")
    answer = site.run("fence", "off", "n2",
                      "fence_dummy,type=fail,plug=1,power_timeout=1,ha-attempts=1",
                      device(site))
    assert answer["outcome"] == "ok" and answer["level"] == 2, answer
    assert "fence_dummy" in answer["reason"], answer


def test_all_fail(site):
    need(AGENT)
    answer = site.run("fence", "off", "n2",
                      "fence_dummy,type=fail,plug=1,power_timeout=1,ha-attempts=2,ha-backoff=100",
                      code=1)
    assert answer["outcome"] == "failed" and answer["level"] == 0, answer


def test_slow_device(site):
    """A device that does not answer in its time counts as failed."""
    need(AGENT)
    answer = site.run("fence", "off", "n2",
                      device(site, "delay=30", "ha-timeout=1500", "ha-attempts=1"), code=1)
    assert "does not answer" in answer["reason"], answer
