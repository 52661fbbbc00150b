"""Graphs of the kind that users bring: read to their right value, or refused with the option that decides.

Small files of our own making stand for each kind; the files of ``../shared/cases`` are read where they are.
"""

import gzip
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from shequn.sim.graphs import files as graph_files
from shequn.sim.graphs.build import read
from shequn.sim.graphs.graph import Graph, GraphError
from shequn.sim.graphs.options import FileOptions

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
RING = [(i, (i + k) % 12) for i in range(12) for k in (1, 5)]  # 12 people, 24 ties


def written(folder: Path, lines: list[str] | str, name: str = "ties.csv") -> Path:
    path = folder / name
    path.write_text(lines if isinstance(lines, str) else "\n".join(lines) + "\n", encoding="utf-8")
    return path


def size(graph: Graph) -> tuple[int, int]:
    return graph.people, graph.ties


@pytest.mark.parametrize("header", ["member_a,member_b", "用户A,用户B", "ego_name,alter_name", "甲,乙"])
@pytest.mark.parametrize("name", ["n{}", "成员{}", "p{}@example.org"])
def test_a_header_of_other_words_is_recognised(header: str, name: str, tmp_path: Path) -> None:
    lines = [header, *(f"{name.format(a)},{name.format(b)}" for a, b in RING)]
    assert size(read(written(tmp_path, lines))) == (12, 24)


def test_words_that_may_be_people_are_asked_for(tmp_path: Path) -> None:
    words = ["zoe", "ann", "bo", "cy", "di", "eve", "flo", "gus"]
    pairs = [f"{a},{b}" for a, b in pairwise(words[2:])]
    with pytest.raises(GraphError, match=r"line 1: .*is this a header.*--graph-header true"):
        read(written(tmp_path, ["zoe,ann", *pairs]))
    assert read(written(tmp_path, ["zoe,ann", *pairs]), FileOptions(header=True)).people == 6
    assert read(written(tmp_path, ["zoe,ann", *pairs]), FileOptions(header=False)).people == 8
    couples = ["zoe,ann", "bo,cy", "di,eve", "flo,gus", "hal,ida", "jo,kim"]  # nobody stands in two lines
    assert read(written(tmp_path, couples)).people == 12


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([f"n{a} n{(a + 1) % 12} n{(a + 5) % 12}" for a in range(12)], "a person and their neighbours"),
        ([",club1,club2,club3", "ann,1,0,1", "bo,0,1,1"], "a name and 3 numbers in every line"),
    ],
)
def test_lists_of_neighbours_and_tables_of_groups_are_no_pairs(
    lines: list[str], words: str, tmp_path: Path
) -> None:
    with pytest.raises(GraphError, match=words):
        read(written(tmp_path, lines))


def test_quotes_may_stand_after_spaces_and_be_single(tmp_path: Path) -> None:
    assert size(read(written(tmp_path, [f'"n{a}", "n{b}"' for a, b in RING]))) == (12, 24)
    assert size(read(written(tmp_path, [f"'Li, {a}' 'Li, {b}'" for a, b in RING]))) == (12, 24)


def test_what_looked_like_a_header_and_comes_later_is_asked_for(tmp_path: Path) -> None:
    lines = ["user,member", *(f"n{a},n{b}" for a, b in RING * 12), "n1,member"]
    with pytest.raises(GraphError, match=r"'member' is a name in later lines, too.*--graph-header false"):
        read(written(tmp_path, lines))
    assert read(written(tmp_path, lines), FileOptions(header=False)).people == 14


def test_names_in_quotes_may_hold_the_delimiter(tmp_path: Path) -> None:
    for mark in (" ", ",", ";", "\t"):
        lines = [f'"Li, p{a}"{mark}"Li, p{b}"' for a, b in RING]
        assert size(read(written(tmp_path, lines, "ties.txt"))) == (12, 24)
    lines = [f'{i} "Li, p{a}" "Li, p{b}"' for i, (a, b) in enumerate(RING)]
    assert size(read(written(tmp_path, ["id from to", *lines]))) == (12, 24)
    lines = [f"Li, p{a};Li, p{b}" for a, b in RING]
    assert size(read(written(tmp_path, lines))) == (12, 24)


def test_two_kinds_of_names_are_asked_for(tmp_path: Path) -> None:
    lines = [f"person{i},group{(i * 7 + k) % 25}" for i in range(30) for k in (0, 1, 2)]
    with pytest.raises(GraphError, match=r"no name of one column stands in the other .*--graph-columns 1,2"):
        read(written(tmp_path, lines))
    assert read(written(tmp_path, lines), FileOptions(columns="1,2")).people == 55


@pytest.mark.parametrize("arrow", [" -> ", "->", " --> ", "→", " <-> ", " -- ", " => "])
def test_an_arrow_in_every_line_is_no_person(arrow: str, tmp_path: Path) -> None:
    assert size(read(written(tmp_path, [f"{a}{arrow}{b}" for a, b in RING]))) == (12, 24)
    graph = read(written(tmp_path, [f"Li Lei {a}{arrow}Li Lei {b}" for a, b in RING]))
    assert size(graph) == (12, 24)
    graph = read(written(tmp_path, [f"n{a}{arrow}n{b} 0.5" for a, b in RING]))
    assert size(graph) == (12, 24) and set(graph.strength.tolist()) == {0.5}


def test_a_word_between_the_names_is_no_person(tmp_path: Path) -> None:
    assert size(read(written(tmp_path, [f"{a} knows {b}" for a, b in RING]))) == (12, 24)


def test_a_matrix_is_read_as_one(tmp_path: Path) -> None:
    assert size(read(written(tmp_path, ";a;b;c\na;0;1;1\nb;1;0;0\nc;1;0;0\n"))) == (3, 2)
    assert size(read(written(tmp_path, "a,b,c\na,0,1,1\nb,1,0,0\nc,1,0,0\n"))) == (3, 2)  # as R writes it
    graph = read(written(tmp_path, "0 1 0 0\n1 0 2 0\n0 2 0 1\n0 0 1 0\n"))
    assert size(graph) == (4, 3) and sorted(graph.strength.tolist()) == [0.5, 0.5, 1.0]
    with pytest.raises(GraphError, match="line 3: not a line of the matrix"):
        read(written(tmp_path, ",a,b,c\na,0,1,1\nb,1,0,x\nc,1,0,0\n"))
    with pytest.raises(GraphError, match="not a matrix"):
        read(written(tmp_path, "1 2\n2 3\n3 4\n"), FileOptions(columns="matrix"))


@pytest.mark.parametrize(
    "header", ["id,user_id,friend_id", "edge,student,peer", "序号,学生A,学生B", ",name1,name2"]
)
def test_a_column_of_row_numbers_is_no_person(header: str, tmp_path: Path) -> None:
    rows = [f"{i},{a},{b}" for i, (a, b) in enumerate(RING)]
    assert size(read(written(tmp_path, [header, *rows]))) == (12, 24)
    with pytest.raises(GraphError, match=r"the first column counts the lines.*--graph-columns 2,3"):
        read(written(tmp_path, rows))
    assert size(read(written(tmp_path, rows), FileOptions(columns="2,3"))) == (12, 24)


def test_columns_that_may_be_names_are_asked_for(tmp_path: Path) -> None:
    lines = ["who,whom,where", *(f"n{a},n{b},n{a + b}" for a, b in RING)]
    with pytest.raises(
        GraphError, match=r"which two columns are the names\? There are 'who', 'whom', 'where'"
    ):
        read(written(tmp_path, lines))
    assert size(read(written(tmp_path, lines), FileOptions(columns="Who,2"))) == (12, 24)
    place = [line.rsplit(",", 1)[0] + ",x7" for line in lines]  # its names stand in no other column
    assert size(read(written(tmp_path, place))) == (12, 24)
    timed = [f"{31_220 + 20 * i} n{a} n{b}" for i, (a, b) in enumerate(RING)]
    with pytest.raises(GraphError, match=r"no name of the first column .*--graph-columns 2,3"):
        read(written(tmp_path, timed))
    for columns, words in (("who,whose", "no column 'whose'"), ("1,2,3", "give two")):
        with pytest.raises(GraphError, match=words):
            read(written(tmp_path, lines), FileOptions(columns=columns))


@pytest.mark.parametrize("times", [[1_082_040_961 + i for i in range(24)], [2_160 * i for i in range(24)]])
def test_a_column_of_times_is_no_weight(times: list[int], tmp_path: Path) -> None:
    lines = [f"{a} {b} {time}" for (a, b), time in zip(RING, times, strict=True)]
    graph = read(written(tmp_path, lines, "ties.txt"))
    assert size(graph) == (12, 24) and set(graph.strength.tolist()) == {1.0}
    assert any("times, not weights" in note for note in graph.notes)
    if times[0]:
        asked = read(written(tmp_path, lines), FileOptions(weight="3"))
        assert any("weights divided by the largest" in note for note in asked.notes)


def test_weights_may_be_left_aside(tmp_path: Path) -> None:
    lines = ["source,target,weight", *(f"{a},{b},{1 + a}" for a, b in RING)]
    assert set(read(written(tmp_path, lines), FileOptions(weight="none")).strength.tolist()) == {1.0}


@pytest.mark.parametrize("bad", ["0", "-1", "nan", ""])
def test_ties_without_a_weight_above_0_can_be_dropped(bad: str, tmp_path: Path) -> None:
    path = written(tmp_path, ["source,target,weight", "1,2,1", f"2,3,{bad}", "3,1,1"])
    with pytest.raises(GraphError, match=r"line 3: .*--graph-bad-weights drop"):
        read(path)
    graph = read(path, FileOptions(bad_weights="drop"))
    assert size(graph) == (3, 2) and "1 tie without a weight above 0 dropped" in graph.notes
    made = nx.Graph([("a", "b", {"weight": 1.0}), ("b", "c", {"weight": float(bad or "nan")})])
    for ending in ("graphml", "gexf"):
        path = tmp_path / f"a.{ending}"
        getattr(nx, f"write_{ending}")(made, path)
        with pytest.raises(GraphError):
            read(path)
        assert size(read(path, FileOptions(bad_weights="drop"))) == (3, 1)


def test_weights_that_are_words_are_refused_all_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, ["source,target,weight", "1,2,1", "2,3,high"])
    with pytest.raises(GraphError, match=r"line 3: .*weight 'high'"):
        read(path, FileOptions(bad_weights="drop"))


@pytest.mark.parametrize("mark", [";", "\t", " "])
def test_a_decimal_comma_is_read(mark: str, tmp_path: Path) -> None:
    lines = [f"{a}{mark}{b}{mark}0,{1 + a % 9}" for a, b in RING]
    graph = read(written(tmp_path, lines))
    assert size(graph) == (12, 24) and graph.strength.max() == pytest.approx(0.9)


def test_repeated_ties_may_add_up(tmp_path: Path) -> None:
    path = written(tmp_path, "source,target,weight\n1,2,1\n2,1,2\n1,2,1\n2,3,1\n")
    assert read(path).strength.tolist() == [1.0, 0.5]
    graph = read(path, FileOptions(repeats="sum"))
    assert graph.strength.tolist() == [1.0, 0.25]
    unweighted = written(tmp_path, "1 2\n1 2\n2 3\n")
    assert read(unweighted, FileOptions(repeats="sum")).strength.tolist() == [1.0, 0.5]


@pytest.mark.parametrize("ending", ["gexf", "gml", "net"])
def test_other_formats_are_read_through_networkx(ending: str, tmp_path: Path) -> None:
    made = nx.Graph()
    made.add_weighted_edges_from([("a", "b", 2.0), ("b", "c", 4.0), ("b", "d", 1.0)])
    path = tmp_path / f"a.{ending}"
    {"gexf": nx.write_gexf, "gml": nx.write_gml, "net": nx.write_pajek}[ending](made, path)
    for file in (path, tmp_path / f"b.{ending}.gz"):
        file.write_bytes(path.read_bytes() if file == path else gzip.compress(path.read_bytes()))
        graph = read(file)
        assert graph.labels == ["a", "b", "c", "d"] and graph.strength.tolist() == [0.5, 1.0, 0.25]
    directed = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    {"gexf": nx.write_gexf, "gml": nx.write_gml, "net": nx.write_pajek}[ending](directed, path)
    assert size(read(path, FileOptions(mutual=True))) == (3, 1)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.gexf", '<!DOCTYPE g [<!ENTITY a "b">]><gexf/>', "line 1: found a document type"),
        ("a.gexf", "<gexf><graph>", "not well-formed"),
        ("a.gexf", "<html/>", "not a readable GEXF file"),
        ("a.gml", "graph [ node [ id 1 ", "not a readable GML file"),
        ("a.gml", "1 2\n", "not a readable GML file"),
        ("a.gml", "graph [" * 3_000, "not a readable GML file"),
        ("a.net", "*Vertices x\n", "not a readable Pajek file"),
        ("a.net", '*Vertices 2\n1 "a"\n*Edges\n1 7\n', "Pajek|people|person"),
    ],
)
def test_bad_files_of_other_formats_give_one_message(
    name: str, text: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(GraphError, match=words) as caught:
        read(written(tmp_path, text, name))
    assert "\n" not in str(caught.value)


def test_a_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_files, "_SUSPICIOUS", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"1,2\n" * (1 << 22), compresslevel=9))
    with pytest.raises(GraphError, match="not a plausible text file"):
        read(path)
    path.write_bytes(gzip.compress("".join(f"{a},{b}\n" for a, b in RING).encode()))
    assert size(read(path)) == (12, 24)


#: Of each graph of the cases: its people and ties, or what refuses it; then with bad weights dropped.
GRAPHS: dict[str, tuple[tuple[int, int] | str, tuple[int, int] | None]] = {
    "G02-unknown-header.csv": ((60, 180), None),
    "G02b-zh-header.csv": ((60, 180), None),
    "G03-comma-in-quoted-names.txt": ("no name of one column stands in the other", None),
    "G05-zero-weight.csv": ("--graph-bad-weights drop", (60, 179)),
    "G07-decimal-comma.csv": ((60, 180), None),
    "G13-timestamped.txt": ((60, 180), None),
    "G16-matrix.csv": ((3, 2), None),
    "G19-arrows.txt": ((60, 180), None),
    "G21-ids-first.csv": ((60, 180), None),
    "M01-igraph-nan-weight.graphml": ("--graph-bad-weights drop", (60, 179)),
    "M04-gephi-zero-weight.graphml": ("--graph-bad-weights drop", (60, 179)),
}


@pytest.mark.skipif(not CASES.is_dir(), reason="the files of ../shared/cases are not here")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graphs_that_users_bring_have_their_right_value(name: str) -> None:
    wanted, dropped = GRAPHS[name]
    if isinstance(wanted, str):
        with pytest.raises(GraphError) as caught:
            read(CASES / name)
        assert wanted in str(caught.value)
    else:
        assert size(read(CASES / name)) == wanted
    if dropped is not None:
        assert size(read(CASES / name, FileOptions(bad_weights="drop"))) == dropped


def test_names_in_two_forms_are_one_and_rounded_ones_refused(tmp_path: Path) -> None:
    lines = [f"Zo\u00eb{a},Zoe\u0308{b}" for a, b in RING]
    assert size(read(written(tmp_path, lines))) == (12, 24)
    with pytest.raises(GraphError, match="a spreadsheet has rounded"):
        read(written(tmp_path, ["source,target", *(f"{a}.00000E+17,{b}" for a, b in RING)]))
    assert size(read(written(tmp_path, ["sep=;", "source;target", *(f"{a};{b}" for a, b in RING)]))) == (
        12,
        24,
    )


def test_a_column_is_either_names_or_weights(tmp_path: Path) -> None:
    path = written(tmp_path, [f"{a},{b},{1 + a}" for a, b in RING])
    with pytest.raises(GraphError, match="need columns of their own"):
        read(path, FileOptions(columns="1,3", weight="3"))
