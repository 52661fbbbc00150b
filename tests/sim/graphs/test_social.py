"""The social generator: degrees, shares, clustering, homophily, layers; the same every time."""

import hashlib
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from shequn.sim.graphs.graph import INTEREST, KNOW, PLACE, Graph, GraphError, from_pairs
from shequn.sim.graphs.measures import describe
from shequn.sim.graphs.social import LAYER_SIZES, LAYER_STRENGTHS, social
from shequn.sim.kernel import social_ties
from shequn.sim.kernel.chance import Purpose, uniforms
from tests.sim.graphs.test_graphs import check_form

ROOT = Path(__file__).resolve().parents[3]
Floats = npt.NDArray[np.float64]
large = pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="too many people without compilation"
)


def traits(n: int) -> tuple[npt.NDArray[np.uint64], Floats, Floats, Floats, Floats]:
    """Keys, quality, topic and a home in a city of 10 km, all drawn uniformly."""
    keys = np.arange(n, dtype=np.uint64)
    quality, topic, x, y = (uniforms(1, Purpose.QUALITY, keys, count) for count in range(4))
    return keys, quality, topic, 10 * x, 10 * y


def tied(graph: Graph) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Lower and higher end of every tie, in the order of ties."""
    row = np.repeat(np.arange(graph.people), np.diff(graph.indptr))
    upper = row < graph.indices
    low, high = np.empty(graph.ties, dtype=int), np.empty(graph.ties, dtype=int)
    low[graph.tie[upper]], high[graph.tie[upper]] = row[upper], graph.indices[upper]
    return low, high


@large
@pytest.mark.parametrize(
    ("n", "degree", "place", "interest"),
    [
        (20_000, 20, 0.3, 0.4), (20_000, 20, 0, 0), (20_000, 20, 1, 0), (20_000, 20, 0, 1),
        (20_000, 3, 0.5, 0.5), (5_000, 100, 0.3, 0.4), (400, 20, 0.3, 0.4), (100, 20, 0.5, 0.5),
        (50, 20, 0.3, 0.4), (25, 20, 0.3, 0.4), (22, 20, 0, 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("homophily", [0.0, 1.0])
def test_the_mean_degree_is_the_one_asked_for(
    n: int, degree: float, place: float, interest: float, homophily: float
) -> None:
    means = []
    for seed in range(1 if n > 1000 else 8):
        graph = social(*traits(n), degree, place, interest, homophily, seed=seed)
        check_form(graph)
        means.append(2 * graph.ties / n)
    assert np.mean(means) == pytest.approx(degree, rel=0.02)


@large
def test_ties_arise_in_the_shares_asked_for_and_say_so_in_their_dimensions() -> None:
    graph = social(*traits(20_000), 20, 0.3, 0.4)
    assert ((graph.dimensions & KNOW) > 0).all()
    assert ((graph.dimensions & PLACE) > 0).mean() == pytest.approx(0.3, abs=0.01)
    assert ((graph.dimensions & INTEREST) > 0).mean() == pytest.approx(0.4, abs=0.01)


@large
def test_ties_by_place_join_neighbours_and_ties_by_interest_join_like_topics() -> None:
    keys, quality, topic, x, y = traits(10_000)
    graph = social(keys, quality, topic, x, y)
    low, high = tied(graph)
    km = np.hypot(x[low] - x[high], y[low] - y[high])
    turn = np.abs(topic[low] - topic[high])
    turn = np.minimum(turn, 1 - turn)
    by_place, by_interest = (graph.dimensions & PLACE) > 0, (graph.dimensions & INTEREST) > 0
    assert np.median(km[by_place]) < 0.5 and np.median(km[~by_place]) > 4
    assert turn[by_interest].max() < 0.02 and np.median(turn[~by_interest]) > 0.2


def test_the_topic_circle_has_no_seam_and_the_city_has_edges() -> None:
    keys, quality, topic, x, y = traits(3_000)
    order = np.argsort(topic)
    graph = social(keys, quality, topic, degree=10, place_share=0, interest_share=1)
    first, last = order[:3], order[-3:]
    rows = [set(graph.indices[graph.indptr[i] : graph.indptr[i + 1]].tolist()) for i in first]
    assert any(row & set(order[-20:].tolist()) for row in rows) and len(last) == 3
    city = social(keys, quality, topic, x, y, degree=10, place_share=1, interest_share=0)
    low, high = tied(city)
    assert np.hypot(x[low] - x[high], y[low] - y[high]).max() < 6


def test_hilberts_curve_visits_every_cell_once_and_moves_by_one_cell() -> None:
    cells = 16
    across, up = (a.ravel() for a in np.meshgrid(np.arange(cells), np.arange(cells)))
    place = np.empty(cells * cells, dtype=np.int64)
    social_ties.along_the_city(across, up, place)
    order = np.argsort(place)
    assert sorted(place.tolist()) == list(range(cells * cells))
    assert (np.abs(np.diff(across[order])) + np.abs(np.diff(up[order])) == 1).all()


@large
def test_clustering_is_like_that_of_real_friendships_and_of_chance_without_place_and_interest() -> None:
    near = describe(social(*traits(20_000)))["clustering"]
    chance = describe(social(*traits(20_000), place_share=0, interest_share=0))["clustering"]
    assert 0.10 < near < 0.30 and chance < 0.01


@large
def test_degrees_vary_as_sociability_does() -> None:
    found = describe(social(*traits(20_000)))
    assert 0.5 < found["degree_sd"] / found["degree_mean"] < 0.8
    assert found["degree_max"] < 8 * found["degree_mean"]
    assert found["isolated_share"] < 0.002


@large
def test_homophily_ties_like_quality_to_like_and_none_ties_at_random() -> None:
    keys, quality, topic, x, y = traits(20_000)
    correlations = []
    for homophily in (0.0, 0.3, 1.0):
        low, high = tied(social(keys, quality, topic, x, y, homophily=homophily))
        correlations.append(
            np.corrcoef(np.r_[quality[low], quality[high]], np.r_[quality[high], quality[low]])[0, 1]
        )
    none, some, full = correlations
    assert abs(none) < 4 / math.sqrt(200_000)
    assert none + 0.05 < some < full - 0.1


@large
@pytest.mark.parametrize("homophily", [0.3, 1.0])
def test_the_best_and_the_worst_have_as_many_ties_as_others(homophily: float) -> None:
    keys, quality, *others = traits(40_000)
    degree = np.diff(social(keys, quality, *others, homophily=homophily).indptr)
    middle = degree[np.abs(quality - 0.5) < 0.1]
    for end in (degree[quality > 0.95], degree[quality < 0.05]):
        assert stats.ttest_ind(end, middle, equal_var=False).pvalue > 1e-4
        assert end.mean() == pytest.approx(middle.mean(), rel=0.06)


@large
def test_nobody_has_more_ties_in_a_layer_than_dunbar_allows() -> None:
    graph = social(*traits(5_000), 60)
    assert sorted(set(graph.strength.tolist())) == sorted(np.float32(LAYER_STRENGTHS).tolist())
    closest = 0
    for i in range(graph.people):
        strength = graph.strength[graph.tie[graph.indptr[i] : graph.indptr[i + 1]]]
        for size, level in zip(LAYER_SIZES, LAYER_STRENGTHS, strict=False):
            assert (strength >= np.float32(level)).sum() <= size
        closest += int((strength == 1).sum())
    assert closest / graph.people > 1
    assert (social(*traits(500), layers=False).strength == 1).all()


def test_a_tie_is_as_close_as_the_less_close_of_its_ends_holds_it() -> None:
    """One with fewer than five ties holds all as closest; the other end decides."""
    keys = np.arange(9, dtype=np.uint64)
    start = np.array([0, 8, 8, 8, 8, 8, 8, 8, 8, 8])
    partner = np.arange(1, 9, dtype=np.int32)
    graph = from_pairs(9, np.zeros(8, dtype=int), partner)
    score = np.array([5, 80, 30, 70, 10, 60, 40, 20], dtype=np.uint32)
    limits = np.empty((len(keys), 3), dtype=np.uint32)
    social_ties.thresholds(
        graph.indptr, graph.tie, score, np.array(LAYER_SIZES), np.empty(9, np.uint32), limits
    )
    strength = np.empty(8, dtype=np.float32)
    social_ties.layer_strengths(
        start, partner, score, limits, np.array(LAYER_STRENGTHS, np.float32), strength
    )
    assert strength.tolist() == [0.5, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 0.5]


def test_rows_from_the_loops_are_those_from_numpy() -> None:
    rng = np.random.default_rng(1)
    n, m = 200, 3_000
    first = rng.integers(0, n, m).astype(np.int32)
    second = ((first + rng.integers(1, n, m)) % n).astype(np.int32)
    start, partner = np.zeros(n + 1, dtype=np.int64), np.empty(m, dtype=np.int32)
    bits = np.empty(m, dtype=np.uint8)
    kept = social_ties.one_tie_per_pair(n, first, second, np.ones(m, np.uint8), start, partner, bits)
    indptr, indices, tie = (
        np.zeros(n + 1, np.int64),
        np.empty(2 * kept, np.int32),
        np.empty(2 * kept, np.int32),
    )
    most = social_ties.degrees(n, start, partner[:kept], indptr)
    assert most == np.diff(indptr).max()
    social_ties.rows(n, start, partner[:kept], indptr, indices, tie)
    wanted = from_pairs(n, first, second)
    assert kept == wanted.ties
    assert np.array_equal(indptr, wanted.indptr)
    assert np.array_equal(indices, wanted.indices) and np.array_equal(tie, wanted.tie)


@large
def test_without_places_their_share_goes_to_the_others_and_a_note_says_so() -> None:
    keys, quality, topic, *_ = traits(10_000)
    graph = social(keys, quality, topic, place_share=0.5, interest_share=0.2)
    assert ((graph.dimensions & INTEREST) > 0).mean() == pytest.approx(0.4, abs=0.01)
    assert graph.notes == (
        "no places: ties by place become ties by interest (now 40% of all) and at random (60%)",
    )
    alone = social(keys[:500], quality[:500], topic[:500], place_share=1, interest_share=0)
    assert ((alone.dimensions & INTEREST) > 0).mean() > 0.95


def test_small_worlds_have_a_graph_too() -> None:
    for n in (1, 2, 3, 5, 21):
        graph = social(*traits(n))
        assert graph.ties == n * (n - 1) // 2
        if n > 1:
            check_form(graph)
        assert n in (1, 21) or "everybody is tied to everybody" in graph.notes[-1]
    assert social(*traits(100), degree=0).ties == 0
    same = np.zeros(60)
    check_form(social(np.arange(60, dtype=np.uint64), same, same, same, same, degree=5))


def test_keys_stay_the_peoples_own() -> None:
    keys, *others = traits(300)
    graph = social(keys * np.uint64(7) + np.uint64(2), *others, degree=6)
    assert graph.keys.tolist() == (keys * np.uint64(7) + np.uint64(2)).tolist()
    assert graph.labels is not None and graph.labels[:2] == ["2", "9"]


def test_another_seed_gives_another_graph_and_the_same_seed_the_same() -> None:
    people = traits(500)
    one, again, other = (digest(social(*people, seed=seed)) for seed in (5, 5, 6))
    assert one == again != other
    assert digest(social(*people, seed=2**63 - 1)) != digest(social(*people, seed=2**63 - 2))


def digest(graph: Graph) -> str:
    sha = hashlib.sha256()
    for array in (graph.indptr, graph.indices, graph.tie, graph.strength, graph.dimensions):
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()


def test_compilation_off_gives_the_same_graph() -> None:
    program = (
        "from tests.sim.graphs.test_social import digest, social, traits; print(digest(social(*traits(300))))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == digest(social(*traits(300)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"degree": -1}, "degree is -1"),
        ({"degree": math.nan}, "degree is nan"),
        ({"degree": math.inf}, "degree is inf"),
        ({"degree": 1e9}, "ties; allowed: at most"),
        ({"place_share": 1.1}, "place_share is 1.1; allowed: 0 to 1"),
        ({"interest_share": math.nan}, "interest_share is nan"),
        ({"homophily": -0.1}, "homophily is -0.1"),
        ({"place_share": 0.7, "interest_share": 0.7}, "sum to 1.4"),
    ],
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        social(*traits(100), **wrong)  # type: ignore[arg-type]


def test_the_world_is_small() -> None:
    """Six degrees (field notes S6): random ties make all reachable in a few steps."""
    graph = social(*traits(2_000))
    low, high = tied(graph)
    made = nx.Graph(zip(low.tolist(), high.tolist(), strict=True))
    steps = nx.single_source_shortest_path_length(made, 0)
    assert len(steps) > 1_990 and np.mean(list(steps.values())) < 6
