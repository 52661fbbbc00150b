"""A sensitivity analysis in words."""

from shequn.app.answers.sensitivity import sentences
from shequn.experiments.global_sensitivity.indices import Index


def _total(factor: str, value: float, clear: bool) -> Index:
    return Index(factor, "total", value, value - 0.1, value + 0.1, 0.0, clear)


def test_factors_are_named_by_their_index_the_strongest_first() -> None:
    found = [_total("fee", 0.3, True), _total("quota", 0.6, True), _total("size", 0.05, False)]
    output = sentences("end", found, "sobol")
    assert output[0].startswith(
        "Members at the end, share of the variance, interactions included: quota 0.6 ("
    )
    assert "; " not in output[0] and output[0].index("quota") < output[0].index("fee")
    assert output[1] == "Not distinguishable from 0: size."


def test_a_response_that_nothing_moves_is_reported_to_have_no_factor() -> None:
    assert "no factor is distinguishable from 0" in sentences("end", [_total("fee", 0.0, False)], "sobol")[0]
