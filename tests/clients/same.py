#!/usr/bin/env python3
"""usage: same.py SOURCES MERGED     every merged article is its source in UTF-8, byte for byte"""
import sys
from pathlib import Path


def text(path):
    """An article as it is kept: decoded, without a byte order mark."""
    data = path.read_bytes()
    for encoding in "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "windows-1251":
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    sys.exit(f"same.py: {path} is in an encoding that this script does not know")


sources, merged = map(Path, sys.argv[1:])
articles = sorted(sources.rglob("*.txt"))
back = {path.stem.replace("_", "/"): path for path in merged.rglob("*.txt")} if merged.is_dir() else {}
for article in articles:
    name = article.relative_to(sources).with_suffix("").as_posix()
    if name not in back or back[name].read_bytes() != text(article).encode():
        sys.exit(f"same.py: {name} did not come back as it was")
if len(back) != len(articles):
    sys.exit(f"same.py: {len(back)} articles came back of {len(articles)}")
