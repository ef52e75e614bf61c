# SPDX-License-Identifier: Apache-2.0
"""check_faults.py - what goes wrong between us and an office is survived, or told in one line."""
import email.utils
import gzip
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

from office import (KEY, Office, World, body, hang_up, redirect, send, send_json, status, times)

DATA = "/preview/"


def clear(place):
    shutil.rmtree(place.path("x.fetch"), ignore_errors=True)
    if os.path.exists(place.path("x.quipu")):
        os.unlink(place.path("x.quipu"))


def good(office, place, fault, where=DATA, count=2):
    """The fetch gets over `count` times this fault; what it said."""
    office.faults = [times(count, fault, where)]
    before = len(office.log)
    _, err = place.comtrade(office)
    assert len(place.leaves()) > 50
    assert len(office.log) - before == 2 + count, (office.log, err)
    place.check_manifest()
    return err


def bad(office, place, fault, code, words, where=DATA):
    """The fetch ends with one message that has these words, and nothing half-made; when the
    fault is gone, the same command goes on."""
    office.faults = [times(100, fault, where)]
    _, err = place.comtrade(office, status=code)
    lines = [line for line in err.splitlines()
             if line.startswith("quipu: ") and "; again in " not in line
             and "kept in x.fetch" not in line]
    assert len(lines) == 1 and words in lines[0], err
    assert "127.0.0.1" in lines[0] or "604-2011" in lines[0], err
    files = place.files()
    assert "x.quipu" not in files and "x.fetch/manifest.json" not in files, list(files)
    office.faults = []
    place.comtrade(office)
    assert len(place.leaves()) > 50
    return err


def check_busy(place):
    """429 with Retry-After is obeyed"""
    with Office() as office:
        begin = time.monotonic()
        err = good(office, place, status(429, "Rate limit is exceeded.", {"Retry-After": "1"}), count=1)
        assert time.monotonic() - begin >= 1
        assert "status 429 (Rate limit is exceeded.); again in 1.0 s" in err, err


def check_busy_until(place):
    """Retry-After may be a date"""
    with Office() as office:
        begin = time.monotonic()
        date = email.utils.formatdate(time.time() + 3, usegmt=True)
        good(office, place, status(503, "", {"Retry-After": date}), count=1)
        assert time.monotonic() - begin >= 1.5


def check_busy_holds_all(place):
    """While an office asks for time, no other request goes out"""
    with Office() as office:
        office.faults = [times(1, status(429, "", {"Retry-After": "1"}), "period=2010&")]
        starts = []
        real = office.route
        office.route = lambda handler: (starts.append(time.monotonic()), real(handler))
        place.comtrade(office, years="2010-2012")
        assert max(b - a for a, b in zip(starts, starts[1:])) > 0.8, starts


def check_busy_too_long(place):
    """An office that wants more time than there is patience for"""
    with Office() as office:
        err = bad(office, place, status(429, "", {"Retry-After": "7200"}), 3,
                  "it asks to wait 7200 s, longer than the patience")
        assert "Traceback" not in err


def check_busy_unclear(place):
    """429 without Retry-After, or with nonsense in it, backs off by itself"""
    with Office() as office:
        good(office, place, status(429, ""))
        clear(place)
        good(office, place, status(429, "", {"Retry-After": "soon"}))


def check_broken(place):
    """500, 502, 503 and 504 are tried again, and told when that does not help"""
    with Office() as office:
        for code in (500, 502, 503, 504):
            clear(place)
            good(office, place, status(code, "oops"))
        clear(place)
        bad(office, place, status(500, "out of order"), 4,
            "answered with status 500 (out of order) (tried 4 times)")


def check_page_instead(place):
    """An error that is a web page is not printed"""
    with Office() as office:
        def page(handler, _):
            send(handler, b"<html><body>503 <b>Service</b></body></html>", 503)
            return True
        err = bad(office, place, page, 4, "answered with status 503 (tried")
        assert "<" not in err, err


def check_said_cleanly(place):
    """What an office says goes to the terminal without control characters"""
    with Office() as office:
        err = bad(office, place, status(400, "bad \x1b[31m\u202e parameter\nfoo"), 3, "status 400 (bad")
        assert "\x1b" not in err and "parameter foo" in err, repr(err)


def check_slow(place):
    """An answer that stalls is given up and asked for again; a slow one that moves is waited for"""
    with Office() as office:
        def stall(handler, _):
            time.sleep(4)
            return False

        office.faults = [times(1, stall, DATA)]
        _, err = place.comtrade(office, "--timeout", "1")
        assert "too slow, given up" in err, err
        assert len(place.leaves()) > 50

        def trickle(handler, path):
            answer = json.dumps(office.rows({"reporterCode": "604", "period": "2010", "cmdCode":
                                             "TOTAL", "flowCode": "M,X", "maxRecords": "500"}, 500))
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(answer)))
            handler.end_headers()
            for i in range(0, len(answer), 8000):
                handler.wfile.write(answer[i:i + 8000].encode())
                handler.wfile.flush()
                time.sleep(0.25)
            return True
        office.faults = [times(1, trickle, DATA)]
        _, err = place.comtrade(office, "--timeout", "1", years="2010", out="y.quipu")
        assert "slow" not in err, err
        assert len(place.leaves("y.quipu")) > 50


def check_truncated(place):
    """A body that ends before its Content-Length"""
    with Office() as office:
        good(office, place, body('{"elapsedTime":"1","count":2,"data":[{"peri', 5000))
    with Office() as office:
        clear(place)
        bad(office, place, body('{"elapsedTime":"1","count":0,"data":[]', 5000), 4,
            "shorter than it said it would be")


def check_short_length(place):
    """A Content-Length that is too small cuts the answer: noticed by what it holds"""
    with Office() as office:
        whole = '{"elapsedTime":"1","count":0,"data":[],"error":""}'
        good(office, place, body(whole, 30))


def check_chunks_break_off(place):
    """A chunked answer that breaks off"""
    with Office() as office:
        def chunks(handler, _):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            handler.wfile.write(b'10\r\n{"elapsedTime":"\r\n')
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return True
        good(office, place, chunks)


def check_packed(place):
    """gzip is understood; a broken one is asked for again"""
    with Office() as office:
        def packed(cut):
            def fault(handler, path):
                answer = json.dumps({"count": 0, "data": [], "error": ""}).encode()
                data = gzip.compress(answer)
                send(handler, data[:-cut] if cut else data, 200, {"Content-Encoding": "gzip"})
                return True
            return fault
        good(office, place, packed(12))
        office.faults = [times(1, packed(0), DATA)]
        assert office.log[0][1]["Accept-Encoding"] == "gzip"
        place.comtrade(office, years="2010", out="y.quipu", status=2)


def check_too_large(place):
    """An answer without end is cut off at 256 MiB, also a packed one"""
    with Office() as office:
        data = gzip.compress(b" " * (300 << 20), 1)

        def bomb(handler, _):
            send(handler, data, 200, {"Content-Encoding": "gzip"})
            return True
        bad(office, place, bomb, 3, "larger than what is taken of one")


def check_hang_up(place):
    """A connection closed without a word"""
    with Office() as office:
        good(office, place, hang_up)


def check_elsewhere(place):
    """Sent on to another host or port: refused, and nothing is asked there"""
    with Office() as office, Office() as other:
        for to in (other.url + "/x", "https://example.invalid/", "//127.0.0.2/x",
                   f"http://localhost:{office.port}/x", "ftp://127.0.0.1/x",
                   f"http://127.0.0.1@localhost:{office.port}/"):
            clear(place)
            bad(office, place, redirect(to), 3, "which is not followed")
        assert other.log == []


def check_moved_within(place):
    """Sent on within the same host: followed, but not in circles"""
    with Office() as office:
        office.faults = [lambda handler, path: DATA in path and "moved" not in path and redirect(
            path + "&moved=1")(handler, path)]
        place.comtrade(office)
        assert len(place.leaves()) > 50
        clear(place)
        bad(office, place, redirect("/public/v1/preview/C/A/HS?again"), 3, "in a circle")


def check_malformed(place):
    """Answers that are not what they should be are asked for again, then told"""
    row = ('{"reporterCode":604,"period":2011,"flowCode":"X","partnerCode":156,"cmdCode":"TOTAL",'
           '"classificationCode":"H3","primaryValue":1}')
    with Office() as office:
        for text, words in (
                ("<html>busy</html>", "found '<' where"), ("", "breaks off"),
                ('{"count":1,"data":[' + row, "breaks off"), ("[]", "found '['"),
                ('{"count":2,"data":[' + row + '],"error":""}', "says it has 2 rows and has 1"),
                ('{"count":1,"data":[' + row.replace("604", "152") + '],"error":""}',
                 "a row of reporter 152 in 2011 in the answer for 604 in 2011"),
                ('{"count":0,"data":[],"error":"Internal: \\u001b[1mno"}', "instead of an answer"),
                ('{"message":"x"}', 'without a list "data"'), (b"\xff\xfe\x00", "found"),
                ("[" * 100000, "found '['"), ('{"a":' + "[" * 100000, "less deeply")):
            clear(place)
            err = bad(office, place, body(text), 3, words)
            assert "\x1b" not in err, err
        clear(place)
        good(office, place, body("<html>busy</html>"))


def check_malformed_lists(place):
    """The same for what is available, and for lists of codes"""
    with Office() as office:
        bad(office, place, body("<html>"), 3, "found '<'", where="getDA")
        clear(place)
        bad(office, place, body('{"count":1,"data":[{"a":1}],"error":""}'), 3,
            "without reporterCode and period", where="getDA")
        for text, words in (("{", "not JSON"), ('{"results":[]}', "without the codes")):
            office.faults = [times(100, body(text), "reference")]
            _, err = place.comtrade(office, "--product", "6-digit", out="y.quipu", status=3)
            assert words in err, err


def check_refused(place):
    """Nobody listens"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin = time.monotonic()
    _, err = place.run("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                       "x.quipu", "--base-url", f"http://127.0.0.1:{port}", "--pause", "0.01",
                       "--tries", "3", status=4)
    assert "cannot be reached" in err and "(tried 3 times)" in err, err
    assert time.monotonic() - begin < 20


def check_no_such_host(place):
    """A name that does not exist"""
    _, err = place.run("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                       "x.quipu", "--base-url", "http://office.invalid", "--pause", "0.01",
                       "--tries", "2", status=4)
    assert "office.invalid: cannot be reached" in err, err


def check_not_there(place):
    """404 is told"""
    with Office() as office:
        bad(office, place, status(404, "Resource not found"), 2, "status 404 (Resource not found)")


def check_quota(place):
    """A used-up quota ends the fetch at once; the next day it goes on"""
    with Office() as office:
        office.faults = [times(100, status(403, "Out of call volume quota. Quota will be "
                                                "replenished in 09:12:13."), "period=2012")]
        _, err = place.comtrade(office, years="2010-2012", status=3)
        assert "Out of call volume quota" in err and "go" in err, err
        assert "kept in x.fetch: " in err, err
        office.faults = []
        office.log.clear()
        place.comtrade(office, years="2010-2012")
        assert len(office.log) == 2, office.log


def check_changed(place):
    """Data published anew between two runs: its answers are asked for again, the others stay"""
    with Office() as office:
        place.comtrade(office, years="2010-2012")
        first = place.read("x.quipu")
        office.log.clear()
        _, err = place.comtrade(office, years="2010-2012")
        assert len(office.log) == 1 and place.read("x.quipu") == first, err
        office.world.released = {(604, 2011): "2014-02-09T00:00:00"}
        office.world.bump = {(604, 2011): 1000}
        office.log.clear()
        _, err = place.comtrade(office, years="2010-2012")
        assert "604-2011.json was published anew (2014-02-09" in err, err
        assert "another answer than the one before" in err, err
        assert len(office.log) == 2
        with_bump = place.leaves()
        place.comtrade(office, years="2010-2012", out="fresh.quipu")
        assert with_bump == place.leaves("fresh.quipu")
        assert place.read("x.quipu") == place.read("fresh.quipu")


def check_damaged(place):
    """A kept answer that was changed or lost on disk is asked for again"""
    with Office() as office:
        place.comtrade(office, years="2010-2012")
        first = place.read("x.quipu")
        for damage in ("printf x >> {}", "truncate -s 100 {}", "rm {}"):
            os.system(damage.format(place.path("x.fetch", "answers", "604-2011.json")))
            _, err = place.run("fetch", "rebuild", "x.fetch", "-o", "y.quipu",
                               status=4 if damage.startswith("rm") else 3)
            assert "604-2011.json" in err and "y.quipu" not in place.files(), err
            office.log.clear()
            _, err = place.comtrade(office, years="2010-2012")
            assert "is not what was fetched on" in err and len(office.log) == 2, err
            assert place.read("x.quipu") == first


def check_failed_refresh(place):
    """A second fetch that gets no answer leaves the first as it was"""
    office = Office()
    place.comtrade(office)
    first = place.read("x.quipu")
    office.close()
    _, err = place.comtrade(office, status=4)
    assert place.read("x.quipu") == first
    place.run("fetch", "rebuild", "x.fetch", "-o", "y.quipu")
    assert place.read("y.quipu") == first


def check_other_question(place):
    """A folder answers one question"""
    with Office() as office:
        place.comtrade(office)
        _, err = place.comtrade(office, years="2012", status=2)
        assert "x.fetch/request.json: this folder holds the answers to another question" in err, err
        place.comtrade(office, "--keep", "other", years="2012")
        place.check_manifest("other")


def check_two_at_once(place):
    """Two fetches in one folder: the second is told"""
    with Office() as office:
        hold = threading.Event()
        office.faults = [lambda handler, path: hold.wait(20) and False]
        first = place.start("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                            "x.quipu", "--base-url", office.url)
        while not office.log:
            time.sleep(0.02)
        _, err = place.comtrade(office, status=4)
        assert "another fetch is at work in this folder" in err, err
        hold.set()
        assert first.wait(30) == 0, first.communicate()
        first.communicate()


def check_journal(place):
    """A journal with a line cut by a kill is mended; with a wrong line it is told"""
    with Office() as office:
        place.comtrade(office, years="2010-2012")
        first = place.read("x.quipu")
        journal = place.read("x.fetch", "journal.jsonl")
        place.write("x.fetch/journal.jsonl", journal[:-40])
        place.comtrade(office, years="2010-2012")
        assert place.read("x.quipu") == first
        place.journal()
        place.write("x.fetch/journal.jsonl", journal.replace(b'"rows"', b'"rwos"', 1))
        _, err = place.comtrade(office, years="2010-2012", status=3)
        assert "journal.jsonl:1:1: not a line of a journal" in err, err
        for name in ("../../evil", "/etc/x", ".hidden", ""):
            line = json.loads(journal.splitlines()[0])
            line["file"] = name
            place.write("x.fetch/journal.jsonl", json.dumps(line) + "\n")
            _, err = place.comtrade(office, years="2010-2012", status=3)
            assert "not a line of a journal" in err, err


def check_manifest_paths(place):
    """A manifest cannot name files outside its folder"""
    with Office() as office:
        place.comtrade(office)
        manifest = json.loads(place.read("x.fetch", "manifest.json"))
        for path in ("../secret", "answers/../../secret", "/etc/passwd", "answers/.x", "x.json"):
            manifest["files"][0]["path"] = path
            place.write("x.fetch/manifest.json", json.dumps(manifest))
            _, err = place.run("fetch", "rebuild", "x.fetch", "-o", "y.quipu", status=3)
            assert "a file of it lacks path" in err, err


def check_trust(place):
    """An office nobody vouches for is refused; its certificate can be given"""
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
         place.path("key.pem"), "-out", place.path("cert.pem")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    assert made.returncode == 0, "openssl is needed for this case"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place.path("cert.pem"), place.path("key.pem"))
    with Office(World(), context) as office:
        _, err = place.comtrade(office, COMTRADE_KEY=KEY, status=4)
        assert "who answers cannot be verified" in err and office.log == [], err
        assert "tried" not in err
        place.comtrade(office, "--ca-file", "cert.pem", COMTRADE_KEY=KEY)
        assert len(place.leaves()) > 50
    _, err = place.run("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                       "z.quipu", "--base-url", office.url.replace("127.0.0.1", "localhost"),
                       "--ca-file", "nothing.pem", "--tries", "1", status=4)
    assert "quipu: " in err
