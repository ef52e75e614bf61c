#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The indexes of bench_indices.c written with numpy and pandas, timed in one run with quipu's.

Usage: bench/peer_indices.py BENCH_INDICES CUBE WORLD [--runs N]

WORLD is a folder of BACI_*.csv files, CUBE the cube of the same files.  The files are read into
one table first (not timed), codes as small integers, values as doubles: the form that numpy
adds up fastest.  Each question then starts from that table, as a question to quipu starts from
the cube.  Both are asked in turn, and the answers are compared.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import time

import numpy as np
import pandas as pd

COUNTRY = 604


class World:
    """All rows: period, exporter, importer, product as positions; value in 1000 US$."""

    def __init__(self, folder):
        parts = []
        for path in sorted(glob.glob(os.path.join(folder, "BACI_*_Y*.csv"))):
            parts.append(pd.read_csv(path, usecols=["t", "i", "j", "k", "v"], engine="c",
                                     dtype={"t": np.int16, "i": np.int16, "j": np.int16,
                                            "k": np.int32, "v": np.float64}))
        frame = pd.concat(parts, ignore_index=True)
        self.years, t = np.unique(frame.t, return_inverse=True)
        self.countries = np.unique(np.concatenate([frame.i.unique(), frame.j.unique()]))
        self.products = np.unique(frame.k)
        self.t = t.astype(np.int64)
        self.i = np.searchsorted(self.countries, frame.i.to_numpy())
        self.j = np.searchsorted(self.countries, frame.j.to_numpy())
        self.k = np.searchsorted(self.products, frame.k.to_numpy())
        self.v = frame.v.to_numpy()
        self.n = len(self.years), len(self.countries), len(self.products)
        self.me = int(np.searchsorted(self.countries, COUNTRY))

    def sum(self, *axes, rows=slice(None)):
        """Values added up along the axes named, as a dense array."""
        sizes = {"t": self.n[0], "i": self.n[1], "j": self.n[1], "k": self.n[2]}
        at = np.zeros(len(self.v[rows]), dtype=np.int64)
        for axis in axes:
            at = at * sizes[axis] + getattr(self, axis)[rows]
        shape = [sizes[axis] for axis in axes]
        return np.bincount(at, weights=self.v[rows], minlength=int(np.prod(shape))).reshape(shape)

    def exports(self):
        return self.i == self.me

    def imports(self):
        return self.j == self.me


def rca_table(w):
    x, world = w.sum("t", "k", rows=w.exports()), w.sum("t", "k")
    with np.errstate(divide="ignore", invalid="ignore"):
        return (x / x.sum(1, keepdims=True)) / (world / world.sum(1, keepdims=True))


def rca(w):
    return np.nansum(rca_table(w)[-1])


def specialisation(w):
    x, m = w.sum("t", "k", rows=w.exports()), w.sum("t", "k", rows=w.imports())
    with np.errstate(divide="ignore", invalid="ignore"):
        tsi = (x - m) / (x + m)
    return np.nansum(tsi[-1])


def concentration(w):
    x, world = w.sum("t", "k", rows=w.exports()), w.sum("t", "k")
    s, r = x / x.sum(1, keepdims=True), world / world.sum(1, keepdims=True)
    ordered = np.sort(s, axis=1)
    n = s.shape[1]
    (2 * (ordered * np.arange(1, n + 1)).sum(1) / n - (n + 1) / n)  # Gini
    (np.abs(s - r).sum(1) / 2)                                     # diversification
    return (s ** 2).sum(1)[-1]


def theil(w):
    x = w.sum("t", "k", rows=w.exports())
    s = x / x.sum(1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.nansum(s * np.log(s), axis=1)
    return entropy[-1]


def intensity(w):
    x, world = w.sum("t", "j", rows=w.exports()), w.sum("t", "j")
    with np.errstate(divide="ignore", invalid="ignore"):
        tii = (x / x.sum(1, keepdims=True)) / (world / world.sum(1, keepdims=True))
    return np.nansum(tii[-1])


def complementarity(w):
    x, m = w.sum("t", "k", rows=w.exports()), w.sum("t", "j", "k")
    s, r = x / x.sum(1, keepdims=True), m / m.sum(2, keepdims=True)
    michaely = 100 * (1 - np.abs(r - s[:, None, :]).sum(2) / 2)
    world = m.sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.nan_to_num(s * world.sum(1, keepdims=True) / world)
    (r * weight[:, None, :]).sum(2)  # Drysdale
    last = michaely[-1]
    return np.nansum(np.delete(last, w.me))


def similarity(w):
    x, world = w.sum("t", "i", "k"), w.sum("t", "k")
    with np.errstate(divide="ignore", invalid="ignore"):
        s = x / x.sum(2, keepdims=True)
        rca = s / (world / world.sum(1, keepdims=True))[:, None, :]
        logs = np.log(np.nan_to_num(rca) + 0.1)
    overlap = 100 * np.minimum(s, s[:, w.me:w.me + 1, :]).sum(2)
    for year in logs:
        year -= year.mean(1, keepdims=True)
        year /= np.sqrt((year ** 2).sum(1, keepdims=True))
        (year @ year[w.me])
    return np.nansum(np.delete(overlap[-1], w.me))


def reach(w):
    mine, all_of = w.sum("t", "j", "k", rows=w.exports()) > 0, w.sum("t", "j", "k") > 0
    served, buying = mine.sum(1), all_of.sum(1)
    return served[-1].sum() / buying[-1][served[-1] > 0].sum()


def intra_industry(w):
    x, m = w.sum("t", "k", rows=w.exports()), w.sum("t", "k", rows=w.imports())
    np.abs(x / x.sum(1, keepdims=True) - m / m.sum(1, keepdims=True)).sum(1)  # Aquino
    return (1 - np.abs(x - m).sum(1) / (x + m).sum(1))[-1]


def intra_industry_partners(w):
    x = w.sum("t", "j", "k", rows=w.exports())
    m = w.sum("t", "i", "k", rows=w.imports())
    with np.errstate(divide="ignore", invalid="ignore"):
        gl = 1 - np.abs(x - m).sum(2) / (x + m).sum(2)
    return np.nansum(gl[-1])


def marginal_iit(w):
    x, m = w.sum("t", "k", rows=w.exports()), w.sum("t", "k", rows=w.imports())
    dx, dm = x[-1] - x[0], m[-1] - m[0]
    return 1 - np.abs(dx - dm).sum() / (np.abs(dx) + np.abs(dm)).sum()


def cells(w):
    ends = (w.t == 0) | (w.t == w.n[0] - 1)
    x = w.sum("t", "j", "k", rows=w.exports() & ends)[[0, -1]]
    return x, w.sum("t", "j", "k", rows=ends)[[0, -1]]


def cms(w):
    x, world = cells(w)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = world[1].sum() / world[0].sum()
        good = np.nan_to_num(world[1].sum(0) / world[0].sum(0))
        market = np.nan_to_num(world[1].sum(1) / world[0].sum(1))
        cell = np.nan_to_num(world[1] / world[0], posinf=0)
    by_cell = (x[0] * cell).sum()
    first = (x[0] * good[None, :]).sum() - r * x[0].sum()
    second = by_cell - (x[0] * market[:, None]).sum()
    ((first + second) / 2)
    return 1000 * (x[1].sum() - by_cell)


def share_change(w):
    x, world = cells(w)
    with np.errstate(divide="ignore", invalid="ignore"):
        s0, s1 = x[0] / world[0], x[1] / world[1]
    s0, s1 = np.where(world[0] > 0, s0, s1), np.where(world[1] > 0, s1, s0)
    w0, w1 = world[0] / world[0].sum(), world[1] / world[1].sum()
    performance = np.nansum((s1 - s0) * w0)
    structure, adaptation = np.nansum(s0 * (w1 - w0)), np.nansum((s1 - s0) * (w1 - w0))
    return performance + structure + adaptation


PEERS = {f.__name__: f for f in (rca, specialisation, concentration, theil, intensity,
                                 complementarity, similarity, reach, intra_industry,
                                 intra_industry_partners, marginal_iit, cms, share_change)}
OTHER_FIGURE = {"theil": "entropy"}  # n differs: the peer knows the products of the files only


def ask_quipu(program, cube, name, runs):
    lines = subprocess.run([program, "-n", str(runs), cube, name], check=True,
                           stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return json.loads(lines[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("cube")
    parser.add_argument("world")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    start = time.monotonic()
    world = World(options.world)
    print(f"{len(world.v):,} rows read in {time.monotonic() - start:.0f} s; load "
          f"{os.getloadavg()[0]:.1f}", flush=True)
    print(f"{'case':25} {'numpy':>9} {'quipu':>9} {'ratio':>7}  answers")
    total = [0.0, 0.0]
    for name, peer in PEERS.items():
        times, found = [], None
        for _ in range(options.runs):
            start = time.monotonic()
            found = peer(world)
            times.append(time.monotonic() - start)
        ours = ask_quipu(options.program, options.cube, name, max(5, options.runs))
        peer_time, own_time = statistics.median(times), ours["median"]
        total[0] += peer_time
        total[1] += own_time
        agree = abs(found - ours["checksum"]) <= 1e-6 * max(1.0, abs(found))
        words = "agree" if agree else f"{found:.10g} and {ours['checksum']:.10g}"
        if name in OTHER_FIGURE:
            words = f"{OTHER_FIGURE[name]} there"
        print(f"{name:25} {peer_time:8.2f}s {1000 * own_time:7.1f}ms "
              f"{peer_time / own_time:7.0f}  {words}", flush=True)
    print(f"{'together':25} {total[0]:8.2f}s {1000 * total[1]:7.1f}ms {total[0] / total[1]:7.0f}")


if __name__ == "__main__":
    main()
