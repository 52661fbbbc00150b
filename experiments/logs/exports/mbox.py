"""Mailing lists: an mbox, or a text archive as Mailman keeps it."""

import datetime
import email.header
import email.utils
import re
from collections.abc import Iterator
from email.parser import HeaderParser

from shequn.experiments.logs.exports.export import Message, TextExport

_START = re.compile(r"^From .*\d\d:\d\d.*$", re.MULTILINE)  # of a message, after an empty line
_HIDDEN = re.compile(r"^\s*\"?(\S+?)(?: at |\(at\)|_at_)(\S+?)\"?\s*(?:\(.*)?$")  # "ann at example.org (Ann)"
_EARLIEST, _LATEST = 1970, 2100  # years of mail
_ID = re.compile(r"<[^<>\s]+>")


def _recognises(head: str) -> bool:
    return head.startswith("From ") and bool(re.search(r"^(Date|From):", head, re.MULTILINE | re.IGNORECASE))


def _messages(text: str) -> Iterator[Message]:
    """The headers of each message; what is in the messages is not looked at.

    Parameters
    ----------
    text : str
        Each byte of the file as one letter (Latin-1): an mbox has no encoding of its own.
    """
    parser = HeaderParser()
    starts = [
        match
        for match in _START.finditer(text)
        if text[max(0, match.start() - 2) : match.start()] in ("", "\n\n")
    ]
    line, before = 1, 0
    for number, match in enumerate(starts):
        line, before = line + text.count("\n", before, match.start()), match.start()
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        blank = text.find("\n\n", match.end(), end)
        mail = parser.parsestr(text[match.end() + 1 : blank if blank >= 0 else end])
        answered = _ID.findall(_plain(mail["In-Reply-To"])) or _ID.findall(_plain(mail["References"]))[-1:]
        ids = _ID.findall(_plain(mail["Message-ID"]))
        yield Message(
            line,
            _address(_plain(mail["From"])),
            _date(_plain(mail["Date"])),
            ids[0] if ids else None,
            answered[0] if answered else None,
        )


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _date(written: str) -> str | None:
    """The instant of a header in ISO form; of UTC where it has no zone that is known; None if it is none.

    Old mail has dates of every kind: those that the standard library cannot read are no times.
    """
    try:
        parts = email.utils.parsedate_tz(written)
        if parts is None:
            return None
        there = datetime.datetime(
            *parts[:6], tzinfo=datetime.timezone(datetime.timedelta(seconds=parts[9] or 0))
        )
    except (ValueError, OverflowError):
        return None
    return there.isoformat() if _EARLIEST <= there.year < _LATEST else None


def _address(sender: str) -> str | None:
    """Who wrote a mail: the address, without case; the name where there is no address."""
    if match := _HIDDEN.match(sender):
        return f"{match[1]}@{match[2]}".lower()
    try:
        name, address = email.utils.parseaddr(sender)
        if "@" in address:
            return address.lower()
        return str(email.header.make_header(email.header.decode_header(name or sender))).strip() or None
    except (LookupError, UnicodeError, ValueError):
        return sender.strip() or None


EXPORT = TextExport("mbox", "mbox", _recognises, _messages)
