"""What is explored: settings of the program "explore", see its usage."""
# SPDX-License-Identifier: GPL-2.0-only

QUICK = [
    "writes=2 faults=0 cuts=1",
    "writes=2 faults=1 cuts=0",
    "writes=1 faults=1 cuts=1 maintain=0",
    "writes=1 faults=1 cuts=1 maintain=0 fence=0",
    "writes=1 faults=1 cuts=0 start=1",
]

DEEP = []

# For mutants: the first that catches it is what the table needs.
LADDER = [
    "writes=1 faults=1 cuts=1 max=60 maintain=0",
    "writes=1 faults=1 cuts=1 max=60 maintain=0 fence=0",
    "writes=1 faults=1 cuts=0 max=70",
    "writes=2 faults=0 cuts=1 max=60 flushes=1 inject=0",
    "writes=1 faults=2 cuts=0 max=60 inject=0 flushes=1",
]
