"""After a split brain the policies decide as they say, without a hand."""


def apart(c, policy, writes):
    """Both Primary in turn while cut; who is in writes has written; then demoted."""
    c.ready(c.resource(net=policy))
    c.cut()
    c.wait_lost()
    for number, node in enumerate(c):
        node.hadm("primary", "r0")
        if number in writes:
            node.fill(node.device(), writes[number])
        else:
            node.run(["dd", f"if={node.device()}", "of=/dev/null", "bs=4k", "count=1",
                      "iflag=direct", "status=none"])
        node.hadm("secondary", "r0")


def content(node, mib):
    with open(node.image(), "rb") as file:
        return file.read(mib << 20)


def again(c):
    for node in c:
        node.hadm("down", "r0")
        node.hadm("wipe-md", "--force", "r0")


def winner(c, number, mib):
    kept = content(c[number], mib)
    c.join()
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    assert content(c[0], mib) == kept, f"node{number + 1} should have won"


def test(c):
    apart(c, {"after-sb-0pri": "discard-zero-changes"}, {1: 4})
    winner(c, 1, 4)
    again(c)
    apart(c, {"after-sb-0pri": "discard-least-changes"}, {0: 8, 1: 2})
    winner(c, 0, 8)
    again(c)
    apart(c, {"after-sb-0pri": "discard-zero-changes"}, {0: 2, 1: 2})
    c.join()
    for node in c:
        c.wait(lambda: node.connection() == "StandAlone", 30, "both wrote: StandAlone")
    c[0].hadm("connect", "--discard-my-data", "r0")
    c[1].hadm("connect", "r0")
    c.wait_connected()
    c.wait_in_sync()
