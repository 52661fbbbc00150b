"""Names of the arms of a comparison as a reader knows them: their titles."""

from collections.abc import Mapping

from shequn.sim.language import translate

_MAX_TITLE = 60  # characters of a title that fits into a sentence and a legend


def arm_title(title: str, base: str, scenario_title: str) -> str:
    """The title of an arm: the scenario itself has that which its question gives it, if it gives one."""
    return base if base and title == scenario_title else title


def arm_labels(titles: Mapping[str, str]) -> dict[str, str]:
    """What to call each arm: its title or, where that is long or another arm has it, the name of its variant.

    Parameters
    ----------
    titles : mapping
        Titles by the names of the arms, such as ``reading-club:free``; the first is the one that the others are
        compared with. A variant without a title of its own has that of its scenario.
    """
    first = next(iter(titles))
    labels = {}
    for name, title in titles.items():
        is_alone = list(titles.values()).count(title) == 1 or name == first
        labels[name] = translate(title) if is_alone and len(title) <= _MAX_TITLE else short_arm(name, titles)
    if len(set(labels.values())) < len(labels):
        return {name: short_arm(name, titles) for name in titles}
    return labels


def short_arm(name: str, names: Mapping[str, str]) -> str:
    """The variant in the name of an arm, if all arms are of one scenario; else the whole name."""
    files = {other.rpartition(":")[0] or other for other in names}
    return name.rpartition(":")[2] if len(files) == 1 else name
