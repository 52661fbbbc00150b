"""Statistics of logs in print."""

from shequn.app.answers.logs import value_text


def test_numbers_in_print() -> None:
    assert value_text(0.1234, "share") == "12.3 %"
    assert (value_text(7.0, "days"), value_text(218.4, "days"), value_text(1.7503, "number")) == (
        "7.0",
        "218",
        "1.75",
    )
    assert value_text(float("nan"), "share") == value_text(None, "days") == "–"
