"""The days of one run as bytes, on their way from the worker to the table of series."""

import pandas as pd
import pyarrow as pa

from shequn.sim.results.schema import RUN
from shequn.sim.results.tables import DAYS

#: The table of days of a single run.
DAILY = DAYS._replace(columns=tuple(column for column in DAYS.columns if column is not RUN))


def packed(days: pd.DataFrame) -> bytes:
    """The table of days of one run as bytes: an Arrow stream, the same for the same rows."""
    sink = pa.BufferOutputStream()
    table = DAILY.arrow(days)
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(stored: bytes) -> pa.Table:
    """The table of days that `packed` made into bytes."""
    return pa.ipc.open_stream(stored).read_all()
