# SPDX-License-Identifier: Apache-2.0
"""Every file of a bundle is the same bytes when it is written again."""
import filecmp
import os

from place import Skip, run


def check_same_bytes(place):
    """a bundle written twice is the same bytes"""
    names = sorted(os.listdir(place.bundle))
    again = os.path.join(place.folder, "again")
    assert names == sorted(os.listdir(again)) and len(names) > 15, names
    for name in names:
        with open(place.path(name), "rb") as one, open(os.path.join(again, name), "rb") as two:
            assert one.read() == two.read(), f"{name} differs"


def check_command_line_same_bytes(place):
    """a workbook of the command line is the same bytes, in a file or a pipe"""
    words = ["value", "peru.quipu", "--reporter", "Peru", "--partner", "China"]
    piped = place.quipu(words + ["--format", "xlsx"])
    place.quipu(words + ["-o", "a.xlsx"])
    with open(os.path.join(place.work, "a.xlsx"), "rb") as file:
        assert file.read() == piped


def check_decimal_comma(place):
    """a guest with a decimal comma writes the same bytes"""
    locales, comma = os.path.join(place.folder, "locales"), os.path.join(place.folder, "comma")
    os.makedirs(locales)
    os.makedirs(comma)
    status, words = run(["localedef", "-i", "es_PE", "-f", "UTF-8",
                         os.path.join(locales, "es_PE.UTF-8")], place.folder)
    if status != 0:
        raise Skip("localedef has no es_PE: " + words.strip())
    status, words = run([os.path.join(place.folder, "write_bundle"), comma], place.folder,
                        env=dict(os.environ, LOCPATH=locales, LC_ALL="es_PE.UTF-8"))
    assert status == 0, words
    names = os.listdir(place.bundle)
    same, different, failed = filecmp.cmpfiles(place.bundle, comma, names, shallow=False)
    assert len(same) == len(names), (different, failed)
