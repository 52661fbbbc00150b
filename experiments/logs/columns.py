"""Which column of a table is which: as asked for, or by the names that exports give them."""

import re
from collections.abc import Mapping

from shequn.experiments.logs.log import LogError
from shequn.experiments.logs.tables import Table
from shequn.sim.hints import did_you_mean
from shequn.sim.language import N_, _

#: Column: names it goes by, best first (compared without case, spaces and underscores).
KNOWN: Mapping[str, tuple[str, ...]] = {
    "person": ("person", "person_id", "user_id", "user", "author_id", "author", "sender_id", "sender",
               "from_id", "from", "member_id", "member", "wxid", "qq", "uin", "talker", "poster", "creator",
               "owner", "nick", "nickname", "username", "user_name", "login", "handle", "screen_name", "sender_name",
               "from_name", "author_name", "display_name", "full_name", "real_name", "email", "name", "by", "who",
               "用户ID", "成员ID", "发送者ID", "QQ号", "账号", "学号", "用户", "用户名", "用户昵称", "成员",
               "群成员", "群昵称", "昵称", "发言人", "发言者", "发送人", "发送者", "发送方", "发件人", "发送者昵称",
               "作者", "姓名"),
    "time": ("time", "ts", "timestamp", "datetime", "date_time", "timestamp_utc", "time_utc", "created_at",
             "created_on", "created", "created_utc", "create_time", "creation_date", "sent_at", "sent", "send_time",
             "date_sent", "posted_at", "posted", "post_time", "posted_on", "msg_time", "message_time",
             "event_time", "str_time", "when", "date", "时间", "时间戳", "日期时间", "发送时间", "发布时间",
             "发言时间", "发帖时间", "创建时间", "消息时间", "日期"),
    "kind": ("kind", "type", "event", "event_type", "action", "msg_type", "message_type", "type_name", "subtype",
             "类型", "消息类型", "事件"),
    "id": ("id", "msg_id", "message_id", "msg", "post_id", "item_id", "itemcode", "event_id", "MsgSvrID", "编号",
           "消息ID", "消息编号"),
    "reply_to": ("reply_to", "reply_to_id", "in_reply_to", "reply_to_message_id", "reply_id", "parent_id", "parent",
                 "回复"),
    "quality": (),
    "bot": ("is_bot", "bot", "author_is_bot", "from_bot", "sender_is_bot", "是否机器人", "机器人"),
    "inviter": ("inviter", "invited_by", "inviter_id", "referrer", "referred_by", "邀请人"),
}  # fmt: skip
#: Names of columns of dates, and of times of day, where an instant is in two columns.
DATES = ("date", "day", "日期", "发送日期")
TIMES_OF_DAY = ("time", "time_of_day", "clock", "hour", "时间", "时刻")
_SPOKEN = {
    "id": N_("number of each event"),
    "reply_to": N_("event that is answered"),
    "kind": N_("kind of event"),
    "person": N_("person"),
    "time": N_("time"),
    "inviter": N_("inviter"),
}


def _bare(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "").replace("-", "")


def find_columns(
    table: Table, asked: Mapping[str, str | None], needed: tuple[str, ...], wanted: tuple[str, ...]
) -> dict[str, str]:
    """The columns of a table by what they hold.

    Parameters
    ----------
    table : Table
        Gets a note on the columns that were recognised.
    asked : mapping
        Column's name as the user gave it (None: to be recognised).
    needed, wanted : tuple of str
        Which columns must, and which may be there.

    Raises
    ------
    LogError
        An asked column is not there, a needed one is neither asked for nor recognised, or a name
        stands twice in the header.
    """
    found: dict[str, str] = {}
    recognised = []
    for column in (*needed, *wanted):
        name = asked.get(column)
        if name is not None:
            found[column] = the_column(table, column, name)
            continue
        name = _known(table.names, column, set(found.values()))
        if name is not None:
            found[column] = name
            recognised.append(f"{column} = {name!r}")
        elif column in needed:
            if "inviter" in needed:  # of a table beside the log, for which there are no options
                raise LogError(
                    _(
                        "{path}: which column is the {column}? It must have a name such as {known}; there are {names}"
                    ).format(
                        path=table.path,
                        column=_(_SPOKEN[column]),
                        known=", ".join(KNOWN[column][:3]),
                        names=_listed(table.names),
                    )
                )
            question = _(
                "{path}: which column is the {column}? Name it with --{option}; there are {names}"
            ).format(
                path=table.path,
                column=_(_SPOKEN.get(column, column)),
                option=column.replace("_", "-"),
                names=_listed(table.names),
            )
            if any(re.fullmatch(r"[-+\d:./ TZ]+", name) for name in table.names):
                question += _(". Without a header, --columns names the columns")
            raise LogError(question)
    for column, name in found.items():
        if table.names.count(name) > 1:
            raise LogError(
                _("{path}: two columns are called {name!r} (the {column})").format(
                    path=table.path, name=name, column=_(_SPOKEN.get(column, column))
                )
            )
    if recognised:
        table.notes.append(_("columns: {recognised}").format(recognised=", ".join(recognised)))
    return found


def find_among(table: Table, names: tuple[str, ...], but: str) -> str | None:
    """The first column, other than one, that goes by one of some names."""
    by_bare = {_bare(name): name for name in reversed(table.names) if name != but}
    return next((by_bare[_bare(name)] for name in names if _bare(name) in by_bare), None)


def the_column(table: Table, column: str, name: str) -> str:
    """The column that a user has named.

    Raises
    ------
    LogError
        There is none; the message has the nearest.
    """
    if name in table.names:
        return name
    for other in table.names:
        if _bare(other) == _bare(name):
            return other
    hint = did_you_mean(name, table.names)
    raise LogError(
        _("{path}: no column {name!r} for the {column}{hint}").format(
            path=table.path, name=name, column=_(_SPOKEN.get(column, column)), hint=hint
        )
    )


def _known(names: list[str], column: str, taken: set[str]) -> str | None:
    by_bare = {_bare(name): name for name in reversed(names)}
    for known in KNOWN[column]:
        name = by_bare.get(_bare(known))
        if name is not None and name not in taken:
            return name
    return None


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:20])
    return shown + (", …" if len(names) > 20 else "")
