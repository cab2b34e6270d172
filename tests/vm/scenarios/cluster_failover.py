"""The active node is killed: its service goes on on the other, with all it acknowledged.

The service is a replicated device, a file system on it, an address, and a server that
syncs each record before it answers. A client outside writes through the address all the
time. What it had an answer for is there afterwards, and one node at a time has served.
"""
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


def acknowledged(client):
    """(time, number, node) of each answer."""
    return [(float(t), int(n), node) for t, n, node in
            (line.split() for _, line in list(client.lines))]


def gap(answers):
    """The longest time without an answer, and who served before and after."""
    pairs = list(zip(answers, answers[1:]))
    one, two = max(pairs, key=lambda pair: pair[1][0] - pair[0][0])
    return two[0] - one[0], one[2], two[2]


def check_journal(text, answers):
    """Every acknowledged record is there; the one who serves changed by a start only."""
    records = [line.split() for line in text.splitlines()]
    there = {int(word) for word, _ in records if word != "start"}
    lost = [number for _, number, _ in answers if number not in there]
    assert not lost, f"{len(lost)} acknowledged records are lost, the first: {lost[:3]}"
    server = None
    for word, node in records:
        assert word == "start" or node == server, f"{node} served while {server} did"
        server = node if word == "start" else server
    return [node for word, node in records if word == "start"]


def run(c, manager):
    c[0].hadm("primary", "r0")
    c[0].run("mkfs.ext4 -q -E nodiscard,lazy_itable_init=0 /dev/ha0", timeout=120)
    c[0].hadm("secondary", "r0")
    for node in c:
        manager.install(node)
    manager.first()
    manager.start(*c)
    c.wait(lambda: manager.runs_on("web", c[0]), 90, "web runs on node1")
    client = manager.outside("journal.py", "write", "10.77.0.50", 7000)
    c.wait(lambda: len(client.lines) > 100, 60, "the client has answers")
    print(manager.hactl(c[1], "status").out)

    c.kill(0)
    c.wait(lambda: manager.runs_on("web", c[1]), 90, "web runs on node2")
    before = len(client.lines)
    c.wait(lambda: len(client.lines) > before + 50, 60, "the client has answers again")
    answers = acknowledged(client)
    seconds, one, two = gap(answers)
    assert (one, two) == (c[0].name, c[1].name), f"the gap is between {one} and {two}"
    starts = check_journal(c[1].run("cat /srv/journal").out, answers)
    assert starts == [c[0].name, c[1].name], f"served by {starts}"
    switched = [line for _, line in manager.switch.lines]
    assert "off node1 ok" in switched and "status node1 off" in switched, switched
    print(f"no answer for {seconds:.2f} s; {len(answers)} records acknowledged")
    print(manager.hactl(c[1], "history web").out)

    c.start(0)
    manager.pids()
    manager.install(c[0])
    manager.start(c[0])
    c.wait_in_sync()
    c.wait(lambda: len((manager.status(c[1]) or {"problems": [1]})["problems"]) == 0, 60,
           "no problem is left")
    assert manager.runs_on("web", c[1]), "web moved back by itself"
    manager.hactl(c[1], "service move web node1", timeout=90)
    before = len(client.lines)
    c.wait(lambda: len(client.lines) > before + 50, 60, "the client has answers from node1")
    answers = acknowledged(client)      # first: the file goes on
    starts = check_journal(c[0].run("cat /srv/journal").out, answers)
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
        for node in c:
            if node.machine.alive():
                print(f"--- {node.name}\n{manager.log(node)}")
                print(manager.hactl(node, "status", check=False))
        raise
    finally:
        manager.end()
