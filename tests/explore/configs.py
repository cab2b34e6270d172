"""What is explored: settings of the program "explore", see its usage."""
# SPDX-License-Identifier: GPL-2.0-only

# Orders of events that were thought out, see traces.
TRACE = "trace=cleared_unproved writes=2 cuts=1 faults=2 blocks=3 inject=0"
TARGET = "trace=target_unstable writes=1 faults=1 cuts=0 maintain=0 inject=0 detach=1"

# The Primary's disk fails, then the other node loses its power.
TAKEOVER = "writes=1 faults=2 cuts=0 promotions=1 errors=1 maintain=0 demote=0 inject=0"

QUICK = [
    "writes=1 faults=1 cuts=1 maintain=0",
    "writes=1 faults=1 cuts=1 maintain=0 fence=0",
    "writes=1 faults=1 cuts=1 maintain=0 strict=1",
    "writes=1 faults=1 cuts=0",
    "writes=2 faults=0 cuts=1 inject=0",
    "writes=0 faults=1 cuts=0 maintain=0 inject=0 invalidate=2",
    TAKEOVER,
    # Random walks: about 0.5 ms each.
    "walks=8000 seed=1 force=0 detach=0",
    "walks=4000 seed=500000 force=0 detach=1",
    "walks=2000 seed=1608 detach=1 errors=1",
    TRACE,
    TARGET,
]

# Minutes each, up to 4 GiB; those with a bound on the states end there.
DEEP = [
    "writes=1 faults=1 cuts=0 maintain=0 inject=0 detach=1",
    "writes=1 faults=1 cuts=0 maintain=0 detach=1",
    "writes=1 faults=1 cuts=0 maintain=0 detach=1 fence=0",
    "writes=1 faults=1 cuts=0 maintain=0 inject=0 invalidate=1",
    "writes=0 faults=2 cuts=0 maintain=0 inject=0 invalidate=2 promotions=1 demote=0",
    "writes=1 faults=2 cuts=0 maintain=0 inject=0 promotions=1 strict=2",
    "walks=10000 seed=1 force=0 detach=0 errors=1",
    "writes=2 faults=0 cuts=1",
    "writes=2 faults=1 cuts=0",
    "writes=1 faults=1 cuts=1 fence=0",
    "writes=1 faults=1 cuts=1 inject=0",
    "writes=1 faults=1 cuts=1 max=6000",
    "writes=2 faults=1 cuts=1 maintain=0 max=6000",
    "writes=2 faults=1 cuts=1 maintain=0 max=6000 promotions=2 flushes=1",
    "writes=2 faults=2 cuts=1 maintain=0 inject=0 max=6000 promotions=2",
    "writes=3 faults=1 cuts=1 maintain=0 inject=0 demote=0",
    "writes=3 faults=1 cuts=1 maintain=0 inject=0 max=6000 blocks=2",
    "writes=1 faults=1 cuts=0 start=1 max=3000",
    "walks=300000 seed=1000000 force=0 detach=0",
    "walks=100000 seed=2000000 force=0 detach=1",
]

# For mutants: the first that catches it is what the table needs.
LADDER = [
    "writes=1 faults=1 cuts=1 max=60 maintain=0",
    "writes=1 faults=1 cuts=1 max=60 maintain=0 fence=0",
    "writes=1 faults=1 cuts=0 max=70",
    "writes=2 faults=0 cuts=1 max=60 flushes=1 inject=0",
    "writes=1 faults=2 cuts=0 max=60 inject=0 flushes=1",
    "walks=5000 seed=1 force=0 detach=0 start=0 blocks=1 flight=1 regions=1",
    "walks=30000 seed=1 force=0 detach=0",
]
