#!/usr/bin/env python3
"""Articles of the reference data as files: all that are files there, and some of each set for summaries.

usage: sample.py REFERENCE FOLDER
"""
import json
import sys
from pathlib import Path

# Articles of a set, about.
MOST = 15


def main(reference, folder):
    """Writes them, with names that are ids as they are."""
    for path in sorted(Path(reference, "data/articles").glob("*.txt")):
        Path(folder, path.name.replace("_", "-")).write_bytes(path.read_bytes())
    for path in sorted(Path(reference, "data/summarization").glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        for number, line in enumerate(lines[:: max(1, len(lines) // MOST)]):
            name = f"{path.stem}-{number}.txt".replace("_", "-")
            Path(folder, name).write_bytes(json.loads(line)["text"].encode())


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
