#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Complexity in numpy and pandas, as their users write it, for bench/complexity.

Usage: bench/peer_complexity.py FOLDER COUNTRIES PRODUCTS [RUNS]

FOLDER has the exports of each year as COUNTRIES x PRODUCTS doubles, YEAR.f64.  Prints one JSON
line a case: median and best, and a checksum that quipu has, too.  Reading is not timed.  Debian's
numpy uses whatever libblas is installed; its name is in the first line.
"""
import glob
import json
import os
import statistics
import sys
import time

import numpy as np
import pandas as pd


def measure(name, function, runs, **more):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    print(json.dumps({"case": name, "seconds": statistics.median(times), "best": min(times),
                      "runs": runs, "checksum": more.pop("check")(result), **more}), flush=True)
    return result


def rca_of(x):
    return x / x.sum(1)[:, None] / (x.sum(0) / x.sum())[None, :]


def second(matrix):
    values, vectors = np.linalg.eig(matrix)
    return np.real(vectors[:, np.argsort(np.real(values))[-2]])


def scores_of(m):
    """Country side: the smaller eigenproblem; products follow."""
    d, u = m.sum(1), m.sum(0)
    kc = second((m / d[:, None]) @ (m / u[None, :]).T)
    kc = kc * np.sign(np.corrcoef(kc, d)[0, 1])
    kp = m.T @ kc / u
    scale = np.median((kc / (m @ kp / d))[np.abs(kc) > np.abs(kc).max() / 100])
    kp = kp * scale
    return (kc - kc.mean()) / kc.std(), (kp - kc.mean()) / kc.std(), kp, kc.std()


def proximity_of(m):
    u = m.sum(0)
    return m.T @ m / np.maximum(u[:, None], u[None, :])


def density_of(m, phi, kp, spread):
    total = phi.sum(0)
    density = m @ phi / total
    gain = (1 - m) * ((1 - m) @ (phi * (kp / total)[:, None])) / spread
    coi = (density * (1 - m) * kp).sum(1)
    return density, (coi - coi.mean()) / coi.std(), gain


def product_side(m, n):
    """What py-ecomplexity decomposes, on the first n products."""
    part = m[:, :n]
    part = part[part.sum(1) > 0][:, part.sum(0) > 0]
    d, u = part.sum(1), part.sum(0)
    return np.linalg.eig((part / u[None, :]).T @ (part / d[:, None]))


def pandas_rca(frame):
    total = frame["value"].sum()
    by_country = frame.groupby("country")["value"].transform("sum")
    by_product = frame.groupby("product")["value"].transform("sum")
    return (frame["value"] / by_country) / (by_product / total)


def main():
    folder, countries, products = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    files = sorted(glob.glob(os.path.join(folder, "*.f64")))
    years = [np.fromfile(name).reshape(countries, products) for name in files]
    blas = [line.split()[-1] for line in open("/proc/self/maps", encoding="ascii")
            if "blas" in line]
    print(json.dumps({"numpy": np.__version__, "pandas": pd.__version__,
                      "blas": os.path.realpath(blas[0]) if blas else "built in"}))
    with np.errstate(all="ignore"):
        def all_rca():
            return [rca_of(x) for x in years]
        panel = measure("rca", all_rca, runs, check=lambda r: sum(int((y >= 1).sum()) for y in r))
        ms = [(r >= 1).astype(float) for r in panel]

        def all_scores():
            return [scores_of((rca_of(x) >= 1).astype(float)) for x in years]
        scored = measure("scores", all_scores, runs,
                         check=lambda r: sum(float(np.abs(y[1]).sum()) for y in r))
        m = ms[-1]
        phi = measure("proximity", lambda: proximity_of(m), runs,
                      check=lambda r: float(r.sum()))
        measure("density", lambda: density_of(m, phi, scored[-1][2], scored[-1][3]), runs,
                check=lambda r: float(r[0].sum() + np.abs(r[2]).sum()))
        frame = pd.DataFrame({"country": np.repeat(np.arange(countries), products),
                              "product": np.tile(np.arange(products), countries),
                              "value": years[-1].ravel()})
        frame = frame[frame["value"] > 0]
        measure("rca-pandas", lambda: pandas_rca(frame), runs,
                check=lambda r: int((r >= 1).sum()), years=1)
        for n in (400, 800, 1200):
            measure("product-side", lambda: product_side(m, n), 1,
                    check=lambda r: len(r[0]), products=n)


if __name__ == "__main__":
    main()
