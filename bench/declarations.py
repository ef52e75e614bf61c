#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Declarations from a file, from one PostgreSQL server and from three: same cube, time, memory.

Usage: bench/declarations.py BUILD [ROWS]     (default 20,000,000 rows)

Needs what tests/odbc needs, BUILD/bench-gen_declarations (make bench), and about 250 bytes of
disk a row below TMPDIR while it runs.  Everything is deleted at the end.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests",
                                "odbc"))
from server import Server, need_odbc  # noqa: E402

COLUMNS = ("year integer, flow text, reporter text, partner text, hs text, usd numeric(16,2), "
           "kg numeric(16,3), ruc bigint")
MAP = "period=year,flow=flow,reporter=reporter,partner=partner,product=hs,value=usd,weight=kg"
REPORTERS = ("PER", "CHL", "COL", "MEX", "CHN", "JPN", "KOR", "THA", "VNM", "IDN", "PHL", "MYS")
SETTINGS = ("shared_buffers = 256MB", "work_mem = 128MB", "max_wal_size = 8GB",
            "wal_level = minimal", "max_wal_senders = 0")


def processor(servers):
    """Seconds of processor that sessions of these servers took, once they are over."""
    ticks = 0
    for server in servers:
        with open(os.path.join(server.folder, "postmaster.pid"), encoding="utf-8") as first:
            with open(f"/proc/{first.readline().strip()}/stat", encoding="utf-8") as stat:
                ticks += sum(int(word) for word in stat.read().rsplit(")", 1)[1].split()[13:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def timed(name, words, servers=()):
    before = processor(servers)
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(words, stderr=said, stdout=subprocess.DEVNULL)
        _, code, usage = os.wait4(child.pid, 0)
        said.seek(0)
        text = said.read()
    assert code == 0, text
    seconds = time.monotonic() - begun
    time.sleep(1 if servers else 0)  # sessions end a little later
    network = re.search(r".* groups, .* bytes.*", text)
    print(f"{name}: {seconds:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB at most, "
          f"{usage.ru_utime + usage.ru_stime:.1f} s of processor, of the servers "
          f"{processor(servers) - before:.1f} s; "
          f"{text.splitlines()[0].split('  (')[0]}"
          f"{'; ' + network.group(0) if network else ''}", flush=True)


def load(server, table, program, words):
    begun = time.monotonic()
    rows = subprocess.Popen([program, *words], stdout=subprocess.PIPE)
    psql = subprocess.run(
        [os.path.join(server.bin, "psql"), "-h", "127.0.0.1", "-p", str(server.port), "-U",
         "quipu", "-d", "postgres", "-X", "-q", "-c", f"CREATE TABLE {table} ({COLUMNS})", "-c",
         f"COPY {table} FROM STDIN WITH (FORMAT csv, HEADER)", "-c", f"ANALYZE {table}"],
        stdin=rows.stdout, check=True)
    assert rows.wait() == 0 and psql.returncode == 0
    print(f"loaded {table}: {time.monotonic() - begun:.1f} s", flush=True)


def spread(server, shards):
    server.psql("CREATE EXTENSION postgres_fdw;\n"
                f"CREATE TABLE declarations ({COLUMNS}) PARTITION BY LIST (reporter)")
    for number, shard in enumerate(shards):
        values = ", ".join(f"'{name}'" for name in REPORTERS[number::len(shards)])
        server.psql(
            f"CREATE SERVER s{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host "
            f"'127.0.0.1', port '{shard.port}', dbname 'postgres', fetch_size '10000', "
            "use_remote_estimate 'true', async_capable 'true')")
        server.psql(f"CREATE USER MAPPING FOR quipu SERVER s{number} OPTIONS (user 'quipu', "
                    "password 'x')")
        server.psql(f"CREATE FOREIGN TABLE d{number} PARTITION OF declarations FOR VALUES IN "
                    f"({values}) SERVER s{number} OPTIONS (table_name 'declarations')")


def imported(quipu, server, cube):
    return [quipu, "import", "odbc:" + server.connection(), "--table", "declarations", "--map",
            MAP, "--input-name", "declarations", "-o", cube]


def main(build, rows):
    need_odbc()
    quipu, generator = os.path.join(build, "quipu"), os.path.join(build,
                                                                  "bench-gen_declarations")
    folder = tempfile.mkdtemp(prefix="quipu-declarations-")
    os.chmod(folder, 0o755)
    path = {name: os.path.join(folder, name) for name in ("csv", "a", "b", "c")}
    servers = []
    try:
        with open(path["csv"], "wb") as out:
            subprocess.run([generator, rows], stdout=out, check=True)
        print(f"{rows} rows, {os.path.getsize(path['csv']) / 1e6:.0f} MB of CSV", flush=True)
        timed("CSV", [quipu, "import", path["csv"], "--map", MAP, "--duplicates",
                      "declarations", "--input-name", "declarations", "-o", path["a"]])
        os.remove(path["csv"])
        print(f"cube: {os.path.getsize(path['a']) / 1e6:.1f} MB", flush=True)
        one = Server(folder, "one", SETTINGS)
        servers.append(one)
        load(one, "declarations", generator, [rows])
        timed("one server", imported(quipu, one, path["b"]), [one])
        subprocess.run(["cmp", path["a"], path["b"]], check=True)
        one.remove()
        shards = []
        for number in range(3):
            shards.append(Server(folder, f"shard{number}", SETTINGS))
            servers.append(shards[-1])
            load(shards[-1], "declarations", generator, [rows, "1", str(number), "3"])
        coordinator = Server(folder, "coordinator", SETTINGS)
        servers.append(coordinator)
        spread(coordinator, shards)
        timed("three servers", imported(quipu, coordinator, path["c"]), [*shards, coordinator])
        # Few groups: what is left is the scan.
        few = ["--where", "hs = '011000'"]
        timed("three servers, one product", imported(quipu, coordinator, path["c"] + "-") + few,
              [*shards, coordinator])
        subprocess.run(["cmp", path["a"], path["c"]], check=True)
        print("the three cubes are the same, byte for byte")
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "20000000")
