# SPDX-License-Identifier: Apache-2.0
"""check_key.py - the key goes to the office and nowhere else."""
import os

from office import KEY, Office, body, redirect, send_json, status, times

WRONG = "ffffffffffffffffffffffffffffffff"


def nowhere(place, said=""):
    """In no file, and in nothing that was printed."""
    for name, data in place.files().items():
        if name != "the-key":
            assert KEY.encode() not in data and WRONG.encode() not in data, name
    assert KEY not in said and WRONG not in said, said


def check_environment(place):
    """COMTRADE_KEY is sent as a header, to the full endpoint"""
    with Office() as office:
        out, err = place.comtrade(office, years="2010-2012", COMTRADE_KEY=KEY)
        for path, headers in office.log:
            assert path.startswith("/data/v1/get"), path
            assert headers["Ocp-Apim-Subscription-Key"] == KEY and KEY not in path
        nowhere(place, out + err)


def check_file(place):
    """A file only its owner can read; others are refused"""
    with Office() as office:
        for mode in (0o644, 0o640, 0o604, 0o620, 0o666):
            place.write("the-key", KEY + "\n", mode)
            _, err = place.comtrade(office, "--key-file", "the-key", status=2)
            assert "others can read the key" in err and "chmod 600 the-key" in err, err
            assert office.log == [] and "x.fetch/request.json" not in place.files()
            nowhere(place, err)
        for mode in (0o600, 0o400):
            place.write("the-key", f"  {KEY} \r\n", mode)
            _, err = place.comtrade(office, "--key-file", "the-key", COMTRADE_KEY=WRONG)
            assert office.log[-1][1]["Ocp-Apim-Subscription-Key"] == KEY
            nowhere(place, err)
            office.log.clear()
            os.unlink(place.path("the-key"))


def check_bad_files(place):
    """What is no key file is told without what is in it"""
    with Office() as office:
        place.write("the-key", KEY + "\nsecond line\n", 0o600)
        _, err = place.comtrade(office, "--key-file", "the-key", status=2)
        assert "expected one line" in err, err
        nowhere(place, err)
        for text in ("", "\n", "x" * 400):
            place.write("empty", text, 0o600)
            _, err = place.comtrade(office, "--key-file", "empty", status=2)
            assert "expected one line" in err, err
        _, err = place.comtrade(office, "--key-file", "nothing", status=2)
        assert "nothing: the key cannot be read" in err, err
        _, err = place.comtrade(office, "--key-file", ".", status=2)
        assert "not a file with a key in it" in err, err
        for key in ("short", "with blank in it", "https://x.example/key/of/some/length", KEY + "\x01"):
            _, err = place.comtrade(office, COMTRADE_KEY=key, status=2)
            assert "the key is not one" in err and key not in err, err
        assert office.log == []


def check_wrong(place):
    """A key that is not taken: one message, and no second try"""
    with Office() as office:
        _, err = place.comtrade(office, COMTRADE_KEY=WRONG, status=2)
        assert "does not take the key; status 401: Access denied" in err, err
        assert len(office.log) == 1
        nowhere(place, err)


def check_wanted(place):
    """An office that wants a key where none was given"""
    with Office() as office:
        office.faults = [status(401, "Access denied due to missing subscription key.")]
        _, err = place.comtrade(office, status=2)
        assert "wants a key; status 401: Access denied due to missing" in err, err


def check_repeated(place):
    """An office that repeats the key in what it says: blanked; in an answer: not kept"""
    with Office() as office:
        office.faults = [times(1, status(400, f"bad key {KEY} in {KEY}"), "/get/")]
        _, err = place.comtrade(office, COMTRADE_KEY=KEY, status=3)
        assert "bad key ********" in err, err
        nowhere(place, err)
        office.faults = [times(9, status(500, "x" * 120 + KEY + "y" * 60), "/get/")]
        _, err = place.comtrade(office, COMTRADE_KEY=KEY, status=4)
        nowhere(place, err)
        for n in range(8, 33, 8):
            assert KEY[:n] not in err, err
        office.faults = [body('{"count":0,"data":[],"error":"","you":"' + KEY + '"}')]
        _, err = place.comtrade(office, COMTRADE_KEY=KEY, status=3)
        assert "repeats the key it was asked with: it is not kept" in err, err
        nowhere(place, err)


def check_not_sent_on(place):
    """Another host never sees it, nor does plain http off this machine"""
    with Office() as office, Office() as other:
        office.faults = [redirect(other.url + "/x")]
        _, err = place.comtrade(office, COMTRADE_KEY=KEY, status=3)
        assert "not followed" in err and other.log == [], err
        nowhere(place, err)
        _, err = place.run("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                           "x.quipu", "--base-url", "http://mirror.example", status=2,
                           COMTRADE_KEY=KEY)
        assert "a key is not sent over plain http to mirror.example" in err, err


def check_not_to_lists(place):
    """Lists of codes are asked for without it"""
    with Office() as office:
        office.full_cap = 1000
        place.comtrade(office, "--product", "6-digit", COMTRADE_KEY=KEY)
        lists = [headers for path, headers in office.log if "/reference/" in path]
        assert lists and all("Ocp-Apim-Subscription-Key" not in headers for headers in lists)


def check_not_in_arguments(place):
    """There is no option that takes the key itself"""
    with Office() as office:
        _, err = place.comtrade(office, "--key", KEY, status=2)
        assert "there is no option --key" in err
        office.faults = [lambda handler, path: send_json(handler, {}, 500) or True]
        process = place.start("fetch", "comtrade", "--reporter", "Peru", "--years", "2011", "-o",
                              "x.quipu", "--base-url", office.url, COMTRADE_KEY=KEY)
        with open(f"/proc/{process.pid}/cmdline", "rb") as line:
            assert KEY.encode() not in line.read()
        process.kill()
        process.communicate()


def check_dry_run(place):
    """--dry-run shows the requests of the full endpoint and not the key"""
    with Office() as office:
        out, err = place.comtrade(office, "--dry-run", COMTRADE_KEY=KEY)
        assert "/data/v1/get/C/A/HS?reporterCode=604" in out and office.log == []
        nowhere(place, out + err)


def check_other_sources(place):
    """Sources without keys are not sent that of Comtrade"""
    with Office() as office:
        place.fetch(office, "worldbank", "--reporter", "Peru", "--years", "2010-2011",
                    out="x.csv", COMTRADE_KEY=KEY)
        assert office.log
        for _, headers in office.log:
            assert KEY not in headers.values()
