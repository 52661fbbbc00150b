"""What Python reads of people: the columns of both of their records, as if they were one."""

from typing import Any

import numpy as np
import numpy.typing as npt

from shequn.sim.kernel.state import member_dtype, person_dtype

#: Both records of a person.
everybody_dtype = np.dtype(
    [(name, dtype[name]) for dtype in (person_dtype, member_dtype) for name in dtype.names or ()]
)


class Everybody:
    """All people, to be read like one array of records (``everybody_dtype``).

    Who has neither come to the door nor been of the staff has the numbers of the blank record in ``members``: their
    drivers, rhythm and places have not been drawn, and are nan.

    Parameters
    ----------
    people : person_dtype array (n)
    members : member_dtype array
    """

    dtype = everybody_dtype

    def __init__(self, people: npt.NDArray[Any], members: npt.NDArray[Any]) -> None:
        self._people, self._members = people, members

    def __len__(self) -> int:
        return len(self._people)

    def __getitem__(self, which: Any) -> Any:
        """A column by its name; else the whole records of the people at this position or these."""
        if not isinstance(which, str):
            people = np.atleast_1d(self._people[which])
            records = np.empty(people.shape, everybody_dtype)
            for name in everybody_dtype.names or ():
                records[name] = Everybody(people, self._members)[name]
            return records[0] if np.ndim(self._people[which]) == 0 else records
        if which in (person_dtype.names or ()):
            return self._people[which]
        return self._members[which][self._people["member"]]

    def field(self, person: int, name: str) -> Any:
        """One field of one person."""
        who = self._people[person]
        return who[name] if name in (person_dtype.names or ()) else self._members[who["member"]][name]

    def copy(self) -> "Everybody":
        """The same people as they are now."""
        return Everybody(self._people.copy(), self._members.copy())
