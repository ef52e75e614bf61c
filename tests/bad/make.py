#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the bad files that are binary or large; those that are text lie in files/.

Usage: tests/bad/make.py FOLDER
"""
import bz2
import gzip
import io
import os
import random
import sys
import zipfile

sys.dont_write_bytecode = True
import studies  # noqa: E402

HEAD = "t,i,j,k,v,q\n"
ROWS = HEAD + "".join(f"2021,604,{partner},260300,{partner}.125,1\n" for partner in (156, 392, 410))


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name), text, compress_type=method)
    return out.getvalue()


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def bomb():
    """A table of 200 MB, all the same row and mostly blanks, in 200 kB."""
    out = io.BytesIO()
    block = (b"2021,604,156,260300," + b" " * 100000 + b"1,1\n") * 10
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        packed.write(HEAD.encode())
        for _ in range(200):
            packed.write(block)
    return out.getvalue()


def files():
    text = ROWS.encode()
    packed = gzip.compress(text, mtime=0)
    long = "x" * (17 << 20)
    noise = random.Random(7).randbytes(20000)
    yield "utf-16-le.csv", b"\xff\xfe" + ROWS.encode("utf-16-le")
    yield "utf-16-be.csv", b"\xfe\xff" + ROWS.encode("utf-16-be")
    yield "utf-16-no-mark.csv", ROWS.encode("utf-16-le")
    yield "noise.csv", noise
    yield "noise-after-header.csv", HEAD.encode() + noise.replace(b"\0", b"")
    yield "parquet.csv", b"PAR1" + noise[:200] + b"PAR1"
    yield "old-excel.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    yield "book.xlsx", zipped(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>"),
                              ("xl/worksheets/sheet1.xml", "<x/>"))
    yield "paper.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
    yield "line-17-MB.csv", (ROWS + "2021,604," + long + ",260300,1,1\n").encode()
    yield "line-33-MB.csv", (ROWS + "2021,604," + long * 2 + ",260300,1,1\n").encode()
    yield "header-17-MB.csv", ("t,i,j,k," + long + "\n2021,604,156,260300,1\n").encode()
    yield "noise.csv.gz", b"\x1f\x8b\x08\0" + noise
    yield "cut.csv.gz", packed[:-12]
    yield "cut-in-the-head.csv.gz", packed[:6]
    yield "flipped-sum.csv.gz", flipped(packed, len(packed) - 6)
    yield "tail.csv.gz", packed + b"and then some words"
    yield "bad-row.csv.gz", gzip.compress(text + b"2021,604,156,260400,x,1\n", mtime=0)
    yield "bomb.csv.gz", bomb()
    yield "cut.csv.bz2", bz2.compress(text)[:-8]
    whole = zipped(("a.csv", ROWS), ("b.csv", ROWS.replace("2021", "2020")))
    yield "cut.zip", whole[:40]
    yield "cut-in-the-second.zip", whole[:len(whole) // 2 - 80]
    stored = zipped(("a.csv", ROWS), method=zipfile.ZIP_STORED)
    yield "flipped.zip", flipped(stored, stored.index(b".125") + 1)
    yield "outside.zip", zipped(("../a.csv", ROWS))
    yield "absolute.zip", zipped(("/etc/a.csv", ROWS))
    yield "windows.zip", zipped(("..\\..\\a.csv", ROWS))
    yield "no-members.zip", zipped()
    yield "empty-member.zip", zipped(("a.csv", ""))
    yield "bad-member.zip", zipped(("good.csv", ROWS), ("bad.csv", HEAD + "2021,604,156,26,1,1\n"))
    yield "no-table.zip", zipped(("readme.txt", "Nothing here.\n"), ("logo.png", b"\x89PNG\r\n\0"))
    yield "zip-in-zip.zip", zipped(("inner.zip", zipped(("a.csv", ROWS))))
    yield "json-deep/PER.json", b'{"2010": ' + b'[' * 100000


def main(folder):
    for name, data in [*files(), *studies.files()]:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
