# SPDX-License-Identifier: Apache-2.0
"""The Python package: figures, errors, threads, interrupts, memory, help."""
import concurrent.futures
import decimal
import inspect
import os
import re
import subprocess
import sys
import threading
import time

from place import REGISTER, ROOT, SLOW


def package(place):
    """The package as installed, imported here once."""
    target = place.python()
    if target not in sys.path:
        sys.path.insert(0, target)
    import quipu
    assert quipu.__file__.startswith(target), quipu.__file__
    return quipu


def same_cell(kind, ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    if kind in ("money", "amount"):
        return isinstance(ours, decimal.Decimal) and ours == theirs
    if kind in ("real", "share"):
        return ours == float(theirs)
    return ours == theirs


def check_installs(place):
    """pip installs it from the source tree without a network, the library with it"""
    quipu = package(place)
    assert os.path.exists(os.path.join(place.python(), "quipu", "libquipu.so.0"))
    header = open(os.path.join(ROOT, "include", "quipu", "base.h"), encoding="utf-8").read()
    assert quipu.__version__ == re.search(r'QUIPU_VERSION "([^"]+)"', header).group(1)


def check_figures(place):
    """the examples of the catalogue, of three cubes and a panel: equal to the program's JSON"""
    quipu = package(place)
    errors = cells = 0
    answered = set()
    for measure, thing, arguments in place.asks(quipu):
        function = quipu.measures[measure.replace("-", "_")]
        given = {name.replace("-", "_"): value for name, value in arguments.items()}
        wanted, said = place.answer(measure, thing, arguments)
        where = (measure, thing, arguments)
        try:
            table = function(thing, **given)
        except quipu.Error as error:
            assert wanted is None and error.text in said, (where, error, said)
            errors += 1
            continue
        assert wanted is not None, (where, said)
        assert table.title == wanted["title"] and table.notes == wanted["notes"], where
        assert table.sources == wanted["source"], where
        for column, described in zip(table.columns, wanted["columns"]):
            for key, value in described.items():
                assert getattr(column, key) == value, (where, key, value)
            ours = table[column.name]
            theirs = [row[column.name] for row in wanted["rows"]]
            assert len(ours) == len(theirs), where
            for a, b in zip(ours, theirs):
                assert same_cell(column.type, a, b), (where, column.name, a, b)
            cells += len(ours)
        answered.add(measure)
    assert len(answered) >= 40 and cells > 50000, (answered, errors, cells)
    assert {"gravity", "counterfactual", "complexity", "intra-industry"} <= answered, answered


def check_register(place):
    """measures of a register of investments"""
    quipu = package(place)
    register = quipu.Register(REGISTER)
    asked = 0
    for measure in quipu.list_of("measures"):
        if measure["needs"] == "register":
            table = quipu.measures[measure["measure"].replace("-", "_")](register)
            done = place.run(*measure["measure"].split("-", 1), REGISTER, "--format", "csv")
            assert table.text("csv") == done.stdout, (measure["measure"], done.stderr)
            asked += 1
    assert len(register.fingerprint) == 32 and asked == 6


def check_firms(place):
    """declarations with their firms, kept as the program keeps them"""
    quipu = package(place)
    rows, made, other = place.path("d.csv"), place.path("d"), place.path("e")
    with open(rows, "w", encoding="utf-8") as out:
        out.write("y,r,p,v,ruc\n2011,PER,CHN,1,A\n2011,PER,CHN,2,B\n2011,PER,JPN,2,B\n")
    the_map = "period=y,reporter=r,partner=p,value=v,firm=ruc"
    ledger = quipu.import_files(rows, made, map=the_map, duplicates="declarations",
                                keep_firms=True)
    assert ledger.sources["firms"] == "2", ledger.sources
    place.run("import", rows, "--map", the_map, "--duplicates", "declarations", "--keep-firms",
              "-o", other)
    with open(made, "rb") as one, open(other, "rb") as two:
        assert one.read() == two.read()


def check_errors(place):
    """an error is an exception with status and place"""
    quipu = package(place)

    def fails(kind, status, words, call):
        try:
            call()
        except quipu.Error as error:
            assert isinstance(error, kind) and error.status == status, repr(error)
            assert words in str(error), str(error)
            return error
        raise AssertionError("no error")

    cube = quipu.Cube(place.path("peru"))
    fails(LookupError, "E_NOT_FOUND", "did you mean Peru", lambda: quipu.share(cube, reporter="Perru"))
    fails(ValueError, "E_ARG", "did you mean reporter", lambda: quipu.share(cube, reportr="Peru"))
    fails(OSError, "E_IO", "No such file", lambda: quipu.Cube("/no/such.quipu"))
    bad, made = place.path("bad.csv"), place.path("bad")
    with open(bad, "w", encoding="utf-8") as out:
        out.write("t,i,j,k,v,q\n2011,604,156,010190,12.5,1\n2011,604,156,010190,twelve,1\n")
    said = place.run("import", bad, "-o", made).stderr
    error = fails(quipu.DataError, "E_DATA", bad, lambda: quipu.import_files(bad, made))
    assert error.text in said and error.file == bad and error.line == 3, (said, error)
    assert f"{bad}:{error.line}" in said and not os.path.exists(made), said
    for call in (lambda: quipu.share(quipu.Register(REGISTER)),
                 lambda: quipu.invest_owners(cube)):
        try:
            call()
        except TypeError as error:
            assert "is asked of a" in str(error)
        else:
            raise AssertionError("no TypeError")
    cube.close()
    try:
        quipu.share(cube)
    except ValueError as error:
        assert "closed" in str(error)


def check_threads(place):
    """eight threads ask one open cube, and get what one gets"""
    quipu = package(place)
    cube = quipu.Cube(place.path("hs4"))
    names = ["share", "top", "structure", "concentration", "growth", "value"] * 4

    def ask(name):
        return quipu.measures[name](cube, reporter="Peru").text("csv")
    alone = [ask(name) for name in names]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, names)) == alone


def check_lock(place):
    """other threads of Python run while a measure does"""
    quipu = package(place)
    ticks, over = [0], threading.Event()

    def tick():
        while not over.wait(0.005):
            ticks[0] += 1
    ticker = threading.Thread(target=tick)
    ticker.start()
    begun = time.monotonic()
    quipu.counterfactual(place.path("panel.csv"), **{**SLOW, "draws": 4000})
    took = time.monotonic() - begun
    over.set()
    ticker.join()
    assert ticks[0] > took / 0.005 / 4, (ticks, took)


INTERRUPT = """
import quipu, sys, time
print("ready", flush=True)
begun = time.monotonic()
try:
    quipu.counterfactual(sys.argv[1], change="rta=0", draws=100000,
                         formula="trade ~ rta | exp^year + imp^year")
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begun)
print(len(quipu.list_of("measures")) > 50)
"""


def check_interrupt(place):
    """Ctrl-C ends a measure that runs, and the next one works"""
    run = subprocess.Popen([sys.executable, "-c", INTERRUPT, place.path("panel.csv")],
                           stdout=subprocess.PIPE, text=True,
                           env={**os.environ, "PYTHONPATH": place.python()})
    assert run.stdout.readline() == "ready\n"
    time.sleep(1)
    run.send_signal(2)
    words, _ = run.communicate(timeout=30)
    lines = words.split("\n")
    assert run.returncode == 0 and lines[0].startswith("interrupted"), words
    assert float(lines[0].split()[1]) < 3 and lines[1] == "True", words


def resident():
    with open("/proc/self/statm", encoding="ascii") as text:
        return int(text.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def check_memory(place):
    """a thousand questions, their columns and capsules leave nothing behind"""
    quipu = package(place)
    cube = quipu.Cube(place.path("peru"))

    def ask():
        table = quipu.share(cube, reporter="Peru", by="partner", years="2008-2011")
        table.to_dict()
        table.__arrow_c_stream__()
        table.__arrow_c_array__()
        table.text("csv")
        try:
            quipu.share(cube, reporter="Perru")
        except LookupError:
            pass
    for _ in range(200):
        ask()
    before = resident()
    for _ in range(1000):
        ask()
    assert resident() - before < 2 << 20, (before, resident())


def check_help(place):
    """every measure has a function with a signature and help, and takes no other name's place"""
    quipu = package(place)
    names = quipu.list_of("measures")["measure"]
    parameters = {}
    for row in quipu.list_of("parameters"):
        parameters.setdefault(row["measure"], []).append(row["parameter"])
    assert len(names) == len(quipu.measures)
    assert len(quipu.__all__) == len(set(quipu.__all__))
    for name in names:
        function = getattr(quipu, name.replace("-", "_"))
        assert function is quipu.measures[name.replace("-", "_")]
        text = inspect.getdoc(function)
        signature = inspect.signature(function)
        for parameter in parameters[name]:
            plain = parameter.replace("-", "_")
            plain = plain if plain in signature.parameters else plain + "_"
            assert plain in signature.parameters and f"    {plain}:" in text, (name, parameter)
        assert "--" not in re.sub(r"---+", "", text), (name, re.findall(r".*--.*", text))


def check_tables(place):
    """columns, rows, views without a copy, files"""
    quipu = package(place)
    table = quipu.share(place.path("peru"), reporter="Peru", by="partner", years=[2010, 2011],
                        limit=3)
    rows = list(table)
    assert len(table) == len(rows) == 6 and rows[0]["partner"] == table["partner"][0]
    years = table.buffer("year")
    assert years.tolist() == table["year"] and years.format == "q" and years.readonly is False
    assert [int(v * 1000) for v in table["value"]] == table.thousandths("value")
    for call, kind in ((lambda: table["valu"], KeyError),
                       (lambda: table.buffer("value"), TypeError),
                       (lambda: table.thousandths("year"), TypeError)):
        try:
            call()
        except kind:
            continue
        raise AssertionError(kind)
    path = place.path("table.csv")
    table.write(path)
    assert open(path, encoding="utf-8").read() == table.text("csv")
    with decimal.localcontext() as context:
        context.prec = 3
        assert table.thousandths("value") == [int(v.scaleb(3, decimal.Context(28)))
                                              for v in table["value"]]
    del table
    assert years.tolist() == [row["year"] for row in rows]


def check_lists(place):
    """what a cube holds, and what can be named"""
    quipu = package(place)
    with quipu.Cube(place.path("hs4")) as cube:
        assert "PER" in cube.countries()["iso3"] and len(cube.products()) > 300
        assert len(cube.fingerprint) == 32 and sum(cube.slabs()["rows"]) > 1000
        assert len(cube.verify()) == 0
    assert len(quipu.list_of("products", "H0 copper")) > 20
    statuses = {row["name"]: row["number"] for row in quipu.list_of("statuses")}
    from quipu import _library
    assert statuses == {name: i for i, (name, _) in enumerate(_library.STATUSES)}
    import ctypes
    assert ctypes.sizeof(_library.CError) == 4 + 4 + 8 + 256 + 768
