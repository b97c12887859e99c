#!/usr/bin/env python3
"""What translate-toolkit makes of our files.

usage: toolkit.py find SEGMENTS.jsonl FILE..     every segment is found in the files, in order (XLIFF 1.2 and 2.x by article)
       toolkit.py memory SEGMENTS.jsonl TMX      every segment is a source of the memory
       toolkit.py rewrite FOLDER FILE..          target = source, saved by the toolkit under the same names in FOLDER
"""
import json
import sys
from pathlib import Path

from translate.storage import tmx, xliff, xliff2


def store(path):
    """A file as the toolkit reads it."""
    data = Path(path).read_bytes()
    if data.find(b"<tmx") >= 0:
        return tmx.tmxfile.parsestring(data)
    second = data.find(b"urn:oasis:names:tc:xliff:document:2.0") >= 0
    return (xliff2.Xliff2File if second else xliff.xlifffile).parsestring(data)


def segments(path):
    """Sources of an article's segments by its id, in order."""
    articles = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        articles.setdefault(record["article"], []).append(record["text"])
    return articles


def find(wanted, paths):
    """Holds the texts of the files, one after the other, against all segments."""
    units = [unit for path in paths for unit in store(path).units if not unit.isheader()]
    untranslatable = [unit.source for unit in units if not unit.istranslatable()]
    if untranslatable:
        sys.exit(f"toolkit.py: {len(untranslatable)} units are not to be translated, the first is {untranslatable[0]!r}")
    found = [unit.source for unit in units]
    sources = [text for texts in segments(wanted).values() for text in texts]
    if found == sources:
        return
    # A paragraph a unit: its sentences stand in it in order, with nothing but blanks between them.
    rest = iter(found)
    unit = next(rest, "")
    for text in sources:
        if not unit.strip():
            unit = next(rest, "")
        if not unit.lstrip().startswith(text):
            sys.exit(f"toolkit.py: {text!r} is not found where it should be, but {unit[:80]!r}")
        unit = unit.lstrip()[len(text):]
    if unit.strip() or next(rest, None) is not None:
        sys.exit("toolkit.py: there is more in the files than the segments")


def memory(wanted, path):
    """Holds the sources of a memory against all segments."""
    units = store(path).units
    sources = {unit.source for unit in units}
    empty = [unit.getid() for unit in units if not unit.source or not unit.target]
    missing = [text for texts in segments(wanted).values() for text in texts if text not in sources]
    if missing or empty:
        sys.exit(f"toolkit.py: {len(missing)} segments are not in {path}, {len(empty)} of its entries have an empty side: {missing[:3]}")


def rewrite(folder, paths):
    """Translates as a program does that knows no word of the language, and saves."""
    for path in paths:
        read = store(path)
        # Over a target with marks in it the toolkit would write the text and keep the marks: such a one is a copy already.
        for unit in read.units:
            node = getattr(unit, "get_target_dom", lambda: None)()
            if node is None or not len(node):
                unit.target = unit.source
        Path(folder, Path(path).name).write_bytes(bytes(read))


def main(arguments):
    match arguments:
        case ["find", wanted, *paths] if paths:
            find(wanted, paths)
        case ["memory", wanted, path]:
            memory(wanted, path)
        case ["rewrite", folder, *paths] if paths:
            rewrite(folder, paths)
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
