"""A run's journal as a log; replies and invitations where the answer is known."""

from pathlib import Path

import numpy as np
import pytest

from shequn.experiments.logs.activity import DAY
from shequn.experiments.logs.invitations import invitation_facts
from shequn.experiments.logs.log import NOBODY, Invitations, Log, LogError, mean_quality
from shequn.experiments.logs.replies import reply_effect
from shequn.experiments.logs.runs import is_journal, read_run
from shequn.sim.kernel.state import JournalKind, journal_dtype
from shequn.sim.results.parquet import JournalFile

K = JournalKind
#: time, kind, person, other, value
ROWS = [
    (0.0, K.JOIN, 7, NOBODY, 0.0),
    (0.0, K.JOIN, 3, NOBODY, 0.0),
    (0.5, K.POST, 7, NOBODY, 0.4),
    (1.0, K.JOIN, 5, 7, 0.0),
    (1.5, K.REPLY, 3, 7, 0.6),
    (2.0, K.VISIT, 5, NOBODY, 0.0),
    (2.1, K.REPLY, 5, 3, 0.5),
    (3.0, K.JOIN, 9, 4, 0.0),
    (3.0, K.POST, 9, NOBODY, 0.2),
]


def run_folder(
    top: Path, rows: list[tuple[float, int, int, int, float]], scenario: str | None = None
) -> Path:
    """A run's folder with a journal, as far as a log is read from it."""
    folder = top / "small" / "0123456789ab"
    (folder / "tables").mkdir(parents=True)
    journal = np.zeros(len(rows), dtype=journal_dtype)
    for name, values in zip(
        ("time", "kind", "person", "other", "value"), zip(*rows, strict=True), strict=True
    ):
        journal[name] = values
    file = JournalFile(folder / "tables" / "journal.parquet", 0)
    file(journal)
    file.close()
    if scenario is not None:
        (folder / "scenario.yaml").write_text(scenario)
    return folder


def test_posts_and_replies_are_the_events_and_the_run_has_an_end(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, ROWS, "format: 1\nstart: 1970-01-11\ndays: 30\n")
    log = read_run(folder)
    assert log.title == "small/0123456789ab"
    np.testing.assert_allclose(log.time / DAY, [10.5, 11.5, 12.1, 13.0])
    assert log.person.tolist() == [0, 1, 2, 3]  # 7, 3, 5, 9
    assert log.end == 40 * DAY
    assert log.answers is None and log.answered is not None
    assert log.answered.tolist() == [NOBODY, 0, 1, NOBODY]
    assert log.invitations is not None
    assert log.invitations.inviter.tolist() == [NOBODY, NOBODY, 0, 4]  # 9 was brought by one who never wrote


def test_a_journal_alone_is_a_log_too(tmp_path: Path) -> None:
    file = run_folder(tmp_path, ROWS) / "tables" / "journal.parquet"
    assert is_journal(file) and not is_journal(tmp_path / "x.parquet")
    log = read_run(file)
    assert len(log.time) == 4 and log.notes


@pytest.mark.parametrize(
    ("rows", "said"),
    [(ROWS[:2], "memberships only"), ([*ROWS[:2], ROWS[5]], "nobody wrote")],
)
def test_a_run_without_posts_is_refused(
    rows: list[tuple[float, int, int, int, float]], said: str, tmp_path: Path
) -> None:
    with pytest.raises(LogError, match=said):
        read_run(run_folder(tmp_path, rows))


def test_a_run_without_a_journal_or_with_a_damaged_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="--journal full"):
        read_run(tmp_path)
    folder = run_folder(tmp_path, ROWS)
    (folder / "tables" / "journal.parquet").write_bytes(b"PAR1 damaged")
    with pytest.raises(LogError, match="not a readable journal"):
        read_run(folder)


def test_the_reply_effect_by_hand() -> None:
    # a, answered by b the same day, comes back; c, answered by d after 20 days, comes back; e answers only
    # itself, comes back; b and d never again; f is answered after 40 days; z ends the log
    rows = [  # person, day, row answered
        ("a", 0.1, NOBODY),
        ("b", 0.2, 0),
        ("c", 0.3, NOBODY),
        ("e", 0.4, NOBODY),
        ("e", 1.0, 3),
        ("a", 2.0, NOBODY),
        ("f", 3.0, NOBODY),
        ("d", 20.0, 2),
        ("c", 21.0, 7),
        ("d", 43.0, 6),
        ("z", 400.0, NOBODY),
    ]
    names = "abcefdz"
    person = np.array([names.index(name) for name, _, _ in rows])
    answers = np.array([row for _, _, row in rows])
    log = Log(
        "made",
        person,
        np.array([day for _, day, _ in rows]) * DAY,
        answers=answers,
        answered=np.where(answers >= 0, person[answers], NOBODY),
    )
    found = reply_effect(log)
    assert found["first_answered"] == 3 / 6  # a, c and d, of a b c d e f
    assert found["again_answered"] == 1.0
    assert found["again_unanswered"] == pytest.approx(1 / 3)  # e of b, e, f
    assert found["day0_answered"] == 1 / 6  # a alone; all have one event on their first day
    assert found["day0_answered_again"] == 1.0
    assert found["day0_unanswered_again"] == 3 / 5  # c, d, e
    assert reply_effect(Log("made", person, log.time)) == {}


def test_an_answer_that_changes_nothing_shows_nothing_on_the_first_day() -> None:
    rng = np.random.default_rng(5)
    people = 20_000
    returns = rng.uniform(size=people) < 0.5
    first = rng.uniform(0, 100, people)
    back = np.flatnonzero(returns)
    answered = np.flatnonzero(rng.uniform(size=people) < 0.3)
    person = np.concatenate((np.arange(people), back, np.full(len(answered), people), [people]))
    time = np.concatenate((first, first[back] + rng.exponential(3, len(back)) + 1, first[answered], [400]))
    whom = np.concatenate((np.full(people + len(back), NOBODY), answered, [NOBODY]))
    found = reply_effect(Log("made", person, time * DAY, answered=whom))
    # two shares of 6,000 and 14,000: sd of the difference .0077; 4.5 of them, chance 7e-6
    assert found["day0_answered_again"] == pytest.approx(found["day0_unanswered_again"], abs=0.035)


def test_invitations_by_hand() -> None:
    # 0 brought 1 to 12, 13 (not listed) brought 0; 14 (not listed) nobody we know of
    inviter = np.array([13] + [0] * 12)
    quality = np.linspace(0, 1, 14)
    log = Log("made", np.array([0]), np.array([0.0]), invitations=Invitations(inviter, quality, np.arange(1)))
    found = invitation_facts(log)
    assert found["brought_another"] == pytest.approx(1 / 13)
    assert found["top10_inviters"] == pytest.approx(12 / 13)  # one of two inviters
    assert -1 <= found["quality_correlation"] <= 1
    same = Invitations(np.array([NOBODY, *range(12)]), np.arange(13.0), np.arange(1))
    assert invitation_facts(Log("made", np.array([0]), np.array([0.0]), invitations=same))[
        "quality_correlation"
    ] == pytest.approx(1.0)


def test_mean_quality_needs_five_rated_events() -> None:
    person = np.repeat([0, 1], [5, 6])
    rating = np.array([1, 2, 3, 4, 5, 9, 9, 9, 9, np.nan, np.nan], dtype=float)
    np.testing.assert_array_equal(mean_quality(person, rating, 3), [3.0, np.nan, np.nan])
