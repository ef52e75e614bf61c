# SPDX-License-Identifier: Apache-2.0
"""The indexes, worked out a second time with numpy from their published formulas, on an
invented world of eight countries, thirty products and three years."""
import csv
import io
import os
import subprocess

from place import Skip

try:
    import numpy as np
    np.seterr(all="ignore")  # an empty denominator is a case
except ImportError:
    np = None

COUNTRIES = ["PER", "CHL", "CHN", "JPN", "KOR", "USA", "DEU", "BRA"]
PRODUCTS = ["010111", "030110", "090111", "230120", "260111", "260300", "260700", "270900",
            "271000", "300490", "390110", "440710", "520100", "610910", "611020", "710812",
            "720110", "740311", "740811", "790111", "841110", "847120", "852520", "852810",
            "870323", "871120", "880240", "901890", "950390", "080610"]
YEARS = [2000, 2001, 2002]
ME = 0


class World:
    """x[t, i, j, k] exports and m[t, i, j, k] imports of i from j, in US$, with weights."""

    def __init__(self):
        random = np.random.default_rng(20260)
        shape = (len(YEARS), len(COUNTRIES), len(COUNTRIES), len(PRODUCTS))
        self.flows = []
        for _ in range(2):
            value = np.floor(np.exp(random.normal(9, 2.5, shape)))
            value[random.random(shape) < 0.55] = 0
            for i in range(len(COUNTRIES)):
                value[:, i, i, :] = 0
            weight = np.ceil(value / np.exp(random.normal(0.5, 0.35, shape)))
            self.flows.append((value, weight))
        self.x, self.m = self.flows[0][0], self.flows[1][0]

    def write(self, path):
        with open(path, "w", encoding="ascii", newline="\n") as file:
            file.write("#quipu 1\n#source An invented world\n#nomenclature H0\n"
                       "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n")
            for flow, (value, weight) in zip(("export", "import"), self.flows):
                for t, i, j, k in zip(*np.nonzero(value)):
                    file.write(f"{YEARS[t]},{flow},{COUNTRIES[i]},{COUNTRIES[j]},{PRODUCTS[k]},"
                               f"{value[t, i, j, k]:.0f},{weight[t, i, j, k]:.0f},,,\n")


STATE = {}


def world_of(place):
    if np is None:
        raise Skip("no numpy (python3-numpy)")
    if not STATE:
        world = World()
        world.write(os.path.join(place.work, "invented.csv"))
        subprocess.run([place.program, "import", "invented.csv", "-o", "invented.quipu"],
                       cwd=place.work, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        STATE["world"] = world
    return STATE["world"]


def ask(place, measure, *options):
    """Rows as dictionaries; numbers where a field is one, None where it is empty."""
    text = subprocess.run([place.program, measure, "invented.quipu", *options, "--format", "csv"],
                          cwd=place.work, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def near(found, expected, what):
    if not np.isfinite(expected):
        assert found == "", f"{what}: {found}, expected none"
        return
    assert found != "", f"{what}: none, expected {expected}"
    assert abs(float(found) - expected) <= 1e-9 * max(1, abs(expected)), \
        f"{what}: {found}, expected {expected}"


def share(values):
    return values / values.sum(-1, keepdims=True)


def check_advantage(place):
    """advantage: all variants of RCA, Lafay and the specialisation index"""
    w = world_of(place)
    x, all_x = w.x[:, ME].sum(1), w.x.sum((1, 2))
    own, ref = share(x), share(all_x)
    rca = own / ref
    total = all_x.sum(1, keepdims=True)
    others = (x / (x.sum(1, keepdims=True) - x)) / \
        ((all_x - x) / (total - x.sum(1, keepdims=True) - all_x + x))
    bought, all_m = w.m[:, ME].sum(1), w.m.sum((1, 2))
    buying = (bought / (bought.sum(1, keepdims=True) - bought)) / \
        ((all_m - bought) /
         (all_m.sum(1, keepdims=True) - bought.sum(1, keepdims=True) - all_m + bought))
    market = share(w.x[:, ME, 2]) / share(w.m[:, 2].sum(1))
    cases = {
        (): rca,
        ("--variant", "symmetric"): (rca - 1) / (rca + 1),
        ("--variant", "normalised"):
            1e4 * (x / total - x.sum(1, keepdims=True) * all_x / total ** 2),
        ("--variant", "additive"): own - ref,
        ("--variant", "weighted"): rca / rca.mean(1, keepdims=True),
        ("--variant", "vollrath"): others - buying,
        ("--partner", "China", "--reference", "market"): market,
    }
    for options, expected in cases.items():
        rows = ask(place, "rca", "--reporter", "Peru", *options)
        assert len(rows) >= len(PRODUCTS) * 2
        for row in rows:
            t, k = YEARS.index(int(row["year"])), PRODUCTS.index(row["product"])
            near(row["rta" if "vollrath" in options else "rca"], expected[t, k], str(options))
    tsi = (x - bought) / (x + bought)
    both, net = (x + bought), (x - bought)
    lafay = 100 * (tsi - (net.sum(1) / both.sum(1))[:, None]) * share(both)
    for row in ask(place, "specialisation", "--reporter", "Peru"):
        t, k = YEARS.index(int(row["year"])), PRODUCTS.index(row["product"])
        near(row["tsi"], tsi[t, k], "tsi")
        near(row["lafay"], lafay[t, k], "lafay")


def check_orientation(place):
    """orientation: intensity, complementarity, similarity, market penetration"""
    w = world_of(place)
    x = w.x.sum(3)
    m = w.m.sum(3)
    for denominator in ("world", "rest", "imports"):
        for row in ask(place, "intensity", "--reporter", "Peru", "--denominator", denominator):
            t, j = YEARS.index(int(row["year"])), COUNTRIES.index(row["partner"])
            weight = {
                "world": x[t, :, j].sum() / x[t].sum(),
                "rest": (x[t, :, j].sum() - x[t, ME, j]) / (x[t].sum() - x[t, ME].sum()),
                "imports": m[t, j].sum() / (m[t].sum() - m[t, ME].sum()),
            }[denominator]
            near(row["intensity"], x[t, ME, j] / x[t, ME].sum() / weight, denominator)
    supply, demand = w.x.sum(2), w.m.sum(2)
    for row in ask(place, "complementarity", "--reporter", "Peru"):
        t, j = YEARS.index(int(row["year"])), COUNTRIES.index(row["partner"])
        s, r, world = share(supply[t, ME]), share(demand[t, j]), share(demand[t].sum(0))
        near(row["complementarity"], 100 * (1 - np.abs(s - r).sum() / 2), "Michaely")
        near(row["drysdale"], (s * r / world).sum(), "Drysdale")
        near(row["intensity"], x[t, ME, j] / x[t, ME].sum() /
             (demand[t, j].sum() / demand[t].sum()), "TII")
    tsi = (supply - demand) / (supply + demand)
    for row in ask(place, "similarity", "--reporter", "Peru", "--specialisation"):
        t, b = YEARS.index(int(row["year"])), COUNTRIES.index(row["with"])
        s, r, world = share(supply[t, ME]), share(supply[t, b]), share(supply[t].sum(0))
        near(row["similarity"], 100 * np.minimum(s, r).sum(), "Finger-Kreinin")
        near(row["krugman"], np.abs(s - r).sum(), "Krugman")
        logs = np.log(s / world + 0.1), np.log(r / world + 0.1)
        near(row["correlation"], np.corrcoef(*logs)[0, 1], "ln RCA")
        there = np.isfinite(tsi[t, ME]) & np.isfinite(tsi[t, b])
        near(row["specialisation"], np.corrcoef(tsi[t, ME][there], tsi[t, b][there])[0, 1], "TSI")
    for row in ask(place, "reach", "--reporter", "Peru", "--by", "product"):
        t, k = YEARS.index(int(row["year"])), PRODUCTS.index(row["product"])
        if row["penetration"] != "":
            near(row["penetration"], (w.x[t, ME, :, k] > 0).sum() / (demand[t, :, k] > 0).sum(),
                 "penetration")


def check_concentration(place):
    """concentration: Herfindahl-Hirschman, Gini, UNCTAD's two, entropy, Theil"""
    w = world_of(place)
    supply = w.x.sum(2)
    for row in ask(place, "concentration", "--by", "reporter", "--largest", "3"):
        t, i = YEARS.index(int(row["year"])), COUNTRIES.index(row["reporter"])
        s, n = share(supply[t, i]), int(row["lines"])
        assert n > 4000, n  # six digits of HS 1988/92
        full = np.sort(np.concatenate([s, np.zeros(n - len(s))]))
        hhi = (s ** 2).sum()
        near(row["hhi"], hhi, "HHI")
        near(row["hhi_normalised"], (hhi - 1 / n) / (1 - 1 / n), "normalised")
        near(row["unctad"], (hhi ** 0.5 - n ** -0.5) / (1 - n ** -0.5), "UNCTAD")
        near(row["ratio"], full[-3:].sum(), "CR3")
        pairs = (2 * np.arange(1, n + 1) - n - 1) * full
        near(row["gini"], pairs.sum() / n, "Gini")
        near(row["diversification"], np.abs(s - share(supply[t].sum(0))).sum() / 2, "UNCTAD")
    for row in ask(place, "theil", "--by", "reporter"):
        t, i = YEARS.index(int(row["year"])), COUNTRIES.index(row["reporter"])
        s, n = share(supply[t, i]), int(row["lines"])
        s = s[s > 0]
        near(row["theil"], (s * np.log(s * n)).sum(), "Theil")
        near(row["between"], np.log(n / len(s)), "between")
        near(row["within"], (s * np.log(s * len(s))).sum(), "within")


def check_both_ways(place):
    """intra-industry trade: Grubel-Lloyd, Aquino, marginal, horizontal and vertical"""
    w = world_of(place)
    x, m = w.x[:, ME], w.m[:, ME]
    for row in ask(place, "intra-industry", "--reporter", "Peru", "--by", "partner"):
        t, j = YEARS.index(int(row["year"])), COUNTRIES.index(row["partner"])
        a, b = x[t, j], m[t, j]
        gl = 1 - np.abs(a - b).sum() / (a + b).sum()
        near(row["gl"], gl, "GL")
        near(row["adjusted"], gl / (1 - abs((a - b).sum()) / (a + b).sum()), "adjusted")
        near(row["aquino"], 1 - np.abs(share(a) - share(b)).sum() / 2, "Aquino")
    dx, dm = x[2].sum(0) - x[0].sum(0), m[2].sum(0) - m[0].sum(0)
    row = ask(place, "marginal-iit", "--reporter", "Peru", "--years", "2000-2002")[0]
    size = (np.abs(dx) + np.abs(dm)).sum()
    near(row["a"], 1 - np.abs(dx - dm).sum() / size, "A")
    near(row["b"], (dx - dm).sum() / size, "B")
    ratio = (x / w.flows[0][1][:, ME]) / (m / w.flows[1][1][:, ME])
    kinds = {"horizontal": (ratio >= 1 / 1.15) & (ratio <= 1.15), "vertical_high": ratio > 1.15,
             "vertical_low": ratio < 1 / 1.15}
    two_way = np.minimum(x, m) > 0.1 * np.maximum(x, m)
    for row in ask(place, "two-way", "--reporter", "Peru"):
        t = YEARS.index(int(row["year"]))
        for kind, mask in kinds.items():
            near(row[kind], (x + m)[t][mask[t] & two_way[t]].sum() / (x + m)[t].sum(), kind)


def check_market_shares(place):
    """market shares: Leamer-Stern in both orders, Fagerberg-Sollie"""
    w = world_of(place)
    x, world = w.x[[0, 2], ME], w.x[[0, 2]].sum(1)
    total = world[1].sum() / world[0].sum() * x[0].sum()
    good = (x[0] * (world[1].sum(0) / world[0].sum(0))).sum()
    market = np.nansum(x[0] * (world[1].sum(1) / world[0].sum(1))[:, None])
    cell = np.nansum(np.where(x[0] > 0, x[0] * world[1] / world[0], 0))
    s0, s1 = x[0] / world[0], x[1] / world[1]
    orders = {"commodity-first": (good - total, cell - good),
              "market-first": (cell - market, market - total),
              "shapley": ((good - total + cell - market) / 2, (cell - good + market - total) / 2)}
    for order, (commodity, markets) in orders.items():
        row = ask(place, "cms", "--reporter", "Peru", "--years", "2000-2002", "--order", order)[0]
        for name, expected in (("growth", total - x[0].sum()), ("commodity", commodity),
                               ("market", markets), ("competitiveness", x[1].sum() - cell)):
            # each cell is rounded to a thousandth of a dollar
            assert abs(float(row[name]) - expected) <= 0.5, (order, name, row[name], expected)
    s0, s1 = np.where(world[0] > 0, s0, s1), np.where(world[1] > 0, s1, s0)
    w0, w1 = world[0] / world[0].sum(), world[1] / world[1].sum()
    row = ask(place, "share-change", "--reporter", "Peru", "--years", "2000-2002")[0]
    near(row["performance"], np.nansum((s1 - s0) * w0), "performance")
    near(row["structure"], np.nansum(s0 * (w1 - w0)), "structure")
    near(row["adaptation"], np.nansum((s1 - s0) * (w1 - w0)), "adaptation")


def fisher(value, weight, a, b):
    """Of the items both years have, unit values within a factor of five: price and volume."""
    price = value / weight
    ratio = price[b] / price[a]
    both = (value[a] > 0) & (value[b] > 0) & (ratio <= 5) & (ratio >= 0.2)
    pa, pb, qa, qb = price[a][both], price[b][both], weight[a][both], weight[b][both]
    up = ((pb * qa).sum() / (pa * qa).sum() * (pb * qb).sum() / (pa * qb).sum()) ** 0.5
    volume = ((pa * qb).sum() / (pa * qa).sum() * (pb * qb).sum() / (pb * qa).sum()) ** 0.5
    kept = [value[y][(value[a] > 0) & (value[b] > 0)].sum() / value[y].sum() for y in (a, b)]
    return up, volume, kept[1] / kept[0]


def check_prices(place):
    """prices: GEKS, Feenstra's correction, terms of trade"""
    w = world_of(place)
    export = [part[:, ME] for part in w.flows[0]]
    trade = [part[:, ME] for part in w.flows[1]]
    rows = ask(place, "price", "--reporter", "Peru", "--geks")
    for t, row in enumerate(rows):
        logs = sum(np.log(fisher(*export, 0, y)[0]) + np.log(fisher(*export, y, t)[0])
                   for y in range(3))
        assert abs(float(row["fisher"]) - 100 * np.exp(logs / 3)) < 1e-6, row
    rows = ask(place, "price", "--reporter", "Peru", "--sigma", "4")
    for t, row in enumerate(rows):
        price, _, kept = fisher(*export, 0, t)
        near(row["variety"], kept ** (1 / 3), "variety")
        assert abs(float(row["corrected"]) - 100 * price * kept ** (1 / 3)) < 1e-6, row
    for t, row in enumerate(ask(place, "terms-of-trade", "--reporter", "Peru")):
        (px, qx, _), (pm, qm, _) = fisher(*export, 0, t), fisher(*trade, 0, t)
        for name, expected in (("net_barter", px / pm), ("income", px / pm * qx),
                               ("gross_barter", qm / qx)):
            assert abs(float(row[name]) - 100 * expected) < 1e-6, (name, row[name], expected)
