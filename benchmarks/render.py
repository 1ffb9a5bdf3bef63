"""How long one digest takes in all its forms, and how large they are.

    python benchmarks/render.py [ROUNDS]

Prints, for digests of one, fourteen and sixty stories as a real morning brings them (three sentences, two to seven outlets):
the median CPU time of ROUNDS renderings after one to warm up, that median in units of serialising the same digest as JSON,
and the size of each form. One digest in all its forms is to take less than 50 ms.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from render_states import busy

from digestbot.render import Templates, as_json, render


def median(call, rounds: int) -> float:
    """CPU seconds of the middle round, the first one not counted."""
    call()
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main(rounds: int) -> None:
    templates = Templates()
    print(f"{'stories':>7} {'all forms':>10} {'x JSON':>7} {'HTML':>9} {'text':>9} {'Slack':>9}")
    for count, also in ((1, 0), (14, 0), (60, 20)):
        digest = busy(count, also=also)
        whole = median(lambda digest=digest: render(digest, templates=templates), rounds)
        plain = median(lambda digest=digest: as_json(digest), rounds)
        message = render(digest, templates=templates)
        slack = len(json.dumps(message.slack, ensure_ascii=False).encode())
        blocks = "+".join(str(len(post["blocks"])) for post in message.slack)
        print(
            f"{count:>7} {whole * 1000:>7.1f} ms {whole / plain:>7.1f} {len(message.html.encode()):>7} B"
            f" {len(message.text.encode()):>7} B {slack:>7} B, {blocks} blocks"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
