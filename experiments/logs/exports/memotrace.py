"""WeChat 微信, as MemoTrace 留痕 (WeChatMsg) writes it: a table; kinds from 10000 on are notices."""

from shequn.experiments.logs.exports.export import TableExport

EXPORT = TableExport(
    "memotrace",
    "WeChat (MemoTrace)",
    ("TalkerId", "IsSender", "CreateTime", "StrContent"),
    {"person": "Sender", "time": "CreateTime", "kind": "Type"},
    notices=r"^(10000|10002|系统.*|拍一拍)$",
    zone="Asia/Shanghai",
)
