"""The link comes and goes under load: no write fails, and all of it arrives."""

TIMES = 4


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=16)
    for number in range(TIMES):
        writer.wait_more(50)
        if number % 2:
            c[1].machine.carrier(False)
        else:
            c.cut()
        c.wait_lost(0)
        writer.wait_more(50)
        if number % 2:
            c[1].machine.carrier(True)
        else:
            c.join()
        c.wait_connected()      # the next cut may hit the middle of the resync
    c.wait_in_sync()
    writer.stop()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])
