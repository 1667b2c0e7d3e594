"""Writes ``links.json``: which socket may be linked to which, for the editor's own rules.

``python -m tests.vectors.links`` writes it anew after the rules have changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from blockloom.graph.sockets import SocketType, may_link

FILE = Path(__file__).with_name("links.json")


def text() -> str:
    """The file's text: one case a line, every pair of socket types."""
    cases = []
    for source in SocketType:
        for target in SocketType:
            validity = may_link(source, target)
            case = {
                "source": source.value,
                "target": target.value,
                "is_valid": validity.is_valid,
                "reason": validity.reason,
            }
            cases.append(json.dumps(case))
    return "[\n" + ",\n".join(f"  {case}" for case in cases) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
