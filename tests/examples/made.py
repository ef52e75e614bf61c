# SPDX-License-Identifier: Apache-2.0
"""made.py - invented cubes, for what no example table has: both flows by product; what countries
sell to themselves."""
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


def home_rows():
    """Five countries, each mostly its own customer: invented."""
    yield "year,flow,reporter,partner,product,value"
    codes = ("PER", "CHN", "CHL", "JPN", "USA")
    for i, seller in enumerate(codes):
        for j, buyer in enumerate(codes):
            value = (50 + 17 * i + 29 * j + 7 * i * j) * (40000 if i == j else 1000)
            yield f"2011,export,{seller},{buyer},260300,{value}"


def made(program, folder, name, rows, more=""):
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as out:
        out.write("\n".join(rows) + "\n")
    subprocess.run([program, "import", name + ".csv", "-o", name + ".quipu", "--map",
                    "year=year,flow=flow,reporter=reporter,partner=partner,product=product,"
                    f"value=value{more},nomenclature:H3"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def declared(program, folder):
    """firms.quipu: declarations need to be told what their columns are."""
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run([program, "import", os.path.join(here, "..", "..", "data", "examples", "declarations.csv"),
                    "--map", "period=year,flow=flow,reporter=reporter,partner=partner,product=hs6,value=usd,"
                    "firm=firm", "--duplicates", "declarations", "--keep-firms", "-o", "firms.quipu"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make(program, folder):
    """made.quipu, home.quipu and firms.quipu in folder."""
    declared(program, folder)
    made(program, folder, "made", made_rows(), ",weight=weight")
    made(program, folder, "home", home_rows())
