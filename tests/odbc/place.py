# SPDX-License-Identifier: Apache-2.0
"""What the cases share: seeded declarations, a server with them, and three more with parts."""
import os
import random
import subprocess

from server import Server, Skip, need_odbc  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
ROWS = 100_000
REPORTERS = ("PER", "CHL", "COL", "MEX", "CHN", "JPN", "KOR", "THA", "VNM")
PRODUCTS = ("260300", "740311", "710812", "080440", "030374", "230120", "610910", "854211",
            "870323", "270112", "090111", "760120")
COLUMNS = ("year integer, flow text, reporter text, partner text, hs text, usd numeric(16,2), "
           "kg numeric(16,3), qty numeric(14,1), unit integer, ruc bigint")
MAP = ("period=year,flow=flow,reporter=reporter,partner=partner,product=hs,value=usd,weight=kg,"
       "quantity=qty,unit=unit,nomenclature:H0")
# The fields of a file bear the names of the columns.
HEADER = "year,flow,reporter,partner,hs,usd,kg,qty,unit,ruc"


def declarations(rows=ROWS, seed=1):
    """Lines of CSV: with equal rows, missing weights, zeros, two units and a group of countries."""
    dice = random.Random(seed)
    for number in range(rows):
        product = dice.choice(PRODUCTS)
        value = f"{dice.randrange(1, 5_000_000) / 100:.2f}" if number % 97 else "100.00"
        kg = "" if number % 501 == 0 else f"{dice.randrange(0, 900_000) / 1000:.3f}"
        unit = 5 if number % 1009 == 0 else 8
        yield ",".join((
            str(dice.randrange(2005, 2012)), dice.choice(("export", "import")),
            dice.choice(REPORTERS), "97" if number % 5003 == 0 else dice.choice(REPORTERS),
            product, "" if number % 7001 == 0 else value, kg,
            f"{dice.randrange(1, 400) / 10:.1f}", str(unit), str(20100000000 + number % 977)))


class Place:
    """The program under test, a folder, and servers that start when they are first wanted."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        os.chmod(folder, 0o755)
        self.servers = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *words, code=0, **more):
        """What the program prints: (standard output, standard error)."""
        done = subprocess.run([self.program, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=120, check=False, **more)
        assert done.returncode == code, (words, done.returncode, done.stderr[-1500:])
        return done.stdout, done.stderr

    def csv(self):
        """The declarations as a file."""
        path = self.path("declarations.csv")
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as out:
                out.write(HEADER + "\n")
                out.writelines(line + "\n" for line in declarations())
        return path

    def csv_cube(self):
        """The cube an import of the file makes; all others must be this one."""
        path = self.path("csv.quipu")
        if not os.path.exists(path):
            _, said = self.run("import", self.csv(), "--map", MAP, "--duplicates",
                               "declarations", "--input-name", "declarations", "-o", path)
            self.said = said
        return path

    def csv_cube_of_firms(self):
        """The same with its firms kept."""
        path = self.path("csv-firms.quipu")
        if not os.path.exists(path):
            self.run("import", self.csv(), "--map", MAP + ",firm=ruc", "--keep-firms",
                     "--duplicates", "declarations", "--input-name", "declarations", "-o", path)
        return path

    def server(self, name, *settings):
        need_odbc()
        if name not in self.servers:
            self.servers[name] = Server(self.folder, name, settings)
        return self.servers[name]

    def one(self):
        """A server that has all declarations, and writes down what it is sent."""
        fresh = "one" not in self.servers
        server = self.server("one", "log_statement = all", "log_destination = stderr")
        if fresh:
            server.psql(f"CREATE TABLE declarations ({COLUMNS})")
            fill(server, "declarations", self.csv())
        return server

    def three(self):
        """A server with a partitioned table whose parts are on three others."""
        fresh = "coordinator" not in self.servers
        server = self.server("coordinator", "log_statement = all")
        if fresh:
            shards = [self.server(f"shard{i}") for i in range(3)]
            spread(server, shards)
            fill(server, "declarations", self.csv())
            for number, shard in enumerate(shards):
                shard.psql(f"ANALYZE declarations_{number}")
        return server

    def odbc(self, server, cube, *more, code=0, table="declarations", the_map=MAP):
        """Imports over ODBC; what the program says."""
        return self.run("import", "odbc:" + server.connection(), "--table", table, "--map",
                        the_map,
                        "--input-name", "declarations", "-o", self.path(cube), *more,
                        code=code)[1]

    def close(self):
        for server in self.servers.values():
            server.remove()


def fill(server, table, path):
    with open(path, encoding="utf-8") as rows:
        copy(server, table, rows.read())
    server.psql(f"ANALYZE {table}")


def copy(server, table, text):
    script = f"COPY {table} FROM STDIN WITH (FORMAT csv, HEADER);\n{text}\\.\n"
    server.psql("", stdin=script)


def spread(server, shards):
    """declarations, in parts by reporter, each a foreign table of one of the shards."""
    server.psql("CREATE EXTENSION postgres_fdw;\n"
                f"CREATE TABLE declarations ({COLUMNS}) PARTITION BY HASH (reporter)")
    for number, shard in enumerate(shards):
        shard.psql(f"CREATE TABLE declarations_{number} ({COLUMNS})")
        server.psql(
            f"CREATE SERVER shard{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host "
            f"'127.0.0.1', port '{shard.port}', dbname 'postgres', fetch_size '10000', "
            "batch_size '5000', use_remote_estimate 'true', async_capable 'true')")
        server.psql(f"CREATE USER MAPPING FOR quipu SERVER shard{number} OPTIONS "
                    "(user 'quipu', password 'x')")
        server.psql(
            f"CREATE FOREIGN TABLE declarations_{number} PARTITION OF declarations FOR VALUES "
            f"WITH (MODULUS {len(shards)}, REMAINDER {number}) SERVER shard{number}")
