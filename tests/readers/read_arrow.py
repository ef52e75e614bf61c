# SPDX-License-Identifier: Apache-2.0
"""Arrow IPC streams, read by a reader written from the format's specification alone."""
import csv
import decimal
import io
import json
import struct

from place import equal

# Unions and enums of Schema.fbs and Message.fbs.
SCHEMA, RECORD_BATCH = 1, 3
INT, FLOAT, UTF8, DECIMAL = 2, 3, 5, 7
V5 = 4


class Table:
    """A flatbuffer table: fields by number, by way of its vtable; every offset is checked."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        assert at % 4 == 0, "tables lie on multiples of four"
        self.vtable = at - struct.unpack_from("<i", data, at)[0]
        assert 0 <= self.vtable < len(data) and self.vtable % 2 == 0
        self.vsize, self.size = struct.unpack_from("<HH", data, self.vtable)
        assert at + self.size <= len(data) and self.vtable + self.vsize <= len(data)

    def field(self, number):
        place = 4 + 2 * number
        offset = struct.unpack_from("<H", self.data, self.vtable + place)[0] \
            if place < self.vsize else 0
        assert offset < self.size
        return self.at + offset if offset else None

    def number(self, number, form, default=0):
        at = self.field(number)
        if at is None:
            return default
        assert at % struct.calcsize("<" + form) == 0, "scalars are aligned"
        return struct.unpack_from("<" + form, self.data, at)[0]

    def follow(self, number):
        at = self.field(number)
        if at is None:
            return None
        to = at + struct.unpack_from("<I", self.data, at)[0]
        assert at < to < len(self.data), "offsets lead forward"
        return to

    def table(self, number):
        at = self.follow(number)
        return None if at is None else Table(self.data, at)

    def text(self, number):
        at = self.follow(number)
        length = struct.unpack_from("<I", self.data, at)[0]
        assert self.data[at + 4 + length] == 0, "a text ends in a zero"
        return self.data[at + 4:at + 4 + length].decode("utf-8")

    def tables(self, number):
        at = self.follow(number)
        n = struct.unpack_from("<I", self.data, at)[0]
        for i in range(n):
            hole = at + 4 + 4 * i
            yield Table(self.data, hole + struct.unpack_from("<I", self.data, hole)[0])

    def pairs(self, number):
        """A vector of structs of two 64-bit numbers."""
        at = self.follow(number)
        n = struct.unpack_from("<I", self.data, at)[0]
        assert (at + 4) % 8 == 0, "structs of 64-bit numbers are aligned"
        return [struct.unpack_from("<qq", self.data, at + 4 + 16 * i) for i in range(n)]


def messages(data):
    at = 0
    while True:
        mark, size = struct.unpack_from("<II", data, at)
        equal(mark, 0xFFFFFFFF, "continuation")
        at += 8
        if size == 0:
            equal(at, len(data), "the stream ends where it says")
            return
        equal((at + size) % 8, 0, "metadata is padded")
        head = data[at:at + size]
        message = Table(head, struct.unpack_from("<I", head, 0)[0])
        equal(message.number(0, "h"), V5, "version")
        length = message.number(3, "q")
        equal(length % 8, 0, "the body is padded")
        yield message, data[at + size:at + size + length]
        at += size + length


def metadata(table, number):
    return [(pair.text(0), pair.text(1)) for pair in table.tables(number)]


def read_schema(message):
    equal(message.number(1, "B"), SCHEMA)
    schema = message.table(2)
    equal(schema.number(0, "h"), 0, "little-endian")
    fields = []
    for field in schema.tables(1):
        kind, detail = field.number(2, "B"), field.table(3)
        equal(field.number(1, "B"), 1, "nullable")
        equal(list(field.tables(5)), [], "no children")
        if kind == INT:
            equal((detail.number(0, "i"), detail.number(1, "B")), (64, 1))
        elif kind == FLOAT:
            equal(detail.number(0, "h"), 2, "double")
        elif kind == DECIMAL:
            equal([detail.number(i, "i") for i in range(3)], [19, 3, 128])
        else:
            equal(kind, UTF8)
        fields.append((field.text(0), kind, dict(metadata(field, 6))))
    return fields, metadata(schema, 2)


def cell(kind, data, row):
    if kind == INT:
        return struct.unpack_from("<q", data, 8 * row)[0]
    if kind == FLOAT:
        return struct.unpack_from("<d", data, 8 * row)[0]
    value = int.from_bytes(data[16 * row:16 * row + 16], "little", signed=True)
    return decimal.Decimal(value).scaleb(-3)


def read_batch(message, body, fields):
    equal(message.number(1, "B"), RECORD_BATCH)
    batch = message.table(2)
    rows, nodes, buffers = batch.number(0, "q"), batch.pairs(1), batch.pairs(2)
    equal(len(nodes), len(fields))
    end, columns = 0, []
    spans = iter(buffers)

    def span():
        nonlocal end
        start, length = next(spans)
        equal(start % 8, 0, "buffers are aligned")
        assert end <= start and start + length <= len(body), "buffers follow each other"
        end = start + length
        return body[start:end]

    for (_, kind, _), (length, missing) in zip(fields, nodes):
        equal(length, rows)
        bits = span()
        present = [bool(bits[row // 8] >> (row % 8) & 1) for row in range(rows)]
        equal(present.count(False), missing, "nulls are counted")
        if kind == UTF8:
            offsets, text = struct.unpack(f"<{rows + 1}i", span()), span()
            equal((offsets[0], offsets[-1]), (0, len(text)))
            values = [text[a:b].decode("utf-8") for a, b in zip(offsets, offsets[1:])]
        else:
            data = span()
            values = [cell(kind, data, row) for row in range(rows)]
        columns.append([v if p else None for v, p in zip(values, present)])
    equal(next(spans, None), None, "no buffer is left over")
    return [list(row) for row in zip(*columns)]


def read(data):
    stream = list(messages(data))
    equal(len(stream), 2, "schema and one batch")
    fields, about = read_schema(stream[0][0])
    return fields, about, read_batch(stream[1][0], stream[1][1], fields)


def from_csv(text, kind):
    if text == "":
        return None
    return {UTF8: str, INT: int, FLOAT: float, DECIMAL: decimal.Decimal}[kind](text)


QUESTIONS = (
    ["growth", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan"],
    ["balance", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan", "--years",
     "1979-1990"],
    ["share", "peru.quipu", "--reporter", "Peru", "--by", "partner", "--of", "world", "--years",
     "1981,2011"],
    ["share", "peru.quipu", "--reporter", "Peru", "--partner", "China,Japan", "--of",
     "asia-study", "--years", "1981,2011", "--wide"],
    ["top", "isic.quipu", "--reporter", "China", "--by", "product", "--limit", "50", "--rest"],
    ["coverage", "isic.quipu", "--by", "reporter"],
    ["value", "isic.quipu", "--by", "product"],
)


def check_values(place):
    """every cell is the CSV's, to the last digit, missing ones included"""
    missing = 0
    for words in QUESTIONS:
        fields, _, rows = read(place.quipu(words + ["--format", "arrow"]))
        text = place.quipu(words + ["--format", "csv"]).decode()
        header, *lines = csv.reader(io.StringIO(text))
        equal([name for name, _, _ in fields], header)
        wanted = [[from_csv(t, kind) for t, (_, kind, _) in zip(line, fields)] for line in lines]
        equal(rows, wanted, " ".join(words))
        missing += sum(value is None for row in rows for value in row)
    assert missing > 10, "no case had a missing cell"


def check_metadata(place):
    """label, unit and role, title, notes and source are the JSON's"""
    for words in QUESTIONS:
        fields, about, _ = read(place.quipu(words + ["--format", "arrow"]))
        told = json.loads(place.quipu(words + ["--format", "json"]))
        for (_, _, more), column in zip(fields, told["columns"]):
            equal(more, {key: column[key] for key in ("label", "unit", "role")})
        equal(about[:3], [(key, told[key]) for key in ("measure", "version", "title")])
        equal([text for key, text in about if key == "note"], told["notes"])
        equal(dict(about[3 + len(told["notes"]):]), told["source"])
        plain = read(place.quipu(words + ["--format", "arrow", "--plain"]))[1]
        equal([key for key, _ in plain], ["measure", "version"])
