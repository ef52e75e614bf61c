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
import tables  # noqa: E402

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


def workbook(rows, sheets=(("Trade", ""),), more=""):
    """A workbook whose sheets all hold these rows of XML."""
    relations = "".join(f'<Relationship Id="r{i}" Type="x/worksheet" Target="sheet{i}.xml"/>'
                        for i in range(len(sheets)))
    names = "".join(f'<sheet name="{name}" r:id="r{i}"{state}/>'
                    for i, (name, state) in enumerate(sheets))
    sheet = f"<worksheet><sheetData>{rows}</sheetData>{more}</worksheet>"
    return zipped(("[Content_Types].xml", "<Types/>" + " " * 40),
                  ("xl/workbook.xml", f'<workbook xmlns:r="r"><sheets>{names}</sheets></workbook>'),
                  ("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>"),
                  *((f"xl/sheet{i}.xml", sheet) for i in range(len(sheets))))


def cells(number, *fields):
    return f'<row r="{number}">' + "".join(
        f'<c r="{chr(65 + i)}{number}" t="str"><v>{field}</v></c>' if isinstance(field, str) else
        f'<c r="{chr(65 + i)}{number}"><v>{field}</v></c>' for i, field in enumerate(fields)) + "</row>"


def workbooks():
    head = cells(1, "y", "f", "from", "to", "k", "v")
    row = cells(2, 2021, "X", "PER", "CHN", "260300", 5)
    formula = '<row r="3"><c r="A3"><v>2021</v></c><c r="F3"><f>F2*2</f></c></row>'
    two = (("Trade", ""), ("Notes", ""), ("Raw", ' state="hidden"'))
    yield "words-in-a-cell.xlsx", workbook(head + row + cells(9, 2021, "X", "PER", "JPN", "260300", "#N/A"))
    yield "formula.xlsx", workbook(head + row + formula)
    yield "title.xlsx", workbook(cells(1, "Exports of Peru") + cells(3, "y", "f", "from", "to", "k", "v"),
                                 more='<mergeCells><mergeCell ref="A1:F1"/></mergeCells>')
    yield "sheets.xlsx", workbook(head + row, two)
    yield "hidden.xlsx", workbook(head + row, (("Raw", ' state="hidden"'),))
    yield "fine.xlsx", workbook(head + row, two)
    yield "cut.xlsx", workbook(head + row)[:700]
    yield "doctype.xlsx", zipped(("[Content_Types].xml", "<Types/>" + " " * 40), (
        "xl/workbook.xml", '<!DOCTYPE w [<!ENTITY a "&b;&b;"><!ENTITY b "c">]><workbook>&a;</workbook>'))
    yield "bomb.xlsx", zipped(("[Content_Types].xml", "<Types/>" + " " * 40),
                              ("xl/workbook.xml", "<workbook>" + " " * (120 << 20) + "</workbook>"))


def datasets():
    yield "cut.dta", b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>"
    yield "noise.dta", b"<stata_dta>" + random.Random(8).randbytes(3000) + b"</stata_dta>"
    yield "noise-old.dta", b"\x72\x02\x01\x00" + random.Random(9).randbytes(3000)
    yield "cut.sav", b"$FL2@(#) SPSS DATA FILE" + b" " * 37 + b"\2\0\0\0\5\0\0\0"
    yield "noise.sav", b"$FL2" + random.Random(10).randbytes(3000)
    yield "packed.dta.gz", gzip.compress(b"<stata_dta><header>" + b" " * 100, mtime=0)


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
    yield "parquet.gz", gzip.compress(b"PAR1" + noise[:200] + b"PAR1", mtime=0)
    yield "old-excel.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    yield "book.xlsx", zipped(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>"),
                              ("xl/worksheets/sheet1.xml", "<x/>"))
    yield from workbooks()
    yield from datasets()
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


ENTITIES = ("id,name,kind,country\nmitsui,Mitsui,,JPN\nteck,Teck,,CAN\nluisa,Santa Luisa,,PER\n"
            "ana,Ana,person,PER\n")
PROJECTS = "id,name,sector\nmine,A mine,Mining\n"
STAKES = "owner,owned,share_pct\n"
AMOUNTS = "project,companies,amount_musd,kind,from,to\n"

# Registers of investments: what differs from a sound one.
REGISTERS = {
    "amount-grouped": {"investments": AMOUNTS + 'mine,,"3,300",planned,,\n'},
    "amount-negative": {"investments": AMOUNTS + "mine,,-5,planned,,\n"},
    "amount-of-no-kind": {"investments": AMOUNTS + "mine,,275,,2010,\n"},
    "amount-of-stranger": {"investments": AMOUNTS + "mine,mitsui;tek,275,planned,2010,\n"},
    "bounds-beside-share": {"stakes": "owner,owned,share_pct,low_pct\nteck,mine,10,5\n"},
    "bounds-crossed": {"stakes": "owner,owned,low_pct,high_pct\nteck,mine,30,20\n"},
    "bytes": {"entities": b"id,name\nmitsui,Mitsui \xff\n"},
    "closed-group": {"stakes": STAKES + "mitsui,luisa,100\nteck,mitsui,100\nluisa,teck,100\n"},
    "column-misspelt": {"stakes": "owner,owned,sahre_pct\nteck,mine,10\n"},
    "column-missing": {"stakes": "owner,share_pct\nteck,10\n"},
    "column-twice": {"stakes": "owner,owned,owner\nteck,mine,teck\n"},
    "country": {"entities": "id,name,country\nmitsui,Mitsui,Jpan\n", "stakes": STAKES},
    "country-group": {"entities": "id,name,country\nmitsui,Mitsui,EUN\n", "stakes": STAKES},
    "date": {"stakes": STAKES.strip() + ",from\nteck,mine,10,2013-02-30\n"},
    "dates-crossed": {"stakes": STAKES.strip() + ",from,to\nteck,mine,10,2013,2011\n"},
    "empty-table": {"stakes": ""},
    "fields": {"stakes": STAKES + "teck,mine\n"},
    "id-twice": {"entities": ENTITIES + "teck,Teck again,,CAN\n"},
    "kind-misspelt": {"investments": AMOUNTS + "mine,,275,plannd,2010,\n"},
    "many": {"stakes": STAKES + "tek,mine,10\nteck,mine,x\nteck,mime,10\nmitsui,mine,101\n"},
    "no-stakes": {"stakes": None},
    "own-itself": {"stakes": STAKES + "luisa,luisa,100\n"},
    "over-100": {"stakes": STAKES + "teck,mine,60\nmitsui,mine,40.1\n"},
    "over-100-for-a-year": {"stakes": STAKES.strip() + ",from,to\nteck,mine,60,,2011\n"
                            "mitsui,mine,41,2011,\n"},
    "owner-unknown": {"stakes": STAKES + "mitsu,mine,60\n"},
    "percent-sign": {"stakes": STAKES + "teck,mine,60 %\n"},
    "person-held": {"stakes": STAKES + "teck,ana,60\n"},
    "project-holds": {"stakes": STAKES + "mine,luisa,60\n"},
    "quote": {"entities": 'id,name\nmitsui,"Mitsui\n'},
    "source": {"stakes": STAKES.strip() + ",source\nteck,mine,60,T9\n"},
    "status-of-nothing": {"status": "project,status\nmime,production\n"},
    "twice": {"stakes": STAKES + "teck,mine,10\nmitsui,mine,20\nteck,mine,30\n"},
    "votes": {"stakes": STAKES.strip() + ",votes_pct\nteck,mine,10,60\nmitsui,mine,10,60\n"},
    "year": {"investments": AMOUNTS + "mine,,275,planned,10,\n"},
}


def registers():
    for name, changes in REGISTERS.items():
        tables = {"entities": ENTITIES, "projects": PROJECTS, "stakes": STAKES, **changes}
        for table, text in tables.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                yield f"register-{name}/{table}.csv", data
    yield "statements-cut.json", b'[{"statementId": "1"'
    yield "statements-of-0.3.json", b'[{"statementType": "entityStatement"}]'
    yield "statements-none.json", b'{"statements": []}'
    yield "statements-deep.json", b"[" * 100000


def main(folder):
    observed = [(name, text.encode()) for name, text in tables.files()]
    for name, data in [*files(), *registers(), *studies.files(), *observed]:
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
