#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes widths.js: how wide the letters of Liberation Sans are (those of Arial are the same).

Run by hand when the letters wanted change:  charts/widths.py > charts/widths.js
"""
import struct

FOLDER = "/usr/share/fonts/truetype/liberation/"
RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3CE), (0x400, 0x45F), (0x2010, 0x2026),
          (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2212, 0x2212)]


def advances(path):
    data = open(path, "rb").read()
    tables = {}
    for i in range(struct.unpack(">H", data[4:6])[0]):
        tag, _, offset, length = struct.unpack(">4sIII", data[12 + 16 * i:28 + 16 * i])
        tables[tag.decode()] = data[offset:offset + length]
    em = struct.unpack(">H", tables["head"][18:20])[0]
    n_metrics = struct.unpack(">H", tables["hhea"][34:36])[0]
    cmap = tables["cmap"]
    glyph = {}
    for i in range(struct.unpack(">H", cmap[2:4])[0]):
        offset = struct.unpack(">HHI", cmap[4 + 8 * i:12 + 8 * i])[2]
        table = cmap[offset:]
        if struct.unpack(">H", table[:2])[0] != 4:
            continue
        n = struct.unpack(">H", table[6:8])[0] // 2
        words = struct.unpack(">%dH" % (len(table) // 2), table[:len(table) // 2 * 2])
        ends, starts = words[7:7 + n], words[8 + n:8 + 2 * n]
        deltas, places = words[8 + 2 * n:8 + 3 * n], 8 + 3 * n
        for k in range(n):
            for code in range(starts[k], ends[k] + 1):
                index = code
                if words[places + k]:
                    index = words[places + k + words[places + k] // 2 + code - starts[k]]
                    if index == 0:
                        continue
                glyph[code] = (index + deltas[k]) & 0xFFFF

    def width(code):
        g = min(glyph.get(code, 0), n_metrics - 1)
        return round(1000 * struct.unpack(">H", tables["hmtx"][4 * g:4 * g + 2])[0] / em)
    return width


def main():
    print("// SPDX-License-Identifier: Apache-2.0")
    print("// widths.js - written by widths.py: advance widths in thousandths of the size;")
    print("// each row is the first letter's code, then regular and bold in turn.")
    regular = advances(FOLDER + "LiberationSans-Regular.ttf")
    bold = advances(FOLDER + "LiberationSans-Bold.ttf")
    rows = []
    for first, last in RANGES:
        numbers = [first]
        for code in range(first, last + 1):
            numbers += [regular(code), bold(code)]
        rows.append(numbers)
    print("export var widths = [")
    for i, row in enumerate(rows):
        line = "    ["
        for j, number in enumerate(row):
            item = str(number) + ("," if j + 1 < len(row) else "]")
            if len(line) + 1 + len(item) > 96:
                print(line)
                line = "    "
            line += (" " if line.strip() not in ("", "[") else "") + item
        print(line + ("," if i + 1 < len(rows) else ""))
    print("];")


main()
