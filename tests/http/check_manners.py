# SPDX-License-Identifier: Apache-2.0
"""How it behaves: strangers, slow ones, many of them, and a cube replaced under it."""
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import threading
import time

from place import EXAMPLES, REGISTER

GROWTH = "/api/v1/measures/growth?reporter=Peru&partner=China&years=1995-2011"


def error_of(answer):
    return json.loads(answer[2])["error"]


def check_hosts(place):
    """other Host headers are refused: no name but localhost leads here"""
    with place.serving("peru.quipu", "--name", "trade.example") as server:
        for host in ("localhost", "LOCALHOST:1", "127.0.0.1:8417", "127.1.2.3", "[::1]:80",
                     "localhost.", "trade.example:443", "Trade.Example"):
            assert server.ask("/healthz", headers={"Host": host})[0] == 200, host
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "1.2.3.4",
                     "evil.localhost", "[::2]", "localhost:x", "[::1", "", "127.0.0.1@evil.example",
                     "trade.example.evil"):
            answer = server.ask(GROWTH, headers={"Host": host})
            assert answer[0] in (400, 421) and (answer[0] == 400 or error_of(answer)["code"] ==
                                                "wrong-host"), (host, answer)


def check_read_only(place):
    """no method writes; what is sent with it is read to its end before the refusal"""
    with place.serving("peru.quipu") as server:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
            answer = server.ask("/api/v1/info", method=method,
                                body=b"x" * 2_000_000 if method in ("POST", "PUT") else None)
            assert answer[0] == 405 and answer[1]["Allow"] == "GET, HEAD", (method, answer[0])
            assert error_of(answer)["code"] == "read-only"
        assert server.ask("/healthz")[2] == b"ok\n"


def check_headers(place):
    """security headers are on every answer, refusals included; nothing is open to other sites"""
    with place.serving("peru.quipu") as server:
        for target in ("/", "/en/profile/country/per", "/api/v1/info", GROWTH, "/nothing.js",
                       "/metrics", "/assets/nothing.js", "/api/v1/nothing"):
            headers = server.ask(target)[1]
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe-eval" not in policy, target
            assert "unsafe-inline" not in policy.split("script-src")[-1].split(";")[0] or \
                "script-src" not in policy, (target, policy)
            assert headers["X-Content-Type-Options"] == "nosniff", target
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin", target
            assert headers["Referrer-Policy"] == "no-referrer", target
            assert "Access-Control-Allow-Origin" not in headers, target
        assert b"<!doctype html>" in server.ask("/es/profile/pair/per/chn?v=x&y")[2].lower()


def check_refusals(place):
    """each bad request gets one clear message with the nearest names"""
    cases = (
        ("/api/v1/measures/growht", 404, "growth"), (GROWTH + "&reportr=x", 400, "reporter"),
        ("/api/v1/measures/growth?reporter=Chyna", 404, "China"), (GROWTH + "&format=cvs", 400, "csv"),
        (GROWTH + "&language=fr", 400, None), ("/api/v1/info?x=1", 400, None),
        ("/api/v1/measure", 404, "/api/v1/measures"), (GROWTH + "&reporter=Chile", 400, None),
        ("/api/v1/measures/structure?reporter=Peru&classes=/etc/passwd&by=class", 400, None),
        ("/api/v1/measures/penetration?production=/etc/passwd", 400, None),
        ("/api/v1/measures/invest-owners?of=x", 404, None), ("/api/v1/search", 400, None),
        ("/api/v1/search?q=x&limit=0", 400, None), (GROWTH + "&format=svg&chart=lien", 400, "line"),
        ("/a%", 400, None), ("/%00", 400, None), ("/%ff", 400, None), ("//etc/passwd", 400, None),
        ("/a/../b", 400, None), ("/a/%2e%2e/b", 400, None), ("/a\\b", 400, None),
        ("/assets/../index.html", 400, None), ("/.env", 404, None), ("/x" * 5000, 414, None),
        ("/api/v1/info?" + "&".join(f"a{i}=1" for i in range(70)), 414, None),
    )
    with place.serving("peru.quipu") as server:
        for target, status, name in cases:
            answer = server.ask(target)
            error = error_of(answer)
            assert answer[0] == status == error["status"], (target, answer)
            assert name is None or name in error["proposals"], (target, error)
            assert len(error["message"]) > 8 and "passwd" not in error["message"][20:] or \
                "etc" in target, error


def check_bad_bytes(place):
    """half requests, garbage and oversized heads do no harm"""
    host = b"Host: localhost\r\n"
    with place.serving("peru.quipu") as server:
        for data in (b"", b"\r\n\r\n", b"GET", b"GET / HTTP/1.1\r\nHos", b"\x16\x03\x01\x02\x00" * 50,
                     b"GET / HTTP/9.9\r\n" + host + b"\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
                     b"GET /" + b"z" * 100_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
                     b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 99999999999999999999\r\n\r\n",
                     b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET /\x00 HTTP/1.1\r\n" + host + b"\r\n", os.urandom(4096)):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as s:
                with contextlib.suppress(OSError):
                    s.sendall(data)
                    s.shutdown(socket.SHUT_WR)
                    while s.recv(65536):
                        pass
            assert server.ask("/healthz")[2] == b"ok\n", data[:40]


def check_slow_clients(place):
    """clients that send or read drop by drop keep nobody waiting"""
    with place.serving("peru.quipu") as server:
        slow = []
        for _ in range(50):
            s = socket.create_connection(("127.0.0.1", server.port), timeout=60)
            s.sendall(b"GET /api/v1/measures HTTP/1.1\r\nHo")
            slow.append(s)
        for piece in (b"st: loc", b"alhost\r\nConnection: clo", b"se\r\n", b"\r\n"):
            for s in slow:
                s.sendall(piece)
            assert server.ask("/healthz")[2] == b"ok\n"
        lengths = set()
        for s in slow:
            got = b""
            while piece := s.recv(1000):
                got += piece
            lengths.add(len(got))
            s.close()
        assert len(lengths) == 1, lengths


def check_many_idle(place):
    """thousands of idle connections do not keep a request from being answered"""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(3000, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, wanted + 200), hard))
    idle = []
    try:
        with place.serving("peru.quipu") as server:
            before = server.resident()
            for _ in range(wanted):
                idle.append(socket.create_connection(("127.0.0.1", server.port), timeout=30))
            assert server.ask("/healthz")[2] == b"ok\n"
            assert server.ask(GROWTH)[0] == 200
            used = server.resident() - before
            print(f"# {wanted} idle connections: {used / wanted / 1024:.1f} KiB each", flush=True)
            for s in idle:
                s.close()
            assert server.ask("/healthz")[2] == b"ok\n"
    finally:
        for s in idle:
            s.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def check_leaving(place):
    """clients that leave at once are forgotten: nothing stays running"""
    with place.serving("isic.quipu") as server:
        for i in range(200):
            with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
                s.sendall(b"GET /api/v1/measures/coverage?by=reporter&years=19%02d HTTP/1.1\r\n"
                          b"Host: localhost\r\n\r\n" % (i % 100))
        for _ in range(600):
            text = server.ask("/metrics")[2].decode()
            if "\nquipu_running 1\n" in text:
                return
            time.sleep(0.05)
        raise AssertionError(text)


def replace(place, source, name="served.quipu"):
    shutil.copy(place.path(source), place.path("aside"))
    os.rename(place.path("aside"), place.path(name))


def fingerprint(server):
    return server.json("/api/v1/info")["cube"]["fingerprint"]


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def check_replaced_cube(place):
    """a cube replaced while it is served is noticed; a broken one is not taken"""
    replace(place, "peru.quipu")
    wrong = []
    with place.serving("served.quipu") as server:
        prints = {fingerprint(server)}
        stop = threading.Event()

        def keep_asking():
            while not stop.is_set():
                status, _, body = server.ask("/api/v1/measures/value?years=2011")
                if status != 200 or b'"cube"' not in body:
                    wrong.append((status, body))

        askers = [threading.Thread(target=keep_asking) for _ in range(3)]
        for asker in askers:
            asker.start()
        for source in ("isic.quipu", "peru.quipu", "isic.quipu"):
            old = fingerprint(server)
            replace(place, source)
            wait_for(lambda: fingerprint(server) != old)
            prints.add(fingerprint(server))
        good = fingerprint(server)
        with open(place.path("aside"), "wb") as out:
            out.write(b"this is no cube" * 100)
        os.rename(place.path("aside"), place.path("served.quipu"))
        wait_for(lambda: fingerprint(server) == good and b'"not reloaded"' in server.log())
        os.unlink(place.path("served.quipu"))
        time.sleep(0.7)
        assert fingerprint(server) == good
        replace(place, "peru.quipu")
        wait_for(lambda: fingerprint(server) != good)
        stop.set()
        for asker in askers:
            asker.join()
        assert not wrong, wrong[:3]
        assert len(prints) == 2
        assert b"quipu_reloads_total 4" in server.ask("/metrics")[2]


def check_register_changes(place):
    """a register that is edited is read again"""
    shutil.copytree(REGISTER, place.path("register"))
    with place.serving("peru.quipu", "--register", "register") as server:
        target = "/api/v1/measures/invest-table?country=Japan"
        before = len(server.json(target)["rows"])
        os.utime(place.path("register", "projects.csv"))
        time.sleep(0.7)
        wait_for(lambda: b"quipu_reloads_total 1" in server.ask("/metrics")[2]
                 or server.json(target) is None)
        assert len(server.json(target)["rows"]) == before


def check_ends_cleanly(place):
    """SIGTERM and SIGINT end it with status 0, idle and busy clients or not"""
    for how in (signal.SIGTERM, signal.SIGINT):
        with place.serving("peru.quipu") as server:
            idle = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            half = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            half.sendall(b"GET / HTTP/1.1\r\nHost: loc")
            server.ask(GROWTH)
            assert server.stop(how) == 0
            idle.close()
            half.close()


def check_log(place):
    """a line of JSON for each request, and none with --quiet"""
    with place.serving("peru.quipu") as server:
        server.ask(GROWTH)
        server.ask('/a"b%0a?x=\x7f'.replace("\x7f", "%7f"))
        wait_for(lambda: server.log().count(b"\n") == 3)
        lines = [json.loads(line) for line in server.log().splitlines()[1:]]
        # One client after the other, but each is written down when its own thread comes to it.
        lines.sort(key=lambda line: line["status"])
        assert [line["status"] for line in lines] == [200, 400]
        assert lines[0]["target"] == GROWTH and lines[0]["client"] == "127.0.0.1"
    with place.serving("peru.quipu", "--quiet") as server:
        server.ask(GROWTH)
        assert server.log().count(b"\n") == 1


def metrics_of(server):
    values = {}
    for line in server.ask("/metrics")[2].decode().splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            values[name] = float(value)
    return values


def check_metrics(place):
    """counters add up, in the text form of Prometheus"""
    with place.serving("peru.quipu") as server:
        for _ in range(5):
            server.ask(GROWTH)
        server.ask("/nothing.js")
        # A request is counted when its answer has left, which is a moment after it was read.
        for _ in range(100):
            values = metrics_of(server)
            if values["quipu_request_seconds_count"] >= 6:
                break
            time.sleep(0.05)
        assert values['quipu_requests_total{status="2xx"}'] >= 5, values
        assert values['quipu_requests_total{status="4xx"}'] == 1
        asked = values["quipu_request_seconds_count"]
        assert asked >= 6 and values['quipu_request_seconds_bucket{le="+Inf"}'] == asked
        assert values["quipu_answers_kept_total"] == 4
        assert values["quipu_resident_bytes"] > 1e6


def check_bad_starts(place):
    """a port that is taken, an address that is none, a file that is no cube: one message"""
    import subprocess
    with place.serving("peru.quipu") as server:
        cases = ((["peru.quipu", "--port", str(server.port)], 4, "cannot listen"),
                 (["peru.quipu", "--host", "nowhere", "--port", "0"], 2, "address"),
                 ([os.path.join(EXAMPLES, "peru-partners.csv"), "--port", "0"], 3, ""),
                 (["none.quipu", "--port", "0"], 4, "none.quipu"),
                 (["peru.quipu", "--port", "70000"], 2, "--port"),
                 (["peru.quipu", "--register", "nowhere", "--port", "0"], 4, "nowhere"),
                 ([], 2, "which cube"))
        for words, status, text in cases:
            told = subprocess.run([place.program, "serve", *words], cwd=place.folder, timeout=60,
                                  stdin=subprocess.DEVNULL, capture_output=True)
            assert told.returncode == status, (words, told)
            assert text in told.stderr.decode() and told.stderr.startswith(b"quipu: "), told
