# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL servers on the loopback address, each with a folder of its own."""
import glob
import os
import pwd
import shutil
import socket
import subprocess

PASSWORD = "s3cret-of-nobody"


class Skip(Exception):
    """What a case needs is not there."""


def binaries():
    """The folder with initdb and pg_ctl of the newest PostgreSQL."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"),
                   key=lambda path: int(path.split("/")[4]))
    if not found:
        raise Skip("PostgreSQL is not installed: apt-get install postgresql")
    return os.path.dirname(found[-1])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server; root gives it to another user, as PostgreSQL wants."""

    def __init__(self, folder, name, settings=()):
        self.bin = binaries()
        self.folder = os.path.join(folder, name)
        self.log = self.folder + ".log"
        self.port = free_port()
        self.user = {}
        os.makedirs(self.folder)
        if os.geteuid() == 0:
            try:
                who = pwd.getpwnam("postgres")
            except KeyError:
                who = pwd.getpwnam("nobody")
            self.user = {"user": who.pw_uid, "group": who.pw_gid}
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        self.as_user("initdb", "-D", self.folder, "-U", "quipu", "--auth=trust", "-N",
                     "--no-locale", "-E", "UTF8")
        with open(os.path.join(self.folder, "postgresql.conf"), "a", encoding="utf-8") as conf:
            lines = ["listen_addresses = '127.0.0.1'", f"port = {self.port}",
                     "unix_socket_directories = ''", "fsync = off", "autovacuum = off",
                     "full_page_writes = off", "logging_collector = off", *settings]
            conf.write("\n".join(lines) + "\n")
        open(self.log, "w").close()
        if self.user:
            os.chown(self.log, self.user["user"], self.user["group"])
        self.as_user("pg_ctl", "-D", self.folder, "-l", self.log, "-w", "-t", "30", "start")
        self.up = True

    def as_user(self, tool, *words):
        done = subprocess.run([os.path.join(self.bin, tool), *words], cwd="/",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              stdin=subprocess.DEVNULL, **self.user, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{tool} fails:\n{done.stdout}")

    def stop(self, how="immediate"):
        if self.up:
            self.up = False
            self.as_user("pg_ctl", "-D", self.folder, "-m", how, "-w", "stop")

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, sql, *more, stdin=None):
        """What a script answers, rows as lines, fields between tabs."""
        done = subprocess.run(
            [os.path.join(self.bin, "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U",
             "quipu", "-d", "postgres", "-X", "-q", "-A", "-t", "-F", "\t", "-v",
             "ON_ERROR_STOP=1", *more, *(["-c", sql] if sql else [])],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert done.returncode == 0, f"{sql[:300]}\n{done.stderr}"
        return done.stdout

    def connection(self, user="quipu", password=PASSWORD, more=""):
        """What stands behind odbc: for this server."""
        return (f"DRIVER={{{driver()}}};SERVER=127.0.0.1;PORT={self.port};DATABASE=postgres;"
                f"UID={user};PWD={password}{more}")


def driver():
    """The path of the ODBC driver of PostgreSQL."""
    for pattern in ("/usr/lib/*/odbc/psqlodbcw.so", "/usr/lib/odbc/psqlodbcw.so",
                    "/usr/lib64/psqlodbcw.so"):
        for path in glob.glob(pattern):
            return path
    raise Skip("the ODBC driver of PostgreSQL is not installed: apt-get install "
               "odbc-postgresql")


def need_odbc():
    """unixODBC and the driver, or Skip."""
    driver()
    if not glob.glob("/usr/lib/*/libodbc.so.2") and not glob.glob("/usr/lib64/libodbc.so.2"):
        raise Skip("unixODBC is not installed: apt-get install unixodbc")
