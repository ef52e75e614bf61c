# SPDX-License-Identifier: Apache-2.0
"""check_kill.py - killed at any moment, the same command goes on: no row lost, none twice, and the
bytes are those of a fetch nobody disturbed."""
import os
import random
import shutil
import signal
import subprocess
import time

from office import Office, World, baci_zip, draw, hang_up

TIMES = int(os.environ.get("QUIPU_KILLS", "25"))
ASKED = ["--reporter", "Peru,Chile", "--years", "2010-2012", "--product", "6-digit"]


def same(place, whole):
    """What was made, and what it was made of, is as in the undisturbed fetch."""
    files = {name: data for name, data in place.files().items()
             if not name.startswith("whole") and not name.endswith("journal.jsonl")}
    assert files.keys() == whole.keys(), (sorted(files), sorted(whole))
    for name, data in files.items():
        assert data == whole[name], name


def check_comtrade(place):
    """Fetches of Comtrade killed with -9 at random moments, and resumed"""
    chance = random.Random(5)
    with Office(World(dense=2)) as office:
        words = ["fetch", "comtrade", *ASKED, "--base-url", office.url, "--pause", "0.005"]
        begin = time.monotonic()
        place.run(*words, "-o", "x.quipu")
        took = time.monotonic() - begin
        requests = len(office.log)
        whole = {name: data for name, data in place.files().items()
                 if not name.endswith("journal.jsonl")}
        killed = early = 0
        for number in range(TIMES):
            shutil.rmtree(place.path("x.fetch"))
            os.unlink(place.path("x.quipu"))
            office.log.clear()
            kills = 0
            for _ in range(1 + number % 3):  # killed once, twice, three times
                process = place.start(*words, "-o", "x.quipu")
                try:
                    process.wait(chance.uniform(0.02, 1.05) * took)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                process.communicate()
                kills += process.returncode == -signal.SIGKILL
            killed += kills
            early += "x.quipu" not in place.files()
            place.run(*words, "-o", "x.quipu")
            place.check_manifest()
            same(place, whole)
            # What was in flight or not yet in the journal is asked again: two a kill, and what is
            # available each time.
            assert len(office.log) <= requests + 3 * kills + 4, (len(office.log), requests, kills)
        assert place.leaves() == sorted(office.world.leaves([604, 152]))
        assert killed >= TIMES // 2 and early > 0, (killed, early)


def check_resume_saves_calls(place):
    """What was fetched is not asked for again"""
    with Office() as office:
        office.faults = [lambda handler, path: "period=2012&" in path and hang_up(handler, path)]
        _, err = place.comtrade(office, years="2010-2012", status=4)
        assert "the same command goes on from there" in err, err
        office.faults = []
        office.log.clear()
        place.comtrade(office, years="2010-2012")
        assert [path.split("period=")[1][:5] for path, _ in office.log] == ["2010,", "2012&"]


def check_stopped(place):
    """Ctrl-C ends a fetch in time, and it goes on"""
    with Office() as office:
        office.faults = [lambda handler, path: "period=2012&" in path and time.sleep(3)]
        process = place.start("fetch", "comtrade", "--reporter", "Peru", "--years", "2010-2012",
                              "-o", "x.quipu", "--base-url", office.url, "--pause", "0.01")
        while not any("period=2012&" in path for path, _ in office.log):
            time.sleep(0.02)
        time.sleep(0.1)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert time.monotonic() - begin < 2
        assert b"quipu: stopped" in err and b"goes on from there" in err, err
        assert process.returncode == -signal.SIGINT, process.returncode
        office.faults = []
        place.comtrade(office, years="2010-2012")
        place.check_manifest()


def check_archive(place):
    """A download of BACI killed at random moments goes on with the rest"""
    partners = (152, 156, 392, 410, 484, 528, 643, 702)
    rows = "".join(f"2021,604,{partner},{code:06d},{draw(partner, code) % 10 ** 6}.5,1.0\n"
                   for partner in partners for code in range(10111, 18111))
    chance = random.Random(7)
    with Office() as office:
        office.archive = baci_zip(rows)
        real = office.file

        def slowly(handler):
            write = handler.wfile.write

            def in_pieces(data):
                for i in range(0, len(data), 1 << 13):
                    write(data[i:i + (1 << 13)])
                    time.sleep(0.005)
            handler.wfile.write = in_pieces
            real(handler)
        office.file = slowly
        words = ["baci", "--nomenclature", "HS92", "--release", "202301"]
        place.fetch(office, *words, out="whole.quipu")
        expected = place.read("whole.quipu")
        office.log.clear()
        for number in range(1, 7):
            process = place.start("fetch", *words, "-o", "x.quipu", "--base-url", office.url)
            while len(office.log) < number and process.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.uniform(0.02, 0.25))
            process.kill()
            process.communicate()
        place.fetch(office, *words)
        assert place.read("x.quipu") == expected
        assert place.read("x.fetch", "answers", "BACI_HS92_V202301.zip") == office.archive
        ranges = [headers.get("Range") for _, headers in office.log]
        assert len([text for text in ranges if text]) >= 4, ranges
        place.check_manifest()
