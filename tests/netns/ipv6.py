"""The pair over IPv6."""


def test(c):
    c.ready(c.resource(ipv6=True))
    sockets = c[0].run("ss -6tn | grep -c fd78::").out.strip()
    assert int(sockets) > 0, "no connection over IPv6"
    c[0].hadm("primary", "r0")
    c[0].fill(c[0].device(), 8)
    c[0].hadm("secondary", "r0")
