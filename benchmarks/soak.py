"""Random SIGKILLs over hundreds of recipients, on a real ledger and loopback servers.

    python benchmarks/soak.py [SECONDS] [READERS]

Every edition goes to so many Slack channels and as many mailboxes. Exits 1 when the promise of docs/operations.md was
broken: a lost message, a doubled Slack post, a second mail that differs or that no kill explains.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from crashing import soak


def main(seconds: float, readers: int) -> int:
    seed = random.randrange(1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        result = soak(Path(folder), seconds=seconds, readers=readers, seed=seed)
    doubled = sum(copies - 1 for copies in result.mail.values())
    states = ", ".join(f"{number} {state}" for state, number in result.states.most_common())
    print(f"seed {seed}: {result.kills} kills over {result.deliveries} deliveries: {states}")
    print(f"Slack: {len(result.slack)} posted, {sum(result.slack.values()) - len(result.slack)} doubled")
    print(f"mail:  {len(result.mail)} sent, {doubled} second copies, {result.unlike} of them not identical")
    for problem in result.verdict():
        print(f"BROKEN {problem}")
    return 1 if result.verdict() else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0, int(sys.argv[2]) if len(sys.argv) > 2 else 100))
