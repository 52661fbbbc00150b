"""The days of one run as bytes, on their way from the worker to the table of series."""

import pandas as pd
import pyarrow as pa

from shequn.sim.results.tables import DAYS


def packed(days: pd.DataFrame) -> bytes:
    """The table of days of one run as bytes: an Arrow stream, the same for the same rows."""
    sink = pa.BufferOutputStream()
    table = DAYS.arrow_of_run(days, 0)
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(stored: bytes) -> pa.Table:
    """The table of days that `packed` made into bytes; its column ``run`` means nothing."""
    return pa.ipc.open_stream(stored).read_all()
