#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the seeds of fuzz_rows and fuzz_archive: a file of each kind, small but with everything
a reader of its kind has to know.  Run by hand: tests/fuzz/seed_import.py
"""
import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))

# What the first byte of a fuzz_rows input says the file is.
OWN, BACI, JSON, MAP, MAP_FULL, MAP_FIXED, COMTRADE, DUMP = range(8)
# And the bits of the second.
SUM, PAD, KEEP, REJECTS, H0 = 3, 4, 8, 16, 32

CLASSIC = ("Classification,Period,Aggregate Level,Trade Flow,Reporter Code,Partner Code,"
           "2nd Partner Code,Customs Proc. Code,Mode of Transport Code,Commodity Code,"
           "Qty Unit Code,Qty,Netweight (kg),Trade Value (US$),Flag\n")
PLUS = ("typeCode,period,reporterCode,flowCode,partnerCode,partner2Code,classificationCode,"
        "cmdCode,customsCode,motCode,qtyUnitCode,qty,isQtyEstimated,netWgt,isNetWgtEstimated,"
        "primaryValue\n")
WITS = ('"Nomenclature","ReporterISO3","ProductCode","ReporterName","PartnerISO3",'
        '"PartnerName","Year","TradeFlowName","TradeFlowCode","TradeValue in 1000 USD"\n')
TRAINS = ("Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,"
          "Partner Name,Tariff Year,Trade Year,Trade Source,DutyType,Simple Average,"
          "Weighted Average,Standard Deviation,Minimum Rate,Maximum Rate,Nbr of Total Lines,"
          "Nbr of DomesticPeaks,Nbr of InternationalPeaks,Imports Value in 1000 USD,"
          "Binding Coverage\n")
TARIFFS = ("tariff_year,trade_year,reporter,partner,product,duty,simple_average,"
           "weighted_average,standard_deviation,minimum,maximum,lines,domestic_peaks,"
           "international_peaks,binding_coverage,value\n")
DUMP_HEAD = "period,flow,reporter,partner,product,value,weight_kg,quantity,unit,flags\n"
ROWS = "y,f,from,to,k,v\n"
BACI_ROWS = "2021,604,156,260300,2417569.333,1000.5\n2021,604,156,740311,12.345,\n"

SEEDS = {
    "baci": (BACI, 0, "t,i,j,k,v,q\n" + BACI_ROWS + "2021,4,24,382390,52.051,       13.235\n"
             "2021,250,840,80440,0.001,NA\n2021,604,0,260300,3000000,\n"),
    "baci-two-years": (BACI, 1, "t,i,j,k,v,q\r\n2021,604,156,260300,1,0\r\n"
                       "2020,604,156,260300,1,1\r\n2021,604,156,260300,2,1\r\n"),
    "baci-without-q": (BACI, 0, "t;i;j;k;v\n2021;604;156;260300;5\n"),
    "baci-quoted": (BACI, 0, '"t","i","j","k","v","q"\n2021,4,24,"382390",52.051,"    13.2"\n'),
    "baci-unknown": (BACI, KEEP, "t,i,j,k,v,q\n2021,604,998,260300,2,1\n2021,997,4,260300,1,\n"),
    "answer": (OWN, 0, '{"elapsedTime":"1","count":2,"data":[{"period":"2011","reporterCode":604,'
               '"flowCode":"X","partnerCode":156,"classificationCode":"H3","cmdCode":"260300",'
               '"qty":null,"x":[1,{"y":"]"}],"netWgt":1.5,"isNetWgtEstimated":true,'
               '"primaryValue":2417569.5},\n{"period":2011,"reporterCode":"604","flowCode":"M",'
               '"partnerCode":0,"cmdCode":"TO\\u0054AL","primaryValue":1e3}],"error":""}'),
    "answer-rejects": (OWN, REJECTS, '{"data":[{"period":"x"},{"period":2011,"reporterCode":604,'
                       '"flowCode":"X","partnerCode":156,"cmdCode":"260300","primaryValue":-1}]}'),
    "classic": (OWN, 0, CLASSIC + "H5,2017,6,Import,604,156,,,,871200,5,37075,384854,1028137,6\n"
                "H5,2017,6,Re-Export,604,156,0,C00,0,871200,1,0,,5,4\n"
                "H5,2017,6,Import,604,156,344,C01,2100,871200,5,1,2,3,0\n"),
    "classic-mixed": (COMTRADE, H0, CLASSIC + "H0,2011,6,Export,604,156,,,,260300,,,,5,0\n"
                      "H5,2017,6,Export,604,156,,,,260300,,,,7,0\n"),
    "plus": (OWN, 0, PLUS + "C,202201,604,X,156,0,H6,260300,C00,0,8,1500.25,False,15,True,200.5\n"
             "C,202201,604,DX,156,0,H6,260300,C00,0,8,1,True,1,False,1\n"
             "C,202201,604,M,156,0,H6,2603,C01,2100,8,1,True,1,False,1\n"),
    "wits": (OWN, 0, WITS + '"H1","ALB","0101","Albania","WLD"," World",1997,"Export",6,14.538\n'),
    "trains": (OWN, 0, TRAINS + "I3,H1,156,China,Total,Total Trade,604,Peru,2011,2011,CMT,AHS,"
               "3.17,0.65,3.87,0,12.2,404,0,0,73.895,\n"
               "I3,H1,156,China,1310,Iron,604,Peru,2011,2011,CMT,AHS,0.18,0.05,0.6,0,2,11,0,0,"
               "73.895,\nI3,H1,156,China,1310,Iron,604,Peru,2012,2011,CMT,BND,,,,,,,,,73.895,9\n"
               "I3,HS,,a group,9999,Goods,604,Peru,2012,,,MFN,3,3,4,0,20,229,1,7,61.293,\n"),
    "totals": (JSON, 0, '{"2010": {"CHN": {"x": 5436.7, "m": 5140}, "EUN": {"x": 1}},\n'
               '"2011": {"WLD": {"x": 6972625.123, "m": null}, "CHN": {"m": 1e3}}}\n'),
    "wide": (OWN, 0, "#quipu wide 1\n#source SUNAT\n#release 2021\n#nomenclature TOTAL\n"
             "#unit 1000 USD\n# a remark\nflow,reporter,partner,1993,1994\n"
             "export,PER,ARG,36741053.93,\nimport,PER,899,,1204.5\n"),
    "wide-products": (OWN, SUM, "#quipu wide 1\n#nomenclature I3\n"
                      "flow,reporter,partner,product,201101,201102,\n"
                      "import,CHN,PER,1310,1.5,2,\nimport,CHN,PER,1310,1.5,2,\n"),
    "tariffs": (OWN, 0, "#quipu tariffs 1\n#nomenclature I3\n#unit million USD\n" + TARIFFS +
                "2011,2011,CHN,PER,1310,AHS,0.18,0.05,0.6,0,2,11,0,1,,2.5\n"
                "2012,,CHN,PER,2010,BND,,,,,,,,,100,\n"),
    "dump": (DUMP, 0, "#quipu 1\n#source a source\n#nomenclature H0\n#frequency A\n"
             "#input x 12 bytes\n#engine quipu\n#report read\t\t5\t\t\n" + DUMP_HEAD +
             "2011,export,604,156,260300,2417569333.001,1000.5,7,8,\n"
             "2011,export,604,156,260400,,5,,,32\n2011,reconciled,604,997,0101,0,,7,,\n"
             "#table tariffs\n" + TARIFFS +
             "2011,2011,156,604,0101,AHS,0.18,0.05,0.6,0,2,11,0,1,,2500\n"),
    "map": (MAP, 0, ROWS + "2011,X,604,0,TOTAL,60\n2011,X,604,0,26,30\n"
            "2011,X,604,156,260300,10\n2011,X,604,392,2603,20\n2011,X,604,392,260300,20\n"
            "2011,M,97,604,260300,8\n2011,M,156,156,260300,0.0005\n"),
    "map-duplicates": (MAP, REJECTS, ROWS + "2011,X,604,156,260300,30\n"
                       "2011,X,604,156,260300,30\n2011,X,604,XYZ,260300,2\n# a note\n"
                       '2011,X,604,156,"260300,5\n2011,X,604\n'),
    "map-choice": (MAP, 2, ROWS + "2011,X,604,156,260300,30\n2011,X,604,156,260300,31\n"),
    "map-pad": (MAP, PAD | REJECTS, ROWS + "2011,X,604,156,10111,2\n2011,X,604,156,101,3\n"),
    "map-large": (MAP, SUM, ROWS + "2011,X,604,156,26,9e15\n2011,X,604,156,260300,9e15\n"
                  "2011,X,604,0,TOTAL,9e15\n2011,X,604,392,TOTAL,9.2e15\n"),
    "map-full": (MAP_FULL, SUM, "y,from,to,k,v,w,q,u\n2011,PER,CHN,260300,1,5,7,8\n"
                 "2011,Peru,China,260300,2,,7,5\n2011,604,4,260400,1,0,0,8\n"),
    "map-fixed": (MAP_FIXED, 0, "y|v|to|n\n2011|5|CHN|H0\n2011|5|WLD|H0\n2012|5|WLD|H1\n"),
    "codes": (OWN, 0, "country_code,country_name,country_iso2\n604,Peru,PE\n"),
    "own-of-another-version": (OWN, 0, "#quipu wide 9\nflow,reporter,partner,2011\n"),
    "utf-16": (OWN, 0, "\ufefft,i,j,k,v,q\n".encode("utf-16-le")),
    "bom": (OWN, 0, "\ufefft,i,j,k,v,q\n" + BACI_ROWS),
    "mac": (OWN, 0, "t,i,j,k,v,q\r2021,604,156,260300,1,1\r"),
    "months-and-years": (MAP, 0, ROWS + "2011,X,604,156,1,1\n201112,X,604,156,1,1\n"),
    "empty": (OWN, 0, ""),
    "header-only": (BACI, 0, "t,i,j,k,v,q"),
}


def stored(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def tarred(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, text in members:
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def archives():
    first = "t,i,j,k,v,q\n" + BACI_ROWS
    second = first.replace("2021,", "2020,")
    codes = "code,description\n010121,Horses\n"
    whole = [("BACI_HS92_Y2020_V202301.csv", second), ("BACI_HS92_Y2021_V202301.csv", first),
             ("product_codes_HS92_V202301.csv", codes), ("Readme.txt", "A word.\n")]
    json = '{"2010": {"CHN": {"x": 5436.7}}}'
    packed = gzip.compress(first.encode(), mtime=0)
    yield "gz", packed
    yield "gz-twice", packed + gzip.compress(b"2021,4,8,260300,1,1\n", mtime=0)
    yield "gz-cut", packed[:-9]
    yield "zip", stored(*whole)
    yield "zip-cut", stored(*whole)[:-60]
    yield "zip-outside", stored(("../a.csv", first))
    yield "zip-json", stored(("PER.json", json), ("index.json", "{}"), ("x/CHL.json", json))
    yield "zip-empty", stored()
    yield "tar", tarred(("a.csv", first), ("b/PER.json", json))[:3072]
    yield "bz2", bz2.compress(first.encode())
    yield "xz", lzma.compress(first.encode())
    yield "xlsx", stored(("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>"))
    yield "plain", first.encode()


def write(corpus, name, data):
    folder = os.path.join(HERE, "corpus", corpus)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as out:
        out.write(data)


def main():
    for name, (kind, how, text) in SEEDS.items():
        data = text if isinstance(text, bytes) else text.encode()
        write("rows", "seed-" + name, bytes([kind, how]) + data)
    for number, (name, data) in enumerate(archives()):
        write("archive", "seed-" + name, bytes([number % 2]) + data)


if __name__ == "__main__":
    main()
