"""All exports that are recognised. A new one is a file of its own and a line here."""

from shequn.experiments.logs.exports import (
    chat_text,
    discord,
    discourse,
    mbox,
    memotrace,
    pywxdump,
    slack,
    telegram,
    zulip,
)
from shequn.experiments.logs.exports.export import JsonExport, TableExport, TextExport

TABLES: tuple[TableExport, ...] = (
    pywxdump.EXPORT,
    memotrace.EXPORT,
    discord.TABLE,
    discourse.TABLE,
)
DOCUMENTS: tuple[JsonExport, ...] = (
    telegram.EXPORT,
    discord.JSON,
    slack.EXPORT,
    discourse.JSON,
    zulip.EXPORT,
)
TEXTS: tuple[TextExport, ...] = (
    mbox.EXPORT,
    chat_text.WHATSAPP,
    chat_text.CHINESE,
)

#: Names that --format takes.
NAMES = tuple(export.name for exports in (TABLES, DOCUMENTS, TEXTS) for export in exports)
