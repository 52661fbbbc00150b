"""Chats as text: a line with name and time (WeChat 微信, QQ), or time and name before each message (WhatsApp)."""

import re
from collections.abc import Iterator

from shequn.experiments.logs.exports.export import MESSAGE, NOTICE, Message, TextExport

_DATE = r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?"
_CLOCK = r"(?:(?:上午|下午|凌晨|早上|中午|晚上)\s?)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?"
_TIME_FIRST = re.compile(rf"^(?P<time>{_DATE}[ \u3000T]*{_CLOCK})[ \u3000]+(?P<name>\S[^\t\n]{{0,99}})$")
_NAME_FIRST = re.compile(
    rf"^(?P<name>\S[^\t\n]{{0,99}}?)[ \u3000]+(?P<time>{_DATE}[ \u3000T]*{_CLOCK})[ \u3000:：]*$"
)
_NUMBER = re.compile(
    r"[(（<＜](?P<id>\d{4,12}|[^()<>（）\s]+@[^()<>（）\s]+)[)）>＞]$"
)  # QQ's, after the name
_TITLE = re.compile(r"^【[^【】]{1,20}】(?=.)")  # of a member of a QQ group
_QQ_SYSTEM = {"10000", "1000000"}
_SYSTEM_NAMES = {"系统消息", "系统通知", "系统提示"}
_HEAD = 300  # lines in which a chat is recognised

_SHORT_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
_WHATSAPP = re.compile(
    rf"^[\u200e\u200f]*(?:\[(?P<time>{_SHORT_DATE},?\s(?:上午|下午)?\s?{_CLOCK})\]|(?P<other>{_SHORT_DATE},?\s{_CLOCK})\s-)"
    r"\s(?P<rest>.*)$"
)
_WHO = re.compile(r"^(?P<name>[^:：]{1,60})[:：](?:\s|$)")


def _pattern(lines: list[str]) -> re.Pattern[str] | None:
    """The pattern that most lines with a time have."""
    counts = {
        pattern: sum(bool(pattern.match(line)) for line in lines) for pattern in (_TIME_FIRST, _NAME_FIRST)
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else None


def _recognises(head: str) -> bool:
    lines = [line.rstrip() for line in head.split("\n")[:_HEAD] if line.strip()]
    if not lines:
        return False
    if lines[0].lstrip("\ufeff").startswith("消息记录"):
        return True
    pattern = _pattern(lines)
    return pattern is not None and bool(pattern.match(lines[0]))


def _messages(text: str) -> Iterator[Message]:
    lines = [line.rstrip() for line in text.split("\n")]
    pattern = _pattern(lines)
    if pattern is None:
        return
    found = [(number, match) for number, line in enumerate(lines) if (match := pattern.match(line))]
    after_blank = [(number, match) for number, match in found if number == 0 or not lines[number - 1]]
    if 2 * len(after_blank) > len(found):  # else a time within a message would begin another
        found = after_blank
    for number, match in found:
        name = match["name"].strip()
        known = _NUMBER.search(name)
        person = known["id"] if known else _TITLE.sub("", name)
        is_notice = person in _QQ_SYSTEM or name in _SYSTEM_NAMES
        yield Message(number + 1, person, match["time"], None, None, NOTICE if is_notice else MESSAGE)


def _is_whatsapp(head: str) -> bool:
    lines = [line for line in head.split("\n")[:_HEAD] if line.strip()]
    return bool(lines) and bool(_WHATSAPP.match(lines[0])) and any(map(_WHATSAPP.match, lines[1:]))


def _whatsapp(text: str) -> Iterator[Message]:
    for number, line in enumerate(text.split("\n")):
        match = _WHATSAPP.match(line.rstrip("\r"))
        if match is None:
            continue
        who = _WHO.match(match["rest"])
        time = match["time"] or match["other"]
        person = who["name"].strip("\u200e\u200f ~\u202f") if who else "-"
        yield Message(number + 1, person, time, None, None, MESSAGE if who else NOTICE)


CHINESE = TextExport("chat-text", "WeChat or QQ (text)", _recognises, _messages, zone="Asia/Shanghai")
WHATSAPP = TextExport("whatsapp", "WhatsApp (text)", _is_whatsapp, _whatsapp)
