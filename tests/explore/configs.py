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
    "writes=1 faults=1 cuts=1 max=150 maintain=0 inject=0",
    "writes=1 faults=1 cuts=1 max=150 maintain=0 inject=0 fence=0",
    "writes=1 faults=1 cuts=0 max=70",
    "writes=2 faults=0 cuts=1 max=150 flushes=1 inject=0",
    "writes=2 faults=1 cuts=0 max=150 promotions=2 inject=0",
    "writes=1 faults=2 cuts=0 max=150 inject=0 flushes=1",
    "writes=1 faults=2 cuts=1 max=200 inject=0 maintain=0 promotions=2",
    "writes=2 faults=1 cuts=1 max=300 inject=0 maintain=0 blocks=2",
    "writes=1 faults=1 cuts=1 max=300",
]
