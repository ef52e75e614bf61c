#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the seeds of fuzz_workbook: the documents of small workbooks.  Run by hand:
tests/fuzz/seed_workbook.py
"""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
BOOK = ('<workbook xmlns:r="r"><workbookPr date1904="{}"/><sheets>'
        '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>')
RELATIONS = "<Relationships>" + "".join(
    f'<Relationship Id="rId{i + 1}" Type="{TYPE}{kind}" Target="{target}"/>'
    for i, (kind, target) in enumerate((("worksheet", "worksheets/sheet1.xml"),
                                        ("sharedStrings", "sharedStrings.xml"),
                                        ("styles", "/xl/styles.xml")))) + "</Relationships>"
TEXTS = "<sst><si><t>year</t></si><si><r><t>va</t></r><r><t>lue</t></r><rPh><t>x</t></rPh></si></sst>"
STYLES = ('<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0000"/><numFmt numFmtId="171" '
          'formatCode="[$-409]mmm\\-yy;@"/></numFmts><cellXfs><xf numFmtId="0"/>'
          '<xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>')
PLAIN = ('<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
         '</row><row r="3"><c r="A3"><v>2007</v></c><c r="B3"><f>1+1</f><v>2</v></c></row>'
         '</sheetData></worksheet>')
STYLED = ('<worksheet><sheetData><row><c t="inlineStr"><is><t>a, "b"</t></is></c>'
          '<c t="e"><v>#N/A</v></c></row><row><c s="1"><v>39203</v></c><c s="2"><v>101</v></c></row>'
          '<row><c s="3"><v>59</v></c><c t="b"><v>1</v></c></row></sheetData></worksheet>')
MERGED = PLAIN.replace("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
UNKNOWN = PLAIN.replace("<v>2</v>", "")


def main():
    folder = os.path.join(HERE, "corpus", "workbook")
    os.makedirs(folder, exist_ok=True)
    for name, since, sheet in (("plain", 0, PLAIN), ("styled", 1, STYLED), ("merged", 0, MERGED),
                               ("unknown", 0, UNKNOWN)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write("\0".join((BOOK.format(since), RELATIONS, sheet, TEXTS, STYLES)).encode())


main()
