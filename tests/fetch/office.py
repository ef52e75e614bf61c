# SPDX-License-Identifier: Apache-2.0
"""office.py - the statistics offices, as far as quipu fetch sees them, on the loopback address.

UN Comtrade (what is available, preview and full answers with their limits of rows, lists of
partners and products, keys), CEPII's archives (with ranges), WITS and the World Bank.  All
figures follow from a rule (`trade`), so a test can say what must come out.

Faults are functions in `Office.faults`: each is given the handler and the path of a request and
returns True when it has answered instead.
"""
import http.server
import io
import json
import threading
import urllib.parse
import zipfile
import zlib

PARTNERS = (0, 32, 36, 56, 68, 76, 124, 152, 156, 170, 203, 208, 214, 218, 246, 251, 276, 300, 320,
            340, 344, 348, 360, 372, 376, 380, 392, 410, 458, 484, 490, 528, 554, 558, 579, 591,
            600, 604, 608, 616, 620, 642, 643, 682, 699, 702, 703, 704, 710, 724, 752, 757, 764,
            784, 788, 792, 818, 826, 842, 858, 862, 899)
CODES = tuple(f"{chapter:02d}{heading:02d}{sub:02d}" for chapter in (3, 8, 9, 15, 26, 27, 71, 74)
              for heading in range(1, 9) for sub in (10, 90)) + ("9999AA",)
KEY = "0123456789abcdef0123456789abcdef"


def draw(*words):
    """A number that follows from the words."""
    return zlib.crc32(repr(words).encode())


class World:
    """What the offices know; `dense` of ten cells are filled."""

    def __init__(self, reporters=(604, 152), periods=(2010, 2011, 2012), dense=3, classed="H3",
                 partners=PARTNERS, codes=CODES):
        self.reporters, self.periods, self.dense = reporters, periods, dense
        self.classed, self.partners, self.codes = classed, partners, codes
        self.missing = set()  # (reporter, period) that is not published
        self.released = {}    # (reporter, period): another date
        self.bump = {}        # (reporter, period): added to every value
        self.class_of = {}    # (reporter, period): another classification

    def classification(self, reporter, period):
        return self.class_of.get((reporter, period), self.classed)

    def value(self, reporter, period, flow, partner, code):
        """US$, or None where nothing was traded."""
        if partner == reporter or partner == 0:
            return None
        number = draw(reporter, period, flow, partner, code)
        if number % 10 >= self.dense:
            return None
        return number % 10 ** 7 + 0.25 + self.bump.get((reporter, period), 0)

    def cells(self, reporter, period, flow, partners=None, codes=None):
        for partner in sorted(partners if partners is not None else self.partners):
            for code in sorted(codes if codes is not None else self.codes):
                value = self.value(reporter, period, flow, partner, code)
                if value is not None:
                    yield partner, code, value

    def leaves(self, reporters=None, periods=None, flows="MX", partners=None, codes=None):
        """What a cube of six-digit codes must hold, as lines of a dump without quantities."""
        name = {"M": "import", "X": "export"}
        for period in sorted(periods or self.periods):
            for reporter in reporters or self.reporters:
                if (reporter, period) in self.missing:
                    continue
                for flow in flows:
                    for partner, code, value in self.cells(reporter, period, flow, partners, codes):
                        yield (f"{period},{name[flow]},{reporter:03d},{partner:03d},{code},"
                               f"{value:.3f}".rstrip("0").rstrip("."))


def row(world, reporter, period, flow, partner, code, value):
    """A row with the names of Comtrade's answers."""
    return {"typeCode": "C", "freqCode": "A", "refPeriodId": period * 10000 + 101,
            "refYear": period, "refMonth": 52, "period": str(period), "reporterCode": reporter,
            "reporterISO": None, "reporterDesc": None, "flowCode": flow, "flowDesc": None,
            "partnerCode": partner, "partnerISO": None, "partnerDesc": None, "partner2Code": 0,
            "classificationCode": world.classification(reporter, period),
            "classificationSearchCode": "HS",
            "isOriginalClassification": True, "cmdCode": code, "cmdDesc": None,
            "aggrLevel": 0 if code == "TOTAL" else len(code), "isLeaf": len(code) == 6,
            "customsCode": "C00", "motCode": 0, "qtyUnitCode": 8, "qty": None,
            "isQtyEstimated": False, "netWgt": None, "isNetWgtEstimated": False,
            "cifvalue": None, "fobvalue": value, "primaryValue": value, "isReported": False,
            "isAggregate": False}


class Office:
    def __init__(self, world=None, context=None):
        self.world = world or World()
        self.faults, self.log, self.lock = [], [], threading.Lock()
        self.cap, self.full_cap = 500, 100000
        self.archive, self.edition = b"", "1"
        office = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *words):
                pass

            def do_GET(self):
                office.answer(self)

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """A client that goes away is part of the game."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    # ---- answering ----

    def answer(self, handler):
        with self.lock:
            self.log.append((handler.path, dict(handler.headers.items())))
            faults = list(self.faults)
        try:
            for fault in faults:
                if fault(handler, handler.path):
                    return
            self.route(handler)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True

    def route(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        parts = url.path.strip("/").split("/")
        if parts[0] == "data" and handler.headers.get("Ocp-Apim-Subscription-Key") != KEY:
            send_json(handler, {"statusCode": 401, "message": "Access denied due to invalid "
                      "subscription key. Make sure to provide a valid key for an active "
                      "subscription."}, 401)
        elif parts[:2] in (["public", "v1"], ["data", "v1"]) and parts[2].lower() == "getda":
            send_json(handler, self.available(query, parts[-1]))
        elif parts[:3] == ["public", "v1", "preview"]:
            send_json(handler, self.rows(query, self.cap))
        elif parts[:3] == ["data", "v1", "get"]:
            send_json(handler, self.rows(query, self.full_cap))
        elif parts[:4] == ["files", "v1", "app", "reference"]:
            self.reference(handler, parts[4])
        elif parts[:2] == ["DATA_DOWNLOAD", "baci"]:
            self.file(handler)
        elif parts[:3] == ["API", "V1", "SDMX"]:
            self.wits(handler, parts)
        elif parts[0] == "v2":
            self.bank(handler, parts, query)
        else:
            send_json(handler, {"statusCode": 404, "message": "Resource not found"}, 404)

    # ---- UN Comtrade ----

    def available(self, query, wanted):
        world = self.world
        reporters = [int(code) for code in query["reporterCode"].split(",")] \
            if "reporterCode" in query else world.reporters
        data = [{"datasetCode": int(f"2{reporter:03d}{period}"), "typeCode": "C", "freqCode": "A",
                 "period": period, "reporterCode": reporter,
                 "classificationCode": world.classification(reporter, period)
                 if wanted == "HS" else wanted,
                 "isOriginalClassification": True, "totalRecords": 1000,
                 "lastReleased": world.released.get((reporter, period), "2013-05-03T00:00:00")}
                for reporter in reporters if reporter in world.reporters
                for period in map(int, query["period"].split(",")) if period in world.periods
                and (reporter, period) not in world.missing]
        return {"elapsedTime": "0.02 secs", "count": len(data), "data": data, "error": ""}

    def rows(self, query, cap):
        world, rows = self.world, []
        reporter, period = int(query["reporterCode"]), int(query["period"])
        partners = [int(code) for code in query["partnerCode"].split(",")] \
            if "partnerCode" in query else world.partners
        codes = query["cmdCode"].split(",")
        cap = min(cap, int(query["maxRecords"]))
        for flow in query["flowCode"].split(","):
            found = list(world.cells(reporter, period, flow))
            for partner in partners:
                mine = [cell for cell in found if partner in (0, cell[0])]
                level = {"TOTAL": 0, "AG2": 2, "AG4": 4, "AG6": 6}.get(codes[0])
                sums = {}
                for _, code, value in mine:
                    name = code if level is None else code[:level] or "TOTAL"
                    if level is not None or code in codes:
                        sums[name] = sums.get(name, 0) + value
                rows += [row(world, reporter, period, flow, partner, code, value)
                         for code, value in sorted(sums.items())]
        del rows[cap:]
        return {"elapsedTime": "0.10 secs", "count": len(rows), "data": rows, "error": ""}

    def reference(self, handler, name):
        if name == "partnerAreas.json":
            items = [{"id": code, "text": "x"} for code in self.world.partners]
        else:
            levels = {code[:n] for code in self.world.codes for n in (2, 4, 6)}
            items = [{"id": code, "text": "x"} for code in ["TOTAL", *sorted(levels)]]
        # These files begin with a byte order mark.
        send(handler, b"\xef\xbb\xbf" + json.dumps({"more": False, "results": items}).encode())

    # ---- CEPII ----

    def file(self, handler):
        body, tag, span = self.archive, f'"{self.edition}"', handler.headers.get("Range")
        headers = {"ETag": tag, "Content-Type": "application/zip"}
        if span and handler.headers.get("If-Range") == tag:
            begin = int(span[len("bytes="):].rstrip("-"))
            headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
            send(handler, body[begin:], 206, headers)
        else:
            send(handler, body, 200, headers)

    # ---- the World Bank ----

    def wits(self, handler, parts):
        given = dict(zip(parts[4::2], parts[5::2]))
        numbers = {"per": 604, "chl": 152}
        reporter, year = numbers.get(given["reporter"]), int(given["year"])
        if (reporter, year) in self.world.missing or reporter not in self.world.reporters:
            send(handler, b"<error>NoRecordsFound</error>", 404)
            return
        flow = "X" if given["indicator"].startswith("XPRT") else "M"
        partners = ["WLD", "CHN", "JPN", "KOR", "EAS", "QQQ"]
        values = [draw(reporter, year, flow, partner) % 10 ** 6 + 0.5 for partner in partners]
        series = {f"0:0:{i}:0:0": {"attributes": [], "observations": {"0": [value, 0]}}
                  for i, value in enumerate(values)}
        codes = [("FREQ", ["A"]), ("REPORTER", [given["reporter"].upper()]), ("PARTNER", partners),
                 ("PRODUCTCODE", ["Total"]), ("INDICATOR", [given["indicator"]])]
        send_json(handler, {
            "header": {"id": "DF_WITS_TradeStats_Trade"},
            "dataSets": [{"action": "Information", "series": series}],
            "structure": {"dimensions": {
                "series": [{"id": name, "keyPosition": i, "values": [{"id": v} for v in values]}
                           for i, (name, values) in enumerate(codes)],
                "observation": [{"id": "TIME_PERIOD", "values": [{"id": str(year)}]}]}}})

    def bank(self, handler, parts, query):
        first, last = map(int, query["date"].split(":"))
        countries = ["ARB", "CHN", "JPN", "KOR", "PER", "ZZZ"] if parts[2] == "all" \
            else parts[2].split(";")
        if not parts[4].startswith(("NY.", "SP.")):
            send_json(handler, [{"message": [{"id": "120", "key": "Invalid value",
                                              "value": "The provided parameter value is not valid"}]}])
            return
        rows = [{"indicator": {"id": parts[4], "value": "x"}, "country": {"id": "X", "value": "x"},
                 "countryiso3code": country, "date": str(year),
                 "value": self.bank_value(parts[4], country, year), "unit": "", "obs_status": "",
                 "decimal": 0} for country in countries for year in range(last, first - 1, -1)]
        size, page = self.page or int(query["per_page"]), int(query["page"])
        send_json(handler, [
            {"page": page, "pages": -(-len(rows) // size), "per_page": size, "total": len(rows),
             "sourceid": "2", "lastupdated": f"2026-04-0{self.edition}"},
            rows[(page - 1) * size:page * size] or None])

    page = None  # figures on a page, else as asked

    @staticmethod
    def bank_value(indicator, country, year):
        number = draw(indicator, country, year)
        return None if number % 7 == 0 else number % 10 ** 9 + 0.5


# ---- sending, well and badly ----

def send(handler, body, status=200, headers=None, length=None):
    """`length` is what Content-Length says, right or wrong."""
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)
    if length is not None and length != len(body):
        handler.wfile.flush()
        handler.close_connection = True


def send_json(handler, value, status=200, headers=None):
    send(handler, json.dumps(value).encode(), status,
         {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def baci_zip(rows):
    """An archive as CEPII publishes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in (("BACI_HS92_Y2021_V202301.csv", "t,i,j,k,v,q\n" + rows),
                           ("country_codes_V202301.csv", "country_code,country_name\n4,A\n")):
            archive.writestr(zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


# ---- faults ----

def times(count, fault, where=""):
    """The fault for the first so many requests whose path holds `where`."""
    left = [count]

    def once(handler, path):
        if left[0] == 0 or where not in path:
            return False
        left[0] -= 1
        return fault(handler, path)
    return once


def status(code, words="", headers=None):
    def fault(handler, _):
        send_json(handler, {"statusCode": code, "message": words}, code, headers)
        return True
    return fault


def body(text, length=None):
    def fault(handler, _):
        send(handler, text if isinstance(text, bytes) else text.encode(), 200, None, length)
        return True
    return fault


def redirect(to):
    def fault(handler, _):
        send(handler, b"", 302, {"Location": to})
        return True
    return fault


def hang_up(handler, _):
    handler.close_connection = True
    handler.connection.close()
    return True
