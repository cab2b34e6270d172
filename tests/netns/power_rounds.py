"""Rounds of power loss in one kernel: the program of User Mode Linux, in this kernel."""

import os

COMPARE = "the rounds compare, and take everything down"
ROUNDS = os.environ.get("ROUNDS", "3")
TIMEOUT = 200 + 60 * int(ROUNDS)


def test(c):
    c.load()
    seed = c.random.randrange(1 << 20)
    result = c[0].machine.run(["python3", "/ha/tests/uml/power.py", "--seed", str(seed),
                               "--rounds", ROUNDS, "--seconds", "60"], check=False,
                              timeout=TIMEOUT)
    print("".join(f"     {line}\n" for line in result.out.splitlines()
                  if line.startswith(("ok ", "FAIL"))), end="", flush=True)
    assert result.out.strip().endswith(" 0 failed, 0 skipped"), result
