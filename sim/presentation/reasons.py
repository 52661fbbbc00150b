"""Why members leave, in words."""

from shequn.sim.language import N_, _

#: The words for each reason of the table ``departures``.
REASONS = {
    "honor": N_("too little recognition"),
    "interest": N_("too little of interest to them"),
    "benefit": N_("too little benefit"),
    "relationship": N_("friends gone, or strangers all around"),
    "event": N_("nothing going on any more"),
    "locality": N_("nobody nearby"),
    "standard": N_("below their own standard"),
    "crowding": N_("too much to read"),
    "options": N_("better elsewhere, or by chance"),
    "clock": N_("their time was up"),
    "removal": N_("removed by the operator"),
    "term": N_("the term was over"),
}


def reason_text(reason: str) -> str:
    """A reason in words; a driver without words of its own is described by its name."""
    return _(REASONS[reason]) if reason in REASONS else _("too little {word}").format(word=reason)
