"""A file of a state is whole, ours and of this version, or refused with one message; it runs nothing."""

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shequn import Community, simulate
from shequn.sim.kernel.heap import event_tag, tag_person, tag_stint
from shequn.sim.kernel.state import EventKind, State
from shequn.sim.saving.state_file import StateError, read_about, read_state, state_digest, write_state
from tests.sim.small_worlds import world


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved state of some hundred kilobytes."""
    path = tmp_path_factory.mktemp("state") / "state.npz"
    simulate(world("camp"), 5, until=9, save=path)
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    arrays = {"a.b": np.arange(5), "c": np.zeros((2, 3), dtype=[("x", "f4"), ("y", "i8", (2,))])}
    digest = write_state(tmp_path / "x.npz", {"day": 3, "名": ["é", None]}, arrays)
    found = read_state(tmp_path / "x.npz", digest)
    assert (found.about["day"], found.about["名"], found.digest) == (3, ["é", None], digest)
    for name, array in arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
    assert read_about(tmp_path / "x.npz")["day"] == 3
    assert state_digest(tmp_path / "x.npz") == digest


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(state: Path, tmp_path: Path, share: float) -> None:
    whole = state.read_bytes()
    (tmp_path / "cut.npz").write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(
        StateError, match=r"cut\.npz is not a saved state of shequn, or it is incomplete or was changed"
    ):
        read_state(tmp_path / "cut.npz")


def test_one_byte_changed_anywhere_is_noticed_or_changes_nothing(state: Path, tmp_path: Path) -> None:
    """A zip holds bytes that mean nothing here (dates); all others are under a sum."""
    whole, right = state.read_bytes(), read_state(state)
    rng = np.random.default_rng(1)
    places = [*range(60), *rng.integers(0, len(whole), 150).tolist(), *range(len(whole) - 60, len(whole))]
    refused = 0
    for at in places:
        altered = bytearray(whole)
        altered[at] ^= 1 << int(rng.integers(8))
        (tmp_path / "altered.npz").write_bytes(altered)
        try:
            found = read_state(tmp_path / "altered.npz")
        except StateError:
            refused += 1
        else:
            assert found.digest == right.digest
            assert all((found.arrays[name].tobytes() == a.tobytes()) for name, a in right.arrays.items())
    assert refused > 0.7 * len(places)


class Harmful:
    """Unpickled, it writes a file."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.write_text, (Path("harmed"), "yes"))


@pytest.mark.parametrize("member", ["about", "digest", "world.people"])
def test_no_code_in_a_file_is_run(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, member: str
) -> None:
    monkeypatch.chdir(tmp_path)
    objects = io.BytesIO()
    np.save(objects, np.array([Harmful()], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(state) as old, zipfile.ZipFile("harmful.npz", "w") as new:
        for name in old.namelist():
            new.writestr(name, objects.getvalue() if name == f"{member}.npy" else old.read(name))
    with pytest.raises(StateError, match="not a saved state"):
        read_state(Path("harmful.npz"))
    Path("pickle.npz").write_bytes(pickle.dumps(Harmful()))
    with pytest.raises(StateError, match="not a saved state"):
        read_state(Path("pickle.npz"))
    assert not Path("harmed").exists()


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="there is no such state file"):
        read_state(tmp_path / "none.npz")
    np.save(tmp_path / "array.npy", np.arange(3))
    np.savez(tmp_path / "other.npz", a=np.arange(3))
    (tmp_path / "text.npz").write_text("format: 1")
    for name in ("array.npy", "other.npz", "text.npz"):
        with pytest.raises(StateError, match="not a saved state"):
            read_state(tmp_path / name)


def test_another_version_or_other_sources_are_named(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shequn.sim.saving.state_file.__version__", "9.9.9")
    write_state(tmp_path / "x.npz", {}, {})
    monkeypatch.undo()
    with pytest.raises(StateError, match=r"written by shequn 9\.9\.9, and this is "):
        read_state(tmp_path / "x.npz")
    monkeypatch.setattr("shequn.sim.saving.state_file.source_digest", lambda: "0123456789abcdef")
    with pytest.raises(StateError, match=r"other sources .* now 0123456789abcdef"):
        read_state(state)


def test_another_state_than_the_one_known_is_refused(state: Path) -> None:
    with pytest.raises(StateError, match="it has been replaced"):
        read_state(state, "0" * 64)


def test_a_failed_write_leaves_nothing_and_the_old_file(state: Path, tmp_path: Path) -> None:
    target = tmp_path / "state.npz"
    target.write_bytes(state.read_bytes())
    with pytest.raises(TypeError):
        write_state(target, {}, {"objects": np.array([{}], dtype=object)})
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]
    assert target.read_bytes() == state.read_bytes()


def outside(arrays: dict[str, Any], name: str, field: str | None, value: Any) -> None:
    array = arrays[f"world.{name}"] = arrays[f"world.{name}"].copy()
    if field is None:
        array[-1] = value
    elif name == "links":  # some are nobody's
        array[field] = value
    else:
        array[field][1 if name == "members" else 0] = value  # the first of members stands for nobody


WRONG: list[tuple[str, str | None, Any]] = [
    ("people", "state", 9),
    ("people", "links_start", 10**8),
    ("people", "n_links", 10**6),
    ("people", "n_links", -1),
    ("members", "invited_by", 10**6),
    ("people", "member", 10**6),
    ("people", "member", -1),
    ("totals", "n_records", 0),
    ("totals", "n_records", 10**9),
    ("members", "n_posts", 10**6),
    ("members", "seen_leaving_of", 10**6),
    ("members", "visit_due", float("nan")),
    ("links", "other", -2),
    ("links", "tie", 10**6),
    ("links", "tie", 0),  # of one tie all are ends
    ("links", "tie", ~0x7FC00000),  # not a number
    ("posts", "author", 10**6),
    ("gates", "kind", 99),
    ("totals", "n_ties", 10**9),
    ("spaces", "n_gates", 17),
    ("spaces", "parent", 0),
    ("spaces", "child", 7),
    ("spaces", "first", 10**6),
    ("rooms", "space", 5),
    ("rooms", "parent", 0),
    ("rooms", "pond", -1),
    ("rooms", "home", 10**6),
    ("rooms", "position", 10**6),
    ("room_of", None, 10**6),
    ("totals", "n_rooms", 10**6),
    ("totals", "n_applications", 10**6),
    ("members", "application", 10**6),
    ("members", "account", 10**6),
    ("totals", "free_membership", 10**6),
    ("totals", "n_days", 0),
    ("params", "shown", 1024.0),
    ("queue.tags", None, -1),
    ("queue.values", None, -1.0),
    ("queue.values", None, float("nan")),
    ("strangers.tags", None, (1 << 58) + 5),
]


@pytest.mark.parametrize(("name", "field", "value"), WRONG)
def test_a_forged_state_leads_out_of_no_array(
    state: Path, tmp_path: Path, name: str, field: str | None, value: Any
) -> None:
    """Its sums are right, but a number in it would lead compiled code astray."""
    about, arrays, _ = read_state(state)
    outside(arrays, name, field, value)
    write_state(tmp_path / "forged.npz", about, arrays)
    with pytest.raises(StateError, match="does not fit together"):
        Community.load(tmp_path / "forged.npz")


def test_a_member_without_a_seat_and_records_of_other_fields_are_refused(state: Path, tmp_path: Path) -> None:
    about, arrays, _ = read_state(state)
    people = arrays["world.people"]
    inside = np.flatnonzero(people["state"] == State.MEMBER)
    people["membership"][inside[0]] = people["membership"][inside[1]]
    write_state(tmp_path / "forged.npz", about, arrays)
    with pytest.raises(StateError, match="does not fit together"):
        Community.load(tmp_path / "forged.npz")
    del arrays["world.people"]
    for forged in (arrays, {**arrays, "world.people": np.zeros(3, dtype=[("key", "u8")])}):
        write_state(tmp_path / "forged.npz", about, forged)
        with pytest.raises(StateError, match="does not fit together"):
            Community.load(tmp_path / "forged.npz")


def refused(about: Any, arrays: dict[str, Any], path: Path, what: str) -> None:
    """A forged state is refused because of this."""
    write_state(path, about, arrays)
    with pytest.raises(StateError, match=rf"does not fit together \({what}\)"):
        Community.load(path)


def test_every_record_of_a_member_is_one_persons(state: Path, tmp_path: Path) -> None:
    about, arrays, _ = read_state(state)
    honest, path = arrays["world.people"], tmp_path / "forged.npz"
    known, never = np.flatnonzero(honest["member"] > 0), np.flatnonzero(honest["member"] == 0)
    assert len(known) > 3
    assert len(never) > 3

    def forged(**numbers: Any) -> dict[str, Any]:
        people = honest.copy()
        for person, number in numbers.items():
            people["member"][int(person[1:])] = number
        return {**arrays, "world.people": people}

    one, two, other = int(known[0]), int(known[1]), int(never[0])
    twice = forged(**{f"p{one}": honest["member"][two]})  # and a hole where their own was
    refused(about, twice, path, "people.member")
    refused(about, forged(**{f"p{other}": honest["member"][one]}), path, "people.member")
    refused(about, forged(**{f"p{one}": 0}), path, "people.member")  # a member without a record
    given_away = forged(**{f"p{one}": 0, f"p{other}": honest["member"][one]})  # each record is used once
    refused(about, given_away, path, "people.member")
    staff = int(np.flatnonzero(honest["state"] == State.STAFF)[0])
    assert honest["n_joins"][staff] == 0
    refused(about, forged(**{f"p{staff}": 0, f"p{other}": honest["member"][staff]}), path, "people.member")
    swapped = forged(**{f"p{one}": honest["member"][staff], f"p{staff}": honest["member"][one]})
    write_state(path, about, swapped)
    with pytest.raises(StateError, match="does not fit together"):  # each has a record, but it is not theirs
        Community.load(path)


@pytest.mark.parametrize(
    ("field", "value"), [("n_accepted", 1), ("gains", 0.5), ("left_at", 3.0), ("n_visits", 1)]
)
def test_the_blank_record_is_blank(state: Path, tmp_path: Path, field: str, value: float) -> None:
    about, arrays, _ = read_state(state)
    arrays["world.members"][field][0] = value
    refused(about, arrays, tmp_path / "forged.npz", "members")


def test_a_record_too_many_is_refused(state: Path, tmp_path: Path) -> None:
    about, arrays, _ = read_state(state)
    members, totals = arrays["world.members"], arrays["world.totals"].copy()
    totals["n_records"] += 1
    more = {**arrays, "world.members": np.append(members, members[:1]), "world.totals": totals}
    refused(about, more, tmp_path / "forged.npz", "people.member")
    refused(about, {**arrays, "world.members": members[:-1]}, tmp_path / "forged.npz", "members")


def test_who_was_never_a_member_has_invited_nobody(state: Path, tmp_path: Path) -> None:
    """What they would be counted in is the blank record, that of all outsiders."""
    about, arrays, _ = read_state(state)
    people, path = arrays["world.people"], tmp_path / "forged.npz"
    never = int(np.flatnonzero(people["member"] == 0)[0])
    invited = arrays["world.members"].copy()
    invited["invited_by"][people["member"][np.flatnonzero(people["state"] == State.WAITING)[0]]] = never
    refused(about, {**arrays, "world.members": invited}, path, "members.invited_by")
    tags = arrays["world.queue.tags"].copy()
    answer = np.flatnonzero(tags >> 59 == EventKind.ANSWER)[0]
    tags[answer] = event_tag(EventKind.ANSWER.value, tag_person(tags[answer]), never, tag_stint(tags[answer]))
    order = np.argsort(arrays["world.queue.values"], kind="stable")  # a heap still
    queue = {"world.queue.tags": tags[order], "world.queue.values": arrays["world.queue.values"][order]}
    refused(about, {**arrays, **queue}, path, "queue: answer")


def test_a_tie_to_who_was_never_a_member_has_not_grown(state: Path, tmp_path: Path) -> None:
    about, arrays, _ = read_state(state)
    people, links = arrays["world.people"], arrays["world.links"]
    ties = arrays["world.ties"]
    used = links[links["tie"] >= 0]
    to_outsiders = used[people["member"][used["other"]] == 0]
    assert len(to_outsiders)
    ties["grown"][to_outsiders["tie"][0]] = 0.5
    refused(about, arrays, tmp_path / "forged.npz", "ties.grown")
