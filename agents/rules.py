"""All coefficients of all rules: what a scenario may set under ``rules``."""

from shequn.agents import (
    advertising,
    buying,
    daring,
    earning,
    inviting,
    joining,
    leaving,
    perception,
    posting,
    satisfaction,
    task,
    visiting,
)
from shequn.agents import drivers as _drivers
from shequn.agents.coefficients import Group

#: One group per file of rules; the drivers come first, in the order of ``Driver``.
GROUPS: tuple[Group, ...] = (
    *(getattr(_drivers, driver.name.lower()).GROUP for driver in _drivers.Driver),
    satisfaction.GROUP,
    perception.GROUP,
    leaving.GROUP,
    visiting.GROUP,
    posting.GROUP,
    inviting.GROUP,
    joining.GROUP,
    task.GROUP,
    earning.GROUP,
    buying.GROUP,
    advertising.GROUP,
    daring.GROUP,
)
