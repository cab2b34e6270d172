"""The active node is killed: its service goes on on the other, with all it acknowledged.

The service is a replicated device, a file system on it, an address, and a server that
syncs each record before it answers. A client outside writes through the address all the
time. What it had an answer for is there afterwards, and one node at a time has served.
"""
import acknowledged
import hacluster

TIMEOUT = 600
SERVICE = """
  device r0 { hadm r0; }
  service web {
    storage r0;
    mount /dev/ha0 /srv ext4;
    ip 10.77.0.50/24 { dev eth0; }
    ocf journal ocf:hatest:journal { monitor 2s; }
  }
"""


def run(c, manager):
    c[0].hadm("primary", "r0")
    c[0].run("mkfs.ext4 -q -E nodiscard,lazy_itable_init=0 /dev/ha0", timeout=120)
    c[0].hadm("secondary", "r0")
    manager.begin()
    c.wait(lambda: manager.runs_on("web", c[0]), 90, "web runs on node1")
    client = manager.outside("journal.py", "write", "10.77.0.50", 7000)
    client.wait_more(100, "the client has answers")
    print(manager.hactl(c[1], "status").out)

    c.kill(0)
    c.wait(lambda: manager.runs_on("web", c[1]), 90, "web runs on node2")
    client.wait_more(50, "the client has answers again")
    answers = acknowledged.answers(client)
    seconds, one, two = acknowledged.gaps(answers)[0]
    assert (one, two) == (c[0].name, c[1].name), f"the gap is between {one} and {two}"
    starts = acknowledged.check_journal(c[1].run("cat /srv/journal").out, answers)
    assert starts == [c[0].name, c[1].name], f"served by {starts}"
    switched = [line for _, line in manager.switch.lines]
    assert "off node1 ok" in switched and "status node1 off" in switched, switched
    print(f"no answer for {seconds:.2f} s; {len(answers)} records acknowledged")
    print(manager.hactl(c[1], "history web").out)

    manager.again(0)
    c.wait_in_sync()
    c.wait(lambda: manager.well(c[1]), 60, "no problem is left")
    assert manager.runs_on("web", c[1]), "web moved back by itself"
    manager.hactl(c[1], "service move web node1", timeout=90)
    client.wait_more(50, "the client has answers from node1")
    answers = acknowledged.answers(client)      # first: the file goes on
    starts = acknowledged.check_journal(c[0].run("cat /srv/journal").out, answers)
    assert starts == [c[0].name, c[1].name, c[0].name], f"served by {starts}"
    client.end()
    manager.stop()
    c.up()                              # to be compared, see oracle.py
    c.wait_connected()


def test(c):
    c.ready()
    manager = hacluster.Manager(c, SERVICE)
    try:
        run(c, manager)
    except Exception:
        manager.tell()
        raise
    finally:
        manager.end()
