"""The machine: time, event order, state, graph, chance, scenario and records; it carries out members' decisions."""

if not __name__.startswith("shequn."):
    raise ImportError(
        f"import shequn.{__name__}: a second copy under the name {__name__} would not be the same"
    )
