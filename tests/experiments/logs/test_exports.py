"""The usual exports are recognised, notices and bots left out, answers found."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from shequn.experiments.logs.exports.kinds import NAMES
from shequn.experiments.logs.log import NOBODY, Log, LogError
from shequn.experiments.logs.reading import Layout, read_log

START = 1_673_644_472  # 2023-01-13 21:14:32 UTC


def read(folder: Path, name: str, data: Any, layout: Layout | None = None) -> Log:
    path = folder / name
    path.write_bytes(
        data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    )
    return read_log(path, layout)


def check(log: Log, answers: bool = True, **left_out: int) -> None:
    """Ann, Bo (who answers her) and Ann again within two minutes."""
    assert log.time.tolist() == [START, START + 60, START + 120]
    assert log.person.tolist() == [0, 1, 0]
    assert log.left_out == left_out
    if answers:
        assert log.answers is not None and log.answers.tolist() == [NOBODY, 0, NOBODY]


TELEGRAM = {
    "name": "club",
    "type": "private_supergroup",
    "messages": [
        {"id": 1, "type": "service", "date": "2023-01-14T05:14:00", "date_unixtime": str(START - 32), "actor": "Ann",
         "actor_id": "user1", "action": "create_group"},
        {"id": 2, "type": "message", "date": "2023-01-14T05:14:32", "date_unixtime": str(START), "from": "Ann",
         "from_id": "user1", "text": "hi"},
        {"id": 3, "type": "message", "date": "2023-01-14T05:15:32", "date_unixtime": str(START + 60), "from": "Bo",
         "from_id": "user2", "reply_to_message_id": 2, "text": ["a", {"type": "link"}]},
        {"id": 4, "type": "message", "date": "2023-01-14T05:16:32", "date_unixtime": str(START + 120),
         "from": None, "from_id": "user1", "text": ""},
    ],
}  # fmt: skip


def test_telegram(tmp_path: Path) -> None:
    check(read(tmp_path, "result.json", TELEGRAM), notices=1)
    check(read(tmp_path, "all.json", {"chats": {"list": [TELEGRAM]}}), notices=1)
    older = {
        **TELEGRAM,
        "messages": [{k: v for k, v in row.items() if k != "date_unixtime"} for row in TELEGRAM["messages"]],
    }
    with pytest.raises(LogError, match="no time zone"):
        read(tmp_path, "old.json", older)
    check(read(tmp_path, "old.json", older, Layout(zone="Asia/Shanghai")), notices=1)


def _discord(
    number: int, kind: str, seconds: int, author: str, answered: str | None = None, bot: bool = False
) -> Any:
    message = {
        "id": str(1_063_500_000_000_000_000 + number), "type": kind,
        "timestamp": f"2023-01-13T21:{14 + (32 + seconds) // 60}:{(32 + seconds) % 60:02d}.000+00:00",
        "author": {"id": author, "name": "x", "isBot": bot}, "content": "hi",
    }  # fmt: skip
    return message | ({"reference": {"messageId": answered}} if answered else {})


def test_discord(tmp_path: Path) -> None:
    rows = [
        _discord(0, "GuildMemberJoin", -10, "100000000000000001"),
        _discord(1, "Default", 0, "100000000000000001"),
        _discord(2, "Reply", 60, "100000000000000002", "1063500000000000001"),
        _discord(3, "Default", 70, "100000000000000003", bot=True),
        _discord(4, "Default", 120, "100000000000000001"),
    ]
    document = {"guild": {}, "channel": {}, "messages": rows, "messageCount": 5}
    check(read(tmp_path, "chat.json", document), notices=1, bots=1)
    assert len(read(tmp_path, "chat.json", document, Layout(keep=frozenset({"bots", "notices"}))).time) == 5
    lines = ["AuthorID,Author,Date,Content,Attachments,Reactions"]
    for author, at in (("1", "14:32"), ("2", "15:32"), ("1", "16:32")):
        lines.append(f'"10000000000000000{author}","x#1","2023-01-13T21:{at}.0000000+00:00","hi, all","",""')
    check(read(tmp_path, "chat.csv", "\n".join(lines)), answers=False)


SLACK = [
    {"type": "message", "subtype": "channel_join", "user": "U1", "ts": f"{START - 9}.000100"},
    {"type": "message", "user": "U1", "ts": f"{START}.000000", "thread_ts": f"{START}.000000", "text": "hi"},
    {
        "type": "message",
        "user": "U2",
        "ts": f"{START + 60}.000000",
        "thread_ts": f"{START}.000000",
        "text": "yes",
    },
    {"type": "message", "subtype": "bot_message", "bot_id": "B1", "ts": f"{START + 61}.000000"},
    {"type": "message", "user": "U1", "ts": f"{START + 120}.000000"},
]


def test_slack(tmp_path: Path) -> None:
    check(read(tmp_path, "2023-01-13.json", SLACK), notices=1, bots=1)
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("users.json", "[]")
        file.writestr("general/2023-01-13.json", json.dumps(SLACK[:3]))
        file.writestr("general/2023-01-14.json", json.dumps(SLACK[3:]))
    check(read_log(packed), notices=1, bots=1)
    folder = tmp_path / "export"
    with zipfile.ZipFile(packed) as file:
        file.extractall(folder)
    (folder / "channels.json").write_text("[]")
    check(read_log(folder), notices=1, bots=1)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as file:
        file.writestr("a.txt", "hi")
    with pytest.raises(LogError, match="export of Slack"):
        read_log(tmp_path / "other.zip")


def test_discourse(tmp_path: Path) -> None:
    posts = [
        {"id": 1, "topic_id": 7, "post_number": 1, "username": "ann", "created_at": "2023-01-13T21:14:32.000Z",
         "reply_to_post_number": None, "post_type": 1},
        {"id": 2, "topic_id": 7, "post_number": 2, "username": "bo", "created_at": "2023-01-13T21:15:32.000Z",
         "reply_to_post_number": 1, "post_type": 1},
        {"id": 3, "topic_id": 8, "post_number": 1, "username": "ann", "created_at": "2023-01-13T21:16:32.000Z",
         "reply_to_post_number": None, "post_type": 1},
        {"id": 4, "topic_id": 8, "post_number": 2, "username": "mod", "created_at": "2023-01-13T21:17:32.000Z",
         "reply_to_post_number": None, "post_type": 3},
    ]  # fmt: skip
    check(read(tmp_path, "posts.json", {"latest_posts": posts}), notices=1)
    check(read(tmp_path, "topic.json", {"post_stream": {"posts": posts}}), notices=1)
    header = "id,topic_id,post_number,user_id,created_at,reply_to_post_number,post_type"
    lines = [header] + [
        ",".join(str(post[name] or "") for name in header.split(",")[:3])
        + f",{post['username']},{post['created_at']},{post['reply_to_post_number'] or ''},{post['post_type']}"
        for post in posts
    ]
    check(read(tmp_path, "posts.csv", "\n".join(lines)), notices=1)


def test_zulip(tmp_path: Path) -> None:
    rows = [
        {"id": 5, "sender_id": 1, "sender_full_name": "Ann", "timestamp": START, "type": "stream"},
        {"id": 6, "sender_id": 2, "sender_full_name": "Bo", "timestamp": START + 60, "type": "stream"},
        {
            "id": 7,
            "sender_id": 9,
            "sender_full_name": "Notification Bot",
            "timestamp": START + 61,
            "type": "stream",
        },
        {"id": 8, "sender_id": 1, "sender_full_name": "Ann", "timestamp": START + 120, "type": "stream"},
    ]
    check(read(tmp_path, "api.json", {"messages": rows}), answers=False, bots=1)
    export = [
        {"id": row["id"], "sender": row["sender_id"], "date_sent": float(row["timestamp"])}
        for row in rows
        if row["sender_id"] != 9
    ]
    check(read(tmp_path, "messages-000001.json", {"zerver_message": export}), answers=False)


MBOX = """From ann@example.org Fri Jan 13 21:14:32 2023
From: =?utf-8?q?Z=C3=B6e?= Ann <Ann@Example.org>
Date: Fri, 13 Jan 2023 16:14:32 -0500 (EST)
Message-ID: <1@example.org>
Subject: hi

From here on, text.
Date: not a header

From bo at example.org  Fri Jan 13 21:15:32 2023
From: bo at example.org (Bo)
Date: Fri, 13 Jan 2023 21:15:32
 GMT
In-Reply-To: <1@example.org>
Message-ID: <2@example.org>

yes

From ann@example.org Fri Jan 13 21:16:32 2023
From: ann@example.org
Date: Sat, 14 Jan 23 05:16:32 +0800
Message-ID: <3@example.org>

From ann@example.org Fri Jan 13 21:16:32 2023
From: ann@example.org
Date: Sat, 14 Jan 23 05:16:32 +0800
Message-ID: <3@example.org>
"""


def test_mbox(tmp_path: Path) -> None:
    for data in (
        MBOX.encode(),
        MBOX.replace("yes", "oui \u00e9t\u00e9").encode("latin-1"),
        gzip.compress(MBOX.encode()),
    ):
        check(read(tmp_path, "list.mbox", data), repeats=1)
    check(read(tmp_path, "2023-January.txt", MBOX), repeats=1)
    odd = MBOX.replace("Date: Sat, 14 Jan 23 05:16:32 +0800", "Date: yesterday", 1).replace(
        " -0500 (EST)", " EST"
    )
    check(read(tmp_path, "list.mbox", odd), without=1)
    check(
        read(tmp_path, "list.mbox", odd.replace("yesterday", f"14 Jan {'9' * 30} 05:16:32 +0800")), without=1
    )
    check(
        read(tmp_path, "list.mbox", odd.replace("yesterday", f"14 Jan 2023 05:16:32 +{'9' * 30}")), without=1
    )


def test_wechat_tables(tmp_path: Path) -> None:
    header = "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime"
    rows = [
        "0,7000000000000000000,系统通知,0,wxid_9,r@chatroom,x,2023-01-14 05:14:00",
        "1,7000000000000000001,文本,0,wxid_1,r@chatroom,x,2023-01-14 05:14:32",
        "2,7000000000000000002,图片,0,wxid_2,r@chatroom,x,2023-01-14 05:15:32",
        "3,7000000000000000003,文本,0,wxid_1,r@chatroom,x,2023-01-14 05:16:32",
    ]
    log = read(tmp_path, "chat.csv", "\ufeff" + "\n".join([header, *rows]))
    check(log, answers=False, notices=1)
    assert log.clock == "Asia/Shanghai (assumed)" and log.zone == "Asia/Shanghai"
    assert any("系统通知" in note for note in log.notes)
    elsewhere = read(tmp_path, "chat.csv", "\n".join([header, *rows]), Layout(zone="UTC"))
    assert elsewhere.time[0] == START + 8 * 3600 and elsewhere.clock == "UTC"
    header = (
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    )
    rows = [
        f"{i},1,{kind},0,0,{START + at},0,x,2023-01-14 05:14:32,,nick,wxid_{who}"
        for i, (kind, at, who) in enumerate([(1, 0, 1), (1, 60, 2), (10000, 61, 3), (3, 120, 1)])
    ]
    check(read(tmp_path, "chat.csv", "\n".join([header, *rows])), answers=False, notices=1)


QQ = """消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息对象:读书会
================================================================

2023-01-14 5:14:32 【管理员】Ann(10001)
大家好

2023-01-14 5:15:32 Bo<bo@example.org>
2023-01-14 5:15:00 是昨天
你好

2023-01-14 5:15:40 系统消息(10000)
Cy 加入本群

2023-01-14 5:16:32 Ann 换了名字(10001)
好
"""


def test_chats_as_text(tmp_path: Path) -> None:
    for data in (QQ, QQ.encode("gb18030"), QQ.replace("\n", "\r\n")):
        check(read(tmp_path, "qq.txt", data), answers=False, notices=1)
    wechat = "Ann 2023/1/14 上午5:14:32\n大家好\n\nBo 2023/1/14 上午5:15:32\n你好\n\nAnn 2023/1/14 上午5:16:32\n好\n"
    check(read(tmp_path, "wechat.txt", wechat), answers=False)
    first = "2023-01-14 05:14:32 Ann\n大家好\n\n2023-01-14 05:15:32 Bo\n你好\n\n2023-01-14 05:16:32 Ann\n好\n"
    check(read(tmp_path, "memotrace.txt", first), answers=False)
    whatsapp = (
        "[14/01/2023, 05:14:00] \u200eMessages are encrypted\n[14/01/2023, 05:14:32] Ann: hi\nand more\n"
        "[14/01/2023, 05:15:32] ~\u202fBo: yes: so\n[14/01/2023, 05:16:32] Ann: good\n"
    )
    check(read(tmp_path, "whatsapp.txt", whatsapp, Layout(zone="Asia/Shanghai")), answers=False, notices=1)


def test_a_format_can_be_named_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    check(read(tmp_path, "result.json", TELEGRAM, Layout(format="telegram")), notices=1)
    with pytest.raises(LogError, match="did you mean telegram"):
        read(tmp_path, "result.json", TELEGRAM, Layout(format="telegramm"))
    with pytest.raises(LogError, match="not of the format pywxdump"):
        read(tmp_path, "log.csv", f"user,ts\na,{START}\n", Layout(format="pywxdump"))
    with pytest.raises(LogError, match="JSON, but of no export that is known"):
        read(tmp_path, "log.json", {"a": [1]})
    with pytest.raises(LogError, match="line 1: not well-formed JSON"):
        read(tmp_path, "log.json", '{"messages": [')
    with pytest.raises(LogError, match="not well-formed JSON"):
        read(tmp_path, "log.json", "[" * 100_000)
    assert len(set(NAMES)) == len(NAMES) >= 10


@pytest.mark.parametrize("name", NAMES)
def test_no_reader_breaks_on_a_file_of_another_kind(name: str, tmp_path: Path) -> None:
    for file, data in (
        ("a.csv", f"user,ts\na,{START}\n"), ("a.json", json.dumps(TELEGRAM)), ("b.json", json.dumps(SLACK)),
        ("c.json", '{"messages": [1, {"author": 3, "date": 1, "type": "message"}]}'), ("d.json", "[[1]]"),
        ("a.txt", QQ), ("a.mbox", MBOX), ("e.json", "3"),
        ("f.json", '{"messages": {"a": 1}, "guild": 1, "channel": 2}'),
    ):  # fmt: skip
        try:
            read(tmp_path, file, data, Layout(format=name, zone="UTC"))
        except LogError as error:
            assert "\n" not in str(error)
