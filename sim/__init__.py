"""The machine: time, order, state, graph, chance, scenario, recording; it carries out what members decide."""

if not __name__.startswith("shequn."):
    raise ImportError(
        f"import shequn.{__name__}: a second copy under the name {__name__} would not be the same"
    )
