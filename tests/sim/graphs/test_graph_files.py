"""Graphs from files: edge lists as they are found, GraphML, and every kind of bad file."""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from shequn.sim.graphs.build import build, read
from shequn.sim.graphs.edge_lists import read_edge_list
from shequn.sim.graphs.graph import Graph, GraphError, key_of
from shequn.sim.graphs.graphml import read_graphml
from shequn.sim.graphs.options import FileOptions

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
real_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real graphs (../shared/data) are not here")


def pairs(graph: Graph) -> list[tuple[str, str]]:
    """Ties as pairs of names."""
    names = graph.labels or [str(i) for i in range(graph.people)]
    row = np.repeat(np.arange(graph.people), np.diff(graph.indptr))
    upper = row < graph.indices
    low, high = row[upper], graph.indices[upper]
    return [(names[i], names[j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]


def written(folder: Path, text: str | bytes, name: str = "ties.txt") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0 1\n1 2\n", "a.txt"),
        ("0 1\n1 2", "a.txt"),
        ("0\t1\n1\t2\n", "a.tsv"),
        ("0,1\r\n1,2\r\n", "a.csv"),
        ("0;1\n1;2\n", "a.csv"),
        ("0|1\n1|2\n", "a.txt"),
        ("0，1\n1，2\n", "a.csv"),
        ("  0    1 \n\n 1\t 2\n   \n", "a.txt"),
        ("0, 1\n1, 2\n", "a.csv"),
        ('"0","1"\n"1","2"\n', "a.csv"),
        ('"0" "1"\n"1" "2"\n', "a.txt"),
        ("0\r1\r".replace("\r", " ", 1) + "1 2\r", "a.txt"),
        ("# SNAP\n# FromNodeId ToNodeId\n0 1\n% asym\n1 2\n", "a.txt"),
        ("source,target\n0,1\n1,2\n", "a.csv"),
        ("nd nw\n0 1\n1 2\n", "a.txt"),
        ("\ufeffid_1,id_2\n0,1\n1,2\n", "a.csv"),
        ("Id,Source,Target,Type\n7,0,1,Undirected\n8,1,2,Undirected\n", "a.csv"),
        ("0 1 {}\n1 2 {}\n", "a.edgelist"),
        ("0 1 {'since': 3}\n1 2 {'since': 'May 1'}\n", "a.edgelist"),
        ("1 2 friend\n0 1 colleague\n", "a.txt"),
    ],
)
def test_the_same_ties_are_read_from_every_form_of_edge_list(text: str, name: str, tmp_path: Path) -> None:
    plain = written(tmp_path, text, name)
    packed = written(tmp_path, gzip.compress(text.encode()), name + ".gz")
    wide = written(tmp_path, text.encode("utf-16"), "wide-" + name)
    for path in (plain, packed, wide):
        graph = read(path)
        assert pairs(graph) == [("0", "1"), ("1", "2")], path
        assert graph.labels is None and graph.keys.tolist() == [0, 1, 2]
        assert graph.strength.tolist() == [1.0, 1.0]


def test_people_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, "10 9\n9 100\n2 10\n"))
    assert graph.labels == ["2", "9", "10", "100"] and graph.keys.tolist() == [2, 9, 10, 100]
    assert pairs(graph) == [("2", "10"), ("9", "10"), ("9", "100")]
    signed = read_edge_list(written(tmp_path, f"-5 3\n{2**64} 3\n"))
    assert signed.labels == ["-5", "3", str(2**64)]
    assert signed.keys.tolist() == [key_of("-5"), 3, key_of(str(2**64))]


def test_people_with_words_for_names_stand_as_they_first_appear(tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, "zoe,Li Lei\nanna,zoe\nLi Lei,张三\n007,7\n"))
    assert graph.labels == ["zoe", "Li Lei", "anna", "张三", "007", "7"]
    assert graph.keys.tolist() == [key_of(name) for name in graph.labels]
    assert pairs(graph) == [("zoe", "Li Lei"), ("zoe", "anna"), ("Li Lei", "张三"), ("007", "7")]


def test_a_chinese_file_in_gbk_is_read_with_a_note(tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, "来源,目标\n张三,李四\n李四,王五\n".encode("gb18030"), "a.csv"))
    assert graph.labels == ["张三", "李四", "王五"]
    assert graph.notes == ("not UTF-8: read as GB18030", "first line taken as a header: '来源,目标'")


def test_duplicates_and_self_loops_are_dropped_and_counted(tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, "1 2\n1 2\n2 1\n3 3\n2 3\n4 4\n"))
    assert graph.labels == ["1", "2", "3", "4"] and pairs(graph) == [("1", "2"), ("2", "3")]
    assert graph.notes == (
        "2 self-loops dropped",
        "1 duplicate tie dropped",
        "1 pair listed in both directions: one tie",
    )  # fmt: skip


def test_mutual_keeps_only_pairs_listed_in_both_directions(tmp_path: Path) -> None:
    path = written(tmp_path, "1 2\n2 1\n2 3\n1 2\n")
    assert pairs(read_edge_list(path, FileOptions(mutual=True))) == [("1", "2")]
    graph = read_edge_list(path, FileOptions(mutual=True))
    assert graph.people == 3
    assert (
        "mutual: 1 pairs listed in both directions are ties, 1 pairs listed in one direction are not"
        in graph.notes
    )


@pytest.mark.parametrize(
    "text",
    ["1 2 .5\n2 3 .25\n", "a,b,weight\n1,2,0.5\n2,3,0.25\n",
     "source,kind,target,strength\n1,x,2,.5\n2,y,3,.25\n",
     "1 2 {'weight': 0.5}\n2 3 {'a': 1, 'weight': 0.25, 'b': 2}\n"],
)  # fmt: skip
def test_weights_are_strengths(text: str, tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, text))
    assert pairs(graph) == [("1", "2"), ("2", "3")] and graph.strength.tolist() == [0.5, 0.25]


def test_weights_above_one_are_divided_by_the_largest(tmp_path: Path) -> None:
    graph = read_edge_list(written(tmp_path, "1 2 5\n2 3 10\n"))
    assert graph.strength.tolist() == [0.5, 1.0]
    assert graph.notes == (
        "third column taken as the ties' weight",
        "weights divided by the largest, 10, so that strengths are at most 1",
    )  # fmt: skip


def test_a_header_can_be_said_to_be_there_or_not(tmp_path: Path) -> None:
    words = written(tmp_path, "anna bob\nbob carl\n")
    assert read_edge_list(words).people == 3
    assert read_edge_list(words, FileOptions(header=True)).people == 2
    numbers = written(tmp_path, "source target\n1 2\n")
    assert read_edge_list(numbers, FileOptions(header=False)).labels == ["source", "target", "1", "2"]


def test_a_delimiter_can_be_said(tmp_path: Path) -> None:
    path = written(tmp_path, "Li Lei;x,Han\nHan;Li Lei\n")
    assert read_edge_list(path, FileOptions(delimiter=";")).labels == ["Li Lei", "x,Han", "Han"]
    assert read_edge_list(path, FileOptions(delimiter="semicolon")).people == 3
    with pytest.raises(GraphError, match="delimiter is 'xyz'; allowed"):
        read_edge_list(path, FileOptions(delimiter="xyz"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2\n3\n", r"line 2: found '3': 1 column; 2 are needed"),
        ("# c\n\n1 2\n3 4\n5 6 7\n", r"line 5: found '5 6 7': 3 columns; 2 are needed"),
        ("nd nw\n1 2\n3 4 5\n", r"line 3: found '3 4 5': 3 columns"),
        ("1,2\n,3\n", r"line 2: found ',3': a name is empty"),
        ("1 2 0.5\n2 3 -1\n", r"line 2: found '2 3 -1': weight '-1' is not a number above 0"),
        ("a,b,weight\n1,2,0.5\n2,3,nan\n", r"line 3: .*weight 'nan'"),
        ("a,b,weight\n1,2,0.5\n2,3,high\n", r"line 3: .*weight 'high'"),
        ("a,b,weight\n1,2,0.5\n2,3,\n", r"line 3: .*weight ''"),
        ('a,b\nc,"d\n', r"line 2: .*without its closing"),
        ("word\n", r"line 1: found 'word': two columns are needed"),
        ("source,target\n", "only a header"),
        ("# nothing\n% here\n", "only comments"),
        ("", "empty"),
        (" \n\n", "empty"),
        ("5 5\n", "one person: at least 2"),
        ("%%MatrixMarket matrix coordinate\n3 3 2\n1 2\n", "another format"),
        ('{"nodes": []}', "another format"),
        ("<?xml version='1.0'?><graphml/>", "found XML"),
        ("<!DOCTYPE html><html>", "found XML"),
        (b"\x00\x01\x02 1\n", "binary file"),
        (b"PK\x03\x04xlsx", "zip or Excel"),
        (b"\x1f\x8b\x08garbage", "damaged gzip"),
        (gzip.compress(b"1 2\n2 3\n" * 99, mtime=0)[:-9], "damaged gzip"),
        (b"1 2\n\xff\xff 3\n", "line 2: neither UTF-8 nor GB18030"),
    ],
)
def test_a_bad_edge_list_is_told_with_line_and_text(text: str | bytes, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(GraphError, match=message) as caught:
        read_edge_list(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_bad_line_deep_in_a_long_file_is_found(tmp_path: Path) -> None:
    lines = [f"{i},{i + 1}" for i in range(100_000)]
    lines[77_776] = "1,2,3"
    with pytest.raises(GraphError, match="line 77777: found '1,2,3'"):
        read_edge_list(written(tmp_path, "\n".join(lines), "a.csv"))


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    written(tmp_path, "1 2\n", "friends.txt")
    with pytest.raises(GraphError, match=r"no such file; did you mean friends\.txt"):
        read(tmp_path / "freinds.txt")
    with pytest.raises(GraphError, match="no folder"):
        read(tmp_path / "nowhere" / "friends.txt")
    with pytest.raises(GraphError, match="found a folder"):
        read(tmp_path)
    for name in ("a.xlsx", "a.parquet", "a.mtx", "a.mtx.gz", "a.json"):
        with pytest.raises(GraphError, match="cannot be read"):
            read(written(tmp_path, "1 2\n", name))
    with pytest.raises(GraphError, match=r"no such file|cannot be read"):
        read(tmp_path / ("x" * 5_000))
    with pytest.raises(GraphError, match=r"no such file|cannot be read"):
        read(str(tmp_path / "a\0b"))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device files here")
def test_an_endless_device_is_not_read() -> None:
    with pytest.raises(GraphError, match="not a regular file"):
        read("/dev/zero")


@pytest.mark.skipif(os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0),
                    reason="whoever runs this may read everything")  # fmt: skip
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "1 2\n")
    path.chmod(0)
    with pytest.raises(GraphError, match="cannot be read"):
        read(path)


def test_build_takes_a_file_from_the_scenarios_folder(tmp_path: Path) -> None:
    written(tmp_path, "1 2\n2 1\n2 3\n")

    def nobody(_: Any) -> None:
        raise AssertionError("a file needs no traits")

    assert build({"file": "ties.txt", "mutual": True}, 10, 1, nobody, tmp_path).ties == 1


def test_graphml_as_networkx_writes_it_gives_the_same_graph(tmp_path: Path) -> None:
    for source in (nx.karate_club_graph(), nx.gnp_random_graph(30, 0.1, seed=1, directed=True)):
        path = tmp_path / "a.graphml"
        nx.write_graphml(source, path)
        graph = read(path)
        assert graph.labels is None and graph.people == len(source)
        expected = sorted({(min(u, v), max(u, v)) for u, v in source.edges})
        assert [(int(a), int(b)) for a, b in pairs(graph)] == expected
    nx.write_graphml(nx.karate_club_graph(), path)
    assert graph.notes[0] == "directed: a tie wherever either direction exists"
    weights = nx.get_edge_attributes(nx.karate_club_graph(), "weight")
    assert read_graphml(path).strength.tolist() == pytest.approx([w / 7 for _, w in sorted(weights.items())])
    packed = written(tmp_path, gzip.compress(path.read_bytes()), "b.graphml.gz")
    assert pairs(read(packed)) == pairs(read(path))


GRAPHML = """<?xml version="1.0" encoding="{0}"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="edge" attr.name="weight" attr.type="double"><default>0.5</default></key>
<graph edgedefault="undirected">
<node id="张三"/><node id="b"/><node id="c"><data key="d0">no number</data></node>
<edge source="张三" target="b"><data key="d0">0.25</data></edge>
<edge source="b" target="c" directed="true"/>
</graph></graphml>"""


def test_graphml_keeps_names_weights_defaults_and_directions(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb2312", "utf-16"):
        path = written(tmp_path, GRAPHML.format(encoding).encode(encoding), "a.graphml")
        graph = read_graphml(path)
        assert graph.labels == ["张三", "b", "c"] and graph.strength.tolist() == [0.25, 0.5]
        assert pairs(read_graphml(path, FileOptions(mutual=True))) == [("张三", "b")]


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><graphml><graph><node id="&b;"/></graph></graphml>"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "line 1: found a document type or entities"),
        (BOMB.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), "document type"),
        ('<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>', "document type"),
        ("<html/>", "found <html>, not GraphML"),
        ("<graphml><graph><node id='1'></graph></graphml>", "line 1: not well-formed"),
        ("<graphml><graph>\n<node/></graph></graphml>", "line 2: <node> has no id"),
        ("<graphml><graph><node id='1'/>\n<node id='1'/></graph></graphml>", "node '1' appears twice"),
        ("<graphml><graph><node id='1'/><node id='2'/>\n<edge source='1' target='3'/></graph></graphml>",
         "line 2: edge to '3', which is not a node"),
        ("<graphml><graph><node id='1'/><hyperedge/></graph></graphml>", "hyperedge"),
        ("<graphml><graph><node id='1'><graph/></node></graph></graphml>", "nested graph"),
        ("<graphml><graph/></graphml>", "no people"),
        ("<graphml/>", "no people"),
        ("<?xml version='1.0' encoding='martian'?><graphml/>", "not well-formed"),
        ("1 2\n", "not well-formed"),
        ("", "empty"),
        (GRAPHML.format("utf-8").replace("0.25", "-1"), "weight '-1' is not a number above 0"),
    ],
)  # fmt: skip
def test_bad_graphml_is_told_and_never_expanded(text: str | bytes, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, text, "a.graphml")
    with pytest.raises(GraphError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


@real_data
@pytest.mark.parametrize("name", ["ego_facebook", "email_Eu_core"])
def test_the_k_cores_of_the_real_graphs_are_the_published_ones(name: str) -> None:
    wanted = json.loads((DATA / "graph-references.json").read_text(encoding="utf-8"))[name]
    graph = read(DATA / "graphs" / (name.lower().replace("_", "-") + ".txt"))
    made = nx.Graph([(int(a), int(b)) for a, b in pairs(graph)])
    made.add_nodes_from(range(graph.people))
    assert (graph.people, graph.ties) == (wanted["nodes"], wanted["edges"])
    core = np.array(list(nx.core_number(made).values()))
    for k, size in wanted["kcore_sizes"].items():
        assert int((core >= int(k)).sum()) == size, k


@real_data
def test_github_follow_is_read_in_seconds_without_pandas_or_numba() -> None:
    program = (
        "import sys; from shequn.sim.graphs.build import read;"
        "g = read(sys.argv[1]); print(g.people, g.ties, *g.notes);"
        "assert not {'numba', 'pandas', 'networkx', 'mesa'} & set(sys.modules)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, str(DATA / "graphs" / "github-follow.csv.gz")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.match(r"37700 289003 first line taken as a header: 'id_1,id_2'", done.stdout)
    assert time.perf_counter() - began < 10.0
