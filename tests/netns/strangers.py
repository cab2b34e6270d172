"""Wrong or no secret, another resource or version, noise: refused, and harmless."""


def not_connected(c, because):
    """They try, fail, and say why; nothing on the disks changes."""
    def told():
        reasons = " ".join(node.peer().get("reason", "") for node in c).lower()
        return any(word in reasons for word in because)
    c.wait(told, 30, f"the status says one of {because}")
    assert not c.connected()


def restart(c, text0, text1):
    for node in c:
        node.hadm("down", "all")
    c[0].configure(text0)
    c[1].configure(text1)
    c.up()


def noise(c):
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=8)
    script = """
import os, socket, sys
for size in (0, 1, 31, 32, 33, 100, 4096, 70000) * 3:
    s = socket.create_connection((sys.argv[1], 7788), 5)
    try:
        s.sendall(os.urandom(size))
        s.settimeout(1)
        s.recv(100)
    except OSError:
        pass
    s.close()
"""
    # the node with the lower id listens; the other only opens connections
    c[1].run(["python3", "-c", script, c[0].address], timeout=100)
    writer.wait_more(50)
    assert c.connected(), "noise at the port broke the connection"
    writer.stop()
    c[0].hadm("secondary", "r0")


def other_version(c):
    """A peer of another protocol version is told so, in words."""
    script = """
import os, socket, struct, sys
def crc32c(data, crc=0xffffffff):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc
hello = struct.pack("<IIBBBBIQIIQ64s32s", 98, 99, 1, 0, 0, 1, 1 << 20, 0, 1 << 20, 16, 0,
                    b"r0", os.urandom(32))
def head(crc):
    return struct.pack("<IHHQHHIII", 0x31574168, 1, 0, 0, len(hello), 0, 0, 0, crc)
s = socket.create_connection((sys.argv[1], 7788), 5)
s.sendall(head(crc32c(head(0) + hello)) + hello)
s.settimeout(10)
answer = b""
while True:
    part = s.recv(4096)
    if not part:
        break
    answer += part
print(answer)
"""
    c[1].hadm("disconnect", "r0")
    said = c[1].run(["python3", "-c", script, c[0].address], timeout=60).out
    assert "protocol versions 98-99" in said, said
    c[1].hadm("connect", "r0")
    c.wait_in_sync()


def test(c):
    good = c.resource()
    c.load()
    c.configure(good.replace('shared-secret "s3cret";', ""))
    naked = c[0].hadm("up", "r0", check=False)
    assert naked.rc != 0 and "shared-secret" in naked.err, str(naked)
    c.ready(good)
    noise(c)
    other_version(c)
    restart(c, good, c.resource(secret="other"))
    not_connected(c, ("secret", "authentic"))
    restart(c, good, good.replace("resource r0", "resource r1"))
    not_connected(c, ("resource", "name", "authentic"))
    restart(c, good, good)
    c.wait_in_sync()
