#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the seeds of fuzz_http into tests/fuzz/corpus/http: addresses worth beginning from."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = [
    "/", "/healthz", "/metrics", "/robots.txt", "/openapi.json", "/api/v1/info",
    "/api/v1/countries", "/api/v1/groups", "/api/v1/products", "/api/v1/schemes",
    "/api/v1/measures", "/api/v1/studies", "/api/v1/explain/growth", "/assets/nothing.js",
    "/api/v1/search?q=peru%20copper%20china&limit=5&language=es", "/api/v1/search?q=%C3%A9",
    "/api/v1/measures/growth?reporter=Peru&partner=China&years=2000-2002",
    "/api/v1/measures/share?reporter=PER&by=partner&of=Asia&wide&format=csv",
    "/api/v1/measures/top?reporter=Peru&by=product&limit=3&rest=yes&format=arrow",
    "/api/v1/measures/structure?reporter=Peru&by=section&total=yes&format=html&language=es",
    "/api/v1/measures/balance?reporter=all&partner=China%2BJapan&format=option&chart=line",
    "/api/v1/measures/value?by=reporter,product&format=xlsx", "/api/v1/measures/rca?format=latex",
    "/api/v1/measures/value?classes=/etc/passwd", "/api/v1/measures/invest-owners?of=x",
    "/api/v1/studies/../../etc/passwd", "/api/v1/studies/%2e%2e/etc/passwd",
    "/en/visualize/tree_map/hs92/export/per/chn/show/2011?v=0123456789abcdef",
    "/api/v1/info?v=0123456789", "//", "/%00", "/a?b=%", "/?a&a", "/api/v1/nothing",
    "/api/v1/measures/coverage?by=reporter\n\"0123456789abcdef\"\ngzip;q=0.5, zstd",
    "/api/v1/measures/price?reporter=Peru&years=2000-2002&chain&format=sdmx-csv",
]


def main():
    folder = os.path.join(HERE, "corpus", "http")
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        with open(os.path.join(folder, f"seed-{number:02}"), "wb") as out:
            out.write(bytes([number % 3 * 4]) + seed.encode())


main()
