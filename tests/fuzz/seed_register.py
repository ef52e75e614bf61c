#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the seeds of fuzz_register and fuzz_bods.  Run by hand: tests/fuzz/seed_register.py

A seed of fuzz_register is the tables of a register in the order of qi_table_id, parted by form
feeds; an empty one is a table that is not there.
"""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ENTITIES = "id,name,kind,country,state_owned,conduit\n"
STAKES = "owner,owned,share_pct,low_pct,high_pct,votes_pct,from,to,consortium\n"
PROJECTS = "id,name,sector,country,location,tables\n"
AMOUNTS = "project,companies,amount_musd,kind,from,to,note\n"

REGISTERS = {
    "empty": "",
    "chain": ["key,value\ndate,2013\ntitle,A register\n", "id,citation,date,url\ns,Somebody,2011,\n",
              ENTITIES + "a,A,company,CHN,yes,\nb,B,company,NLD,no,yes\nc,C,,,,\n",
              PROJECTS + "p,P,Mining,PER,Piura,5;6\n",
              STAKES + "a,b,45,,,,,,\nc,b,55,,,,,,\nb,p,60,,,,,,\nc,p,,,,,,,\n",
              AMOUNTS + "p,,100.001,planned,2010,2014,\np,b;c,50,disbursed,2011,2011,\n",
              "project,status,from,source\np,production,2011,s\n",
              "host,year,origin,sector,amount_musd,share_pct,source\nPER,2012,,,100,,s\n"
              "PER,2012,NLD,,,50,s\nNLD,2012,CHN,,,100,s\n",
              "country,year,passes_pct,source\nNLD,2012,50,s\n"],
    "circle": ["", "", ENTITIES + "a,A,,,,\nb,B,,,,\nx,X,person,PER,,\n", "",
               STAKES + "a,b,50,,,,,,\nb,a,30,,,60,,,\nx,a,10,,,,,,\na,a,5,,,,,,\n"],
    "closed": ["", "", ENTITIES + "a,A,,,,\nb,B,,,,\n", "",
               STAKES + "a,b,100,,,,,,\nb,a,100,,,,,,\n"],
    "dates": ["", "", ENTITIES + "a,A,,,,\nb,B,,,,\nc,C,consortium,,,\n", "",
              STAKES + "a,b,60,,,,2001,2005-03,\na,b,70,,,,2005-04-01,,x\nc,b,,10,20,30,,,x\n"],
    "faults": ["key;value\n", "", "id\tname\na\t\"A\n", "", STAKES + "a,b,101,,\n,,,,,,,,\n"
               "q,r,-1,5,4,x,2013-02-30,1999,\n"],
}


def statement(number, record, kind, details, status="new"):
    return {"statementId": f"{number:032d}", "declarationSubject": "a",
            "statementDate": f"20{number:02d}-01-01", "recordId": record, "recordType": kind,
            "recordStatus": status, "recordDetails": {"isComponent": False, **details}}


def share(kind, direct="direct", **more):
    return {"type": kind, "directOrIndirect": direct, **more}


ENTITY = {"entityType": {"type": "registeredEntity"}, "name": "A",
          "jurisdiction": {"name": "Peru", "code": "PE"}}
STATEMENTS = {
    "two": [statement(1, "a", "entity", ENTITY),
            statement(2, "x", "person", {"personType": "knownPerson", "names": [{"fullName": "X"}],
                                         "nationalities": [{"name": "Japan", "code": "JP"}]}),
            statement(3, "r", "relationship", {
                "subject": "a", "interestedParty": "x", "interests": [
                    share("shareholding", share={"exact": 33.75}, startDate="2011-01-01"),
                    share("votingRights", share={"exact": 50})]}),
            statement(4, "r", "relationship", {
                "subject": "a", "interestedParty": "x", "interests": [
                    share("shareholding", share={"minimum": 25, "maximum": 50},
                          startDate="2011-01-01", endDate="2012-01-01")]}, "closed")],
    "indirect": [statement(1, "r", "relationship", {
        "subject": "a", "interestedParty": "b", "componentRecords": [],
        "interests": [share("shareholding", "indirect", share={"exact": 30})]}),
                 statement(2, "s", "relationship", {
                     "subject": "a", "interestedParty": {"reason": "unknown"}})],
    "old": [{"statementType": "entityStatement"}],
    "project": [statement(1, "p", "entity", {
        "entityType": {"type": "arrangement", "details": "investment project"}, "name": "P"}) |
        {"annotations": [{"description": "sector: Mining"}]}],
    "nothing": [],
}


def write(corpus, name, data):
    folder = os.path.join(HERE, "corpus", corpus)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "seed-" + name), "wb") as out:
        out.write(data)


def main():
    for name, tables in REGISTERS.items():
        write("register", name, "\f".join(tables).encode())
    for name, statements in STATEMENTS.items():
        write("bods", name, json.dumps(statements).encode())


if __name__ == "__main__":
    main()
