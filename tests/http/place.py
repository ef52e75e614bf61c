# SPDX-License-Identifier: Apache-2.0
"""place.py - a folder with cubes, servers on free ports, and a plain client."""
import contextlib
import glob
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests", "examples"))
import made  # noqa: E402
EXAMPLES = os.path.join(ROOT, "data", "examples")
REGISTER = os.path.join(ROOT, "examples", "peru-asia", "register")


CUBES = {"peru.quipu": ["peru-partners"], "hs4.quipu": ["imports-from-peru-hs4"],
         "isic.quipu": ["imports-from-peru-isic", "tariffs-on-peru-isic"],
         "customs.quipu": ["peru-customs"], "world.quipu": ["exports-1997-hs4"],
         "weight.quipu": ["peru-customs-weight"], "pacific.quipu": ["pacific-both-sides"],
         "made.quipu": [], "home.quipu": [], "firms.quipu": []}


class Skip(Exception):
    """This machine cannot show it."""


class Server:
    def __init__(self, place, cube, *options):
        self.errors = open(os.path.join(place.folder, f"log-{time.monotonic_ns()}"), "w+b")
        self.process = subprocess.Popen(
            [place.program, "serve", cube, "--port", "0", *options], cwd=place.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors)
        self.port = self._port()

    def _port(self):
        for _ in range(600):
            match = re.search(rb" at http://\S+:(\d+)/ ", self.log())
            if match:
                return int(match.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("no server: " + self.log().decode())

    def log(self):
        with open(self.errors.name, "rb") as text:
            return text.read()

    def ask(self, target, method="GET", headers=None, body=None):
        """(status, headers, body) of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, target, skip_host=bool(headers and "Host" in headers),
                                  skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def json(self, target):
        status, _, body = self.ask(target)
        assert status == 200, (target, status, body)
        return json.loads(body)

    def raw(self, data, wait=10):
        """Send bytes, read to the end of what comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as s:
            s.sendall(data)
            got = b""
            with contextlib.suppress(ConnectionError, TimeoutError):
                while True:
                    piece = s.recv(65536)
                    if not piece:
                        break
                    got += piece
            return got

    def resident(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as text:
            return int(text.read().split()[1]) * os.sysconf("SC_PAGESIZE")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=60)
        self.errors.close()
        return status


class Place:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        os.environ["PATH"] = os.path.join(folder, "bin") + ":" + os.environ["PATH"]
        os.makedirs(os.path.join(folder, "bin"))
        # What these keep for the life of a process is not ours to free.
        with open(os.path.join(folder, "lsan.supp"), "w", encoding="ascii") as rules:
            rules.write("leak:libfontconfig\nleak:libfyaml\n")
        os.environ["LSAN_OPTIONS"] = f"suppressions={rules.name}:print_suppressions=0"
        os.symlink(program, os.path.join(folder, "bin", "quipu"))
        made.make(program, folder)
        for cube, tables in CUBES.items():
            if tables:
                self.run("import", *(glob.glob(os.path.join(EXAMPLES, t + ".csv*"))[0]
                                     for t in tables), "-o", cube)

    def run(self, *words):
        return subprocess.run([self.program, *words], cwd=self.folder, check=True,
                              stdin=subprocess.DEVNULL, capture_output=True).stdout

    def path(self, *names):
        return os.path.join(self.folder, *names)

    @contextlib.contextmanager
    def serving(self, cube, *options):
        server = Server(self, cube, *options)
        try:
            yield server
        finally:
            status = server.stop()
        assert status == 0, (status, server.log()[-2000:].decode())
        assert b"Sanitizer" not in server.log(), server.log()[-4000:].decode()
