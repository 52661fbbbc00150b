"""Keyed draws: uniform, independent, the same for ever. Levels: 1e-4 for each test of a distribution."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from shequn.sim.kernel.chance import (
    Draws,
    Keys,
    Purpose,
    exponential,
    exponentials,
    fresh_keys,
    normal,
    normals,
    pair,
    run_seed,
    uniform,
    uniforms,
    word,
)

LEVEL = 1e-4
N = 1 << 16
NUMBERS: Keys = np.arange(N, dtype=np.uint64)


def along(axis: str) -> Draws:
    """Draws that differ in one of the four numbers that name them."""
    if axis == "key":
        return uniforms(1, Purpose.VISIT, NUMBERS)
    if axis == "count":
        return uniforms(1, Purpose.VISIT, np.full(N, 5, dtype=np.uint64), NUMBERS)
    if axis == "key × 2**32":
        return uniforms(1, Purpose.VISIT, NUMBERS << np.uint64(32))
    one = np.array([5], dtype=np.uint64)
    if axis == "seed":
        return np.array([uniforms(seed, Purpose.VISIT, one)[0] for seed in range(8192)])
    return np.array([uniforms(1, purpose, one)[0] for purpose in range(8192)])


AXES = ("key", "count", "key × 2**32", "seed", "purpose")


def chi_square_level(counts: npt.NDArray[np.int64]) -> float:
    """p-value that all cells are equally likely."""
    return float(stats.chisquare(counts.ravel()).pvalue)


@pytest.mark.parametrize("axis", AXES)
def test_draws_are_uniform(axis: str) -> None:
    draws = along(axis)
    assert draws.min() > 0.0 and draws.max() < 1.0
    assert chi_square_level(np.histogram(draws, 256, (0, 1))[0]) > LEVEL
    fine = (draws * 2**16 % 1.0) * 16  # the lower bits likewise
    assert chi_square_level(np.bincount(fine.astype(int), minlength=16)) > LEVEL


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("lag", [1, 2, 16])
def test_draws_of_neighbouring_names_are_independent(axis: str, lag: int) -> None:
    draws = along(axis)
    cells = np.histogram2d(draws[:-lag], draws[lag:], 16, ((0, 1), (0, 1)))[0]
    assert chi_square_level(cells) > LEVEL


def test_draws_for_different_purposes_are_independent() -> None:
    of = [uniforms(1, purpose, NUMBERS) for purpose in (Purpose.VISIT, Purpose.LAPSE, Purpose.LEAVE)]
    for a, b in itertools.combinations(of, 2):
        assert chi_square_level(np.histogram2d(a, b, 16, ((0, 1), (0, 1)))[0]) > LEVEL


def test_exponentials_and_normals_have_their_distributions() -> None:
    assert stats.kstest(exponentials(1, Purpose.VISIT, NUMBERS), "expon").pvalue > LEVEL
    assert stats.kstest(normals(1, Purpose.GATE_SEES, NUMBERS), "norm").pvalue > LEVEL


def test_a_scalar_draw_is_the_vectorised_one_to_one_unit_in_the_last_place() -> None:
    keys = np.concatenate((NUMBERS[:500], NUMBERS[:500] << np.uint64(40)))
    for count in (0, 7, 1 << 33):
        u, e, z = (f(9, Purpose.GATE, keys, count) for f in (uniforms, exponentials, normals))
        for k, key in enumerate(keys):
            assert uniform(9, Purpose.GATE, key, count) == u[k]
            np.testing.assert_array_max_ulp(exponential(9, Purpose.GATE, key, count), e[k], 1)
            assert normal(9, Purpose.GATE, key, count) == pytest.approx(z[k], rel=1e-13, abs=1e-15)


def test_purposes_are_distinct() -> None:
    assert len({purpose.value for purpose in Purpose}) == len(Purpose.__members__)


def test_a_pair_is_ordered_and_pairs_do_not_collide() -> None:
    pairs = {int(pair(a, b)) for a in range(60) for b in range(60)}
    assert len(pairs) == 3600


@pytest.mark.parametrize(
    ("name", "bits", "u", "e", "z"),
    [
        ((1, 20, 0, 0), 0xB6EF1EB70310A5FC, 0.7145861813360761, 0.3360516712007421, 0.018956941512070436),
        ((1, 20, 1, 0), 0x1348A07726EEDE87, 0.07532694729792005, 2.585917342352765, -1.5910460159871351),
        (
            (2**63 - 1, 41, 2**63, 2**40),
            0x27237070195D6572, 0.1528845094375036, 1.8780724829028248, 0.6481674316864546,
        ),
        (
            (7, Purpose.QUALITY, 12345, 3),
            0x6C58AE94CE46BBE4, 0.4232281792922334, 0.859843814425527, -1.1417321990817408,
        ),
    ],
)  # fmt: skip
def test_draws_are_fixed_for_ever(name: tuple[int, ...], bits: int, u: float, e: float, z: float) -> None:
    numbers = [np.uint64(number) for number in name]
    assert int(word(*numbers)) == bits
    assert uniform(*numbers) == u
    assert exponential(*numbers) == pytest.approx(e, rel=1e-15)
    assert normal(*numbers) == pytest.approx(z, rel=1e-14)


def test_keys_and_seeds_are_fixed_for_ever() -> None:
    assert fresh_keys(2, 1, 3).tolist() == [0x27D8176CBB5F8392, 0x3559D68C77B794D3, 0x55D4A4A64C13AF00]
    assert (run_seed(1, 0), run_seed(1, 1)) == (1, 8392912991070547767)
    assert int(pair(3, 4)) == 0x1D0B14E4DB018FE9
    numbers = {purpose.name: purpose.value for purpose in Purpose}
    assert numbers["QUALITY"] == 1 and numbers["VISIT"] == 20 and numbers["WELCOME_DELAY"] == 41


def test_the_people_an_operation_brings_have_keys_of_their_own() -> None:
    keys = np.concatenate([fresh_keys(o, k, 2000) for o in range(5) for k in range(5)])
    assert len(np.unique(keys)) == len(keys)
    assert run_seed(1, 3) != run_seed(2, 3) != run_seed(2, 4)
