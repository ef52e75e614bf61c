# SPDX-License-Identifier: Apache-2.0
"""Every file of a bundle is the same bytes when it is written again."""
import os


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
