"""How each candidate is set up: all that was chosen, in one place.

Common to all: the two machines, their disks (QEMU raw files on the host's tmpfs,
cache=unsafe: the guest sees a volatile cache, its flushes arrive and end at once), one
virtio network. Nobody's flushes are switched off; fio opens every device with O_DIRECT.
"""
# SPDX-License-Identifier: GPL-2.0-only
MIB = 1 << 20
SIZE = 20480 + 256              # MiB of each disk: the widest case and any metadata
NARROW = 512                    # MiB: the usual span of a case; all of it is written
FILLED = 544                    # MiB from the start that hold data before any case
WIDE = 20480                    # MiB: the span of the wide cases; sparse
MEMORY = 768                    # MiB of each machine
PROBE_PORT = 9977

# One disk on each machine for each.
DISKS = ["raw", "ha", "ha-alone", "drbd", "md-nvme", "md-nbd", "linear", "drbd-alone"]
ONE_SIDED = ["raw", "ha-alone", "linear", "drbd-alone"]     # the second's is not used

# ha.ko: every default but the secret.
HA_NET = {"timeout": "6s", "ping-interval": "3s", "ping-timeout": "3s"}

# DRBD 8.4. Protocol C: a write is done when both disks have it. The rest is what its
# users are usually told for a fast, trusted link: larger buffers than the defaults,
# send buffer by the kernel, the activity log at 6007 extents (all 20 GiB stay hot), a
# resync that may take what the link has. Flushes of data and metadata stay on.
DRBD = """
global { usage-count no; }
resource %(name)s {
  protocol C;
  net  { max-buffers 8000; max-epoch-size 8000; sndbuf-size 0; rcvbuf-size 0;
         verify-alg crc32c; }
  disk { al-extents 6007; disk-flushes yes; md-flushes yes; disk-barrier no;
         c-plan-ahead 20; c-fill-target 1M; c-min-rate 10M; c-max-rate 1000M; }
  device %(device)s;
  disk %(disk)s;
  meta-disk internal;
  on node1 { address 10.77.0.1:%(port)d; }
  on node2 { address 10.77.0.2:%(port)d; }
}
"""

# The other machine's disk over NVMe/TCP: as many I/O queues as CPUs, depth 128.
NVME_NQN = "nqn.2014-08.org.example:bench"
NVMET = """set -e
modprobe nvmet-tcp
cd /sys/kernel/config/nvmet
mkdir subsystems/%(nqn)s ports/1 subsystems/%(nqn)s/namespaces/1
echo 1 > subsystems/%(nqn)s/attr_allow_any_host
echo %(disk)s > subsystems/%(nqn)s/namespaces/1/device_path
echo 1 > subsystems/%(nqn)s/namespaces/1/enable
echo tcp > ports/1/addr_trtype
echo ipv4 > ports/1/addr_adrfam
echo 10.77.0.2 > ports/1/addr_traddr
echo 4420 > ports/1/addr_trsvcid
ln -s /sys/kernel/config/nvmet/subsystems/%(nqn)s ports/1/subsystems/
"""
NVME_CONNECT = "modprobe nvme-tcp && nvme connect -t tcp -a 10.77.0.2 -s 4420 " \
    "-n %(nqn)s --nr-io-queues=%(cpus)d --queue-size=128"

# The same over NBD: Debian's nbd-server on the block device, flush and FUA passed on.
# It writes through its machine's page cache and answers before the disk has it; a
# flush is an fsync there.
NBD_SERVER = """[generic]
    listenaddr = 10.77.0.2
    port = 10809
[bench]
    exportname = %(disk)s
    flush = true
    fua = true
    rotational = false
"""
NBD_CONNECT = "modprobe nbd && nbd-client 10.77.0.2 10809 /dev/nbd0 -N bench -b 4096"

# A resync may take what the link has; it still gives way to other I/O.
MD_LIMIT = "echo 2000000 > /proc/sys/dev/raid/speed_limit_max"

# md over either: internal bitmap (a resync of what changed, as the others have),
# reads from the local disk.
MD_CREATE = "mdadm --create %(md)s --run --level=1 --raid-devices=2 --metadata=1.2 " \
    "--bitmap=internal --data-offset=16M --assume-clean %(here)s --write-mostly %(there)s"
