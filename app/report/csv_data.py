"""Tables as gzipped CSV inside the page; long tables are thinned out."""

import base64
import gzip

import pandas as pd

from shequn.sim.language import _
from shequn.sim.results.csv_text import MARK, plain_frame

MAX_BYTES = 60_000  # bytes of a compressed table; a larger one is thinned out


def csv_file(table: pd.DataFrame) -> tuple[str, str]:
    """Return a table as base64 of gzipped CSV, and a note if rows were left out (otherwise empty).

    A table that is too large keeps only every n-th row; n grows until the table is small enough.
    """
    step, rows = 1, table
    while True:
        text = plain_frame(rows).to_csv(index=False, lineterminator="\r\n", float_format="%.6g")
        data = gzip.compress((MARK + text).encode(), 6, mtime=0)
        if len(data) <= MAX_BYTES or len(rows) < 3:
            break
        step *= max(2, -(-len(data) // MAX_BYTES))
        rows = table.iloc[::step]
    note = ""
    if step > 1:
        note = _("The file has every {step}th row ({rows} of {all}).").format(
            step=step, rows=len(rows), all=len(table)
        )
    return base64.b64encode(data).decode(), note
