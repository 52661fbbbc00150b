"""Statistics of logs in print."""

from shequn.app.answers.logs import written


def test_numbers_in_print() -> None:
    assert written(0.1234, "share") == "12.3 %"
    assert (written(7.0, "days"), written(218.4, "days"), written(1.7503, "number")) == ("7.0", "218", "1.75")
    assert written(float("nan"), "share") == written(None, "days") == "–"
