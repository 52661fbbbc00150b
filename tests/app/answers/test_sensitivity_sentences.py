"""A sensitivity analysis in words."""

from shequn.app.answers.sensitivity import order_remark, sentences, unordered_factors
from shequn.experiments.global_sensitivity.indices import Index


def _total(factor: str, value: float, clear: bool, half: float = 0.1) -> Index:
    return Index(factor, "total", value, value - half, value + half, 0.0, clear)


def test_one_factor_is_the_strongest_only_if_its_interval_lies_above_the_others() -> None:
    apart = [_total("fee", 0.3, True), _total("quota", 0.6, True), _total("size", 0.05, False)]
    assert sentences("end", apart, "sobol") == [
        "Members at the end: quota moves it most: 60% of the variance.",
        "Also shown: fee.",
        "Not distinguishable from chance: size.",
    ]
    close = [_total("fee", 0.5, True), _total("quota", 0.6, True)]
    text = "Members at the end is moved by quota and fee; it is not shown which of them moves it most."
    assert sentences("end", close, "sobol") == [text]


def test_a_factor_that_chance_may_equal_is_not_the_strongest() -> None:
    found = [_total("fee", 0.6, True), _total("quota", 0.5, False, 0.3)]
    assert sentences("end", found, "sobol")[0] == (
        "Members at the end: fee moves it: 60% of the variance. Others may move it as much."
    )


def test_a_response_that_nothing_moves_is_reported_to_have_no_factor() -> None:
    (line,) = sentences("end", [_total("fee", 0.0, False)], "sobol")
    assert line == "Members at the end: no factor is distinguishable from chance."


def test_levels_without_order_have_no_elementary_effect() -> None:
    design = {
        "factors": {
            "gate": {"key": "gates", "levels": {"none": None, "task": {}, "quota": {}}},
            "two": {"levels": {"a": None, "b": {}}},
            "numbers": [1, 2, 3],
            "range": {"low": 0, "high": 1},
            "words": ["x", "y", "z"],
        }
    }
    unordered = unordered_factors(design)
    assert unordered == ["gate", "words"]
    found = [
        Index("gate", "mu_star", 9.0, 8.0, 10.0, 0.1, True),
        Index("range", "mu_star", 3.0, 2.0, 4.0, 0.1, True),
    ]
    assert sentences("end", found, "morris", unordered) == [
        "Members at the end: range moves it most: 3 on average over its range."
    ]
    assert "gate and words have no order" in order_remark(unordered, "morris")[0]
    assert order_remark(unordered, "sobol") == []
