# SPDX-License-Identifier: Apache-2.0
"""made.py - an invented cube, for what no example table has: both flows by product."""
import os
import subprocess


def made_rows():
    """Both flows of Peru by six-digit product, with weight, in two years: invented."""
    yield "year,flow,reporter,partner,product,value,weight"
    for year in (2010, 2011):
        for flow, factor in (("export", 3), ("import", 2)):
            for partner, size in (("CHN", 5), ("USA", 4), ("CHL", 2)):
                for place, product in enumerate(("260300", "520100", "610910", "847120")):
                    value = 1000 * (factor * (place + 1) + size + year - 2010)
                    yield f"{year},{flow},PER,{partner},{product},{value},{value // 7}"


def make(program, folder):
    """made.quipu in folder."""
    with open(os.path.join(folder, "made.csv"), "w", encoding="utf-8") as out:
        out.write("\n".join(made_rows()) + "\n")
    subprocess.run([program, "import", "made.csv", "-o", "made.quipu", "--map",
                    "year=year,flow=flow,reporter=reporter,partner=partner,product=product,"
                    "value=value,weight=weight,nomenclature:H3"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
