# SPDX-License-Identifier: Apache-2.0
"""place.py - a folder of its own for each case, and quipu run in it."""
import hashlib
import json
import os
import subprocess

QUICK = ["--pause", "0.01", "--tries", "4"]


class Place:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def environment(self, **more):
        clean = {name: value for name, value in os.environ.items()
                 if name not in ("COMTRADE_KEY", "http_proxy", "https_proxy", "HTTPS_PROXY")}
        return {**clean, "HOME": self.folder, "TERM": "dumb", **more}

    def start(self, *words, **environment):
        return subprocess.Popen([self.program, *words], cwd=self.folder,
                                env=self.environment(**environment), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words, status=0, **environment):
        """(standard output, standard error) as text."""
        process = self.start(*words, **environment)
        out, err = (text.decode() for text in process.communicate(timeout=120))
        assert process.returncode == status, (words, process.returncode, out, err)
        return out, err

    def fetch(self, office, *words, out="x.quipu", status=0, **environment):
        return self.run("fetch", *words, "-o", out, "--base-url", office.url, *QUICK,
                        status=status, **environment)

    def comtrade(self, office, *words, reporter="Peru", years="2011", **more):
        return self.fetch(office, "comtrade", "--reporter", reporter, "--years", years, *words,
                          **more)

    def leaves(self, cube="x.quipu"):
        """The cells of a cube, quantities cut off."""
        lines = self.run("dump", cube)[0].splitlines()
        begin = next(i for i, line in enumerate(lines) if line.startswith("period,"))
        return sorted(",".join(line.split(",")[:6]) for line in lines[begin + 1:])

    def read(self, *names):
        with open(self.path(*names), "rb") as file:
            return file.read()

    def write(self, name, data, mode=0o644):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        os.chmod(self.path(name), mode)
        return name

    def files(self):
        """{path below the folder: bytes} of everything there is."""
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.folder)] = file.read()
        return found

    def journal(self, folder="x.fetch"):
        return [json.loads(line) for line in self.read(folder, "journal.jsonl").splitlines()]

    def check_manifest(self, folder="x.fetch"):
        """Every file it names is there as it says; the data files."""
        manifest = json.loads(self.read(folder, "manifest.json"))
        for entry in manifest["files"]:
            data = self.read(folder, entry["path"])
            assert len(data) == entry["bytes"], entry
            assert hashlib.sha256(data).hexdigest() == entry["sha256"], entry
        there = {"answers/" + name for name in os.listdir(self.path(folder, "answers"))}
        assert there == {entry["path"] for entry in manifest["files"]}, there
        return [entry for entry in manifest["files"] if entry["role"] == "data"]
