#!/usr/bin/python3
"""Clients of the cluster's demonstration; none of them gives up.

    demo_clients.py rows HOST       a row, one after the other; a line for each commit
    demo_clients.py journal HOST    the database's journal: "NUMBER NODE" or "EVENT NODE"
    demo_clients.py pages URL       a page, one after the other; a line for each

The lines are "TIME NUMBER NODE" (TIME: seconds of a clock of this machine), as those of
journal.py. A row that had no answer is written again under its number, once.
"""
# SPDX-License-Identifier: GPL-2.0-only
import sys
import time
import urllib.request

import pymysql

ROW = ("INSERT INTO journal (event, number, node) VALUES ('row', %s, @@hostname) "
       "ON DUPLICATE KEY UPDATE number = number")


def connect(host):
    """A connection, and who is at its other end."""
    connection = pymysql.connect(host=host, user="demo", password="demo", database="demo",
                                 autocommit=True, connect_timeout=2, read_timeout=4,
                                 write_timeout=4)
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@hostname")
        return connection, cursor.fetchone()[0]


def rows(host):
    number, connection = 1, None
    while True:
        try:
            if connection is None:
                connection, node = connect(host)
            with connection.cursor() as cursor:
                cursor.execute(ROW, [number])
            print(f"{time.monotonic():.3f} {number} {node}", flush=True)
            number += 1
            time.sleep(0.02)
        except (pymysql.MySQLError, OSError):
            connection = None
            time.sleep(0.05)


def journal(host):
    connection, _ = connect(host)
    with connection.cursor() as cursor:
        cursor.execute("SELECT IF(event = 'row', number, event), node, at FROM journal "
                       "ORDER BY id")
        for word, node, at in cursor:
            print(word, node, f"{at:%H:%M:%S}")


def pages(url):
    number = 1
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1) as page:
                node = page.read().decode().strip()
            print(f"{time.monotonic():.3f} {number} {node}", flush=True)
            number += 1
        except OSError:
            pass
        time.sleep(0.1)


if __name__ == "__main__":
    {"rows": rows, "journal": journal, "pages": pages}[sys.argv[1]](sys.argv[2])
