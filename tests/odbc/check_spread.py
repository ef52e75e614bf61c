# SPDX-License-Identifier: Apache-2.0
"""One table spread over three servers with postgres_fdw: shards do the adding up."""
import os
import re
import subprocess
import time

from check_import import same
from place import MAP, ROWS


def check_same_cube(place):
    """the cube is byte for byte that of the file, from three shards"""
    said = place.odbc(place.three(), "three.quipu")
    same(place.csv_cube(), place.path("three.quipu"))
    assert f"{ROWS:_} rows read = ".replace("_", " ") in said, said


def check_keep_firms(place):
    """with firms, too, and each shard adds up by firm"""
    place.odbc(place.three(), "three-kept.quipu", "--keep-firms", the_map=MAP + ",firm=ruc")
    same(place.csv_cube_of_firms(), place.path("three-kept.quipu"))
    plan = place.run("import", "odbc:" + place.three().connection(), "--table", "declarations",
                     "--map", MAP + ",firm=ruc", "--keep-firms", "--explain")[0]
    remote = re.findall(r"Remote SQL: (.*)", plan)
    assert len(remote) == 3 and all("GROUP BY" in sql and "ruc" in sql for sql in remote), plan


def check_plan(place):
    """the plan shows each shard adding up its own part"""
    server = place.three()
    plan = place.run("import", "odbc:" + server.connection(), "--table", "declarations", "--map",
                     MAP, "--explain")[0]
    remote = re.findall(r"Remote SQL: (.*)", plan)
    assert len(remote) == 3, plan
    for number, sql in enumerate(remote):
        assert "GROUP BY" in sql and "sum(" in sql and f"declarations_{number}" in sql, sql
    assert not re.search(r"^\s*(->\s*)?(Hash|Group)?Aggregate", plan, re.M), plan


def check_totals_stay(place):
    """the independent sum is added up on the shards, too"""
    place.three()
    shard = place.servers["shard0"]
    shard.psql("ALTER SYSTEM SET log_statement = 'all'; ")
    shard.psql("SELECT pg_reload_conf()")
    time.sleep(0.3)
    with open(shard.log, encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        place.odbc(place.three(), "again.quipu")
        cursors = re.findall(r"DECLARE c\d+ CURSOR FOR\n?\s*(.*)", log.read())
    assert len(cursors) == 2 and all("GROUP BY" in sql for sql in cursors), cursors


def check_lost_server(place):
    """a shard that dies meanwhile is one clear error, and no cube"""
    server = place.three()
    shard = place.servers["shard2"]
    shard.psql("ALTER TABLE declarations_2 RENAME TO kept; CREATE VIEW declarations_2 AS SELECT "
               "* FROM kept WHERE pg_sleep(0.001) IS NOT NULL")
    old = place.path("lost.quipu")
    with open(place.csv_cube(), "rb") as good, open(old, "wb") as out:
        out.write(good.read())
    before = sorted(os.listdir(place.folder))
    running = subprocess.Popen(
        [place.program, "import", "odbc:" + server.connection(), "--table", "declarations",
         "--map", MAP, "-o", old], stderr=subprocess.PIPE, text=True)
    for _ in range(100):
        if shard.psql("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query "
                      "LIKE 'FETCH%'") != "0\n":
            break
        time.sleep(0.1)
    else:
        running.kill()
        raise AssertionError("the shard is not asked: " + running.communicate()[1])
    shard.stop()
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 4 and said.count("\n") == 1, (running.returncode, said)
    assert "database fails" in said or "database refuses" in said, said
    assert "connection" in said, said
    same(place.csv_cube(), old)
    assert sorted(os.listdir(place.folder)) == before
