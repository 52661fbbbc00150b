"""Tables as CSV inside the page: gzipped, and thinned out where they are long."""

import base64
import gzip

import pandas as pd

from shequn.sim.language import _

MOST = 60_000  # bytes of a packed table; a longer one is thinned out


def csv_file(table: pd.DataFrame) -> tuple[str, str]:
    """A table as base64 of gzipped CSV, and what is to be said if rows were left out.

    Every second row goes, again and again, until it is short enough.
    """
    step, rows = 1, table
    while True:
        text = rows.to_csv(index=False, lineterminator="\r\n", float_format="%.6g")
        data = gzip.compress(("﻿" + text).encode(), 6, mtime=0)  # spreadsheets know UTF-8 by this mark
        if len(data) <= MOST or len(rows) < 3:
            break
        step *= max(2, -(-len(data) // MOST))
        rows = table.iloc[::step]
    said = ""
    if step > 1:
        said = _("The file has every {step}th row ({rows} of {all}).").format(
            step=step, rows=len(rows), all=len(table)
        )
    return base64.b64encode(data).decode(), said
