#!/usr/bin/env python3
"""A translator at work: fills the targets of XLIFF 1.2 files, a sentence a unit, from a table of segments.

usage: translator.py TABLE.tsv FOLDER FILE..     the table has article, segment, target; files keep their names in FOLDER
"""
import csv
import sys
from pathlib import Path

from lxml import etree

XLIFF = "{urn:oasis:names:tc:xliff:document:1.2}"


def main(table, folder, *paths):
    with open(table, encoding="utf-8", newline="") as lines:
        targets = {(row["article"], row["segment"]): row["target"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    for path in paths:
        document = etree.parse(path)
        for unit in document.iter(XLIFF + "trans-unit"):
            target = unit.find(XLIFF + "target")
            target.text = targets.pop((Path(path).stem, unit.get("id")))
            target.set("state", "translated")
        document.write(Path(folder, Path(path).name), encoding="UTF-8", xml_declaration=True)
    if targets:
        sys.exit(f"translator.py: nothing to translate is {sorted(targets)[0]}")


if len(sys.argv) < 4:
    sys.exit(__doc__)
main(*sys.argv[1:])
