"""WeChat 微信, as PyWxDump writes it: a table of messages with system notices among them."""

from shequn.experiments.logs.exports.export import TableExport

EXPORT = TableExport(
    "pywxdump",
    "WeChat (PyWxDump)",
    ("MsgSvrID", "type_name", "talker", "CreateTime"),
    {"person": "talker", "time": "CreateTime", "id": "MsgSvrID", "kind": "type_name"},
    notices="^(系统.*|拍一拍|.*撤回.*|未知.*10000.*)$",
    zone="Asia/Shanghai",
)
