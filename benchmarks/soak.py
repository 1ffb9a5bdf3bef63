"""Lives of the delivering process under random faults, on SQLite and PostgreSQL and in all four channels.

    python benchmarks/soak.py [SECONDS] [SEED] [--life NUMBER]

Each life is one edition that is struck up to three times while it is delivered: killed, stopped, frozen, its services or
database restarted or cut off, its clock set wrong, its disk full, its descriptors used up (tests/fault_plan.py). Exits 1
when the promise of docs/operations.md was broken, and names seed and life: `--life` repeats that one. The last line is
JSON, so that parts can be summed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fault_plan import lives
from fault_verdict import Tally
from fault_world import live
from servers.postgres import Server, running


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=float, default=30.0)
    parser.add_argument("seed", nargs="?", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--life", type=int, help="only the life of this number")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that nothing is left behind
    total, began = Tally(), time.monotonic()
    print(f"seed {given.seed}", flush=True)
    with ExitStack() as stack:
        server = postgresql(stack)
        planned = lives(given.seed, first=given.life or 0, postgresql=server is not None)
        for life in islice(planned, None if given.life is None else 1):
            if time.monotonic() - began >= given.seconds and given.life is None:
                break
            with tempfile.TemporaryDirectory(prefix="digestbot-soak-") as folder:
                result = live(life, Path(folder), server)
            for problem in result.broken:
                print(f"BROKEN {problem}", flush=True)
            total.add(result)
    report(total, given.seed, time.monotonic() - began)
    return 1 if total.broken else 0


def postgresql(stack: ExitStack) -> Server | None:
    """A real server, or None and a line that says why not."""
    try:
        return stack.enter_context(running())
    except OSError as error:
        print(f"SQLite alone: PostgreSQL could not be started here: {error}")
        return None


def report(total: Tally, seed: int, seconds: float) -> None:
    def listed(counted: dict[str, int]) -> str:
        return ", ".join(f"{number} {name}" for name, number in sorted(counted.items(), key=lambda pair: -pair[1]))

    print(f"{total.lives} lives in {seconds:.0f} s, {total.blows.total()} faults: {listed(total.blows)}")
    print(f"deliveries: {total.deliveries.total()}: {listed(total.deliveries)}; {listed(total.states)}")
    for name in ("lost", "twice", "late"):
        counted = getattr(total, name)
        print(f"{name}: " + ", ".join(f"{channel} {counted[channel]}" for channel in sorted(total.deliveries)))
    for reason, number in total.unknown.most_common():
        print(f"unknown: {number} {reason}")
    print(
        f"mail: {total.copies} second copies, {total.unlike} of them not identical, "
        f"{total.unexplained} of what was not in flight"
    )
    print(f"ways out: {total.ways_out} measured, the longest {total.longest_way_out:.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seed": seed, "seconds": round(seconds), "peak_mb": peak, **total.as_json()}))


if __name__ == "__main__":
    sys.exit(main())
