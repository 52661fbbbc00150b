"""One visitor's visit: what the browser asks for, done to the visitor's own two communities."""

import time
from typing import Any

from shequn.app.classroom import limits
from shequn.app.classroom import messages as asking
from shequn.app.classroom.allowance import Allowance
from shequn.app.classroom.curves import Curves
from shequn.app.classroom.lessons import Lesson, lessons
from shequn.app.classroom.measures import measured
from shequn.app.classroom.notice import observations
from shequn.app.classroom.overview import glance
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.settings import SIDES, Bases, Settings
from shequn.app.classroom.sharing import CodeError, code_of, settings_of
from shequn.app.classroom.stage import Stage
from shequn.app.classroom.story import story
from shequn.app.classroom.words import code_fault, knob_label
from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _, ngettext, translated, use
from shequn.sim.scenario.errors import ScenarioError

_PICTURE_MS = 100  # from one picture to the next
_PICTURES_A_GLANCE = 5  # the table, the ties and the curves follow more slowly
_PATIENCE = 1.0  # seconds to wait for a browser that is still drawing
_ABOUT_SECONDS = 40.0  # that a run should play


class Visit:
    """Everything that belongs to one browser.

    Parameters
    ----------
    stage : Stage
    curves : Curves
    bases : Bases
    language : str
    document : bokeh.document.Document

    Raises
    ------
    ScenarioError, GraphError
        The scenario that the page was opened with cannot be run.
    """

    def __init__(self, stage: Stage, curves: Curves, bases: Bases, language: str, document: Any) -> None:
        self._stage, self._curves, self._bases = stage, curves, bases
        self._language, self._document = language, document
        self._pair: Pair | None = Pair(bases, bases.settings("own"))
        self._lesson: Lesson | None = None
        self._guess: int | None = None
        self._playing: Any = None
        self._skipping = False
        self._pace = 1
        self._number = self._drawn = 0
        self._sent_at = 0.0
        self._starts = Allowance(limits.STARTS_PER_SECOND, limits.STARTS_AT_ONCE)
        stage.heard = self.heard
        self._begun()
        stage.send("ready")

    def heard(self, data: Any) -> None:
        """Do what the browser asks for; what is not among the messages of `asking` is passed over."""
        use(self._language)
        message = asking.parse_message(data)
        if message is None or self._pair is None:
            return
        match message:
            case asking.Drawn():
                self._drawn = max(self._drawn, min(message.number, self._number))
            case asking.Move():
                self._move(self._pair, message)
            case asking.Play():
                self._play(message.on)
            case asking.Step():
                self._play(False)
                self._run(1)
            case asking.Skip():
                self._play(False)
                self._skipping = True
                self._skip()
            case asking.Reset():
                self._play(False)
                self._start(self._pair.settings)
            case asking.Pace():
                self._pace = message.days
            case asking.Choose():
                self._choose(message.lesson)
            case asking.Guess():
                self._commit(message.answer)
            case asking.Tell():
                self._tell(self._pair, message)
            case asking.Read():
                self._read(message.code)

    def close(self) -> None:
        """Let go of everything: the browser is gone, and the document's callbacks with it."""
        self._skipping = False
        self._stage.heard = None
        self._pair = None

    def _start(self, settings: Settings) -> bool:
        """Begin anew with these settings. Returns whether that could be done."""
        assert self._pair is not None
        if not self._starts.take():
            self._fault(_("Not so fast: wait a second."))
            return False
        try:
            self._pair.start(settings)
        except (ScenarioError, GraphError) as error:
            self._fault(_("This cannot be run: {reason}").format(reason=str(error)))
            return False
        self._begun()
        return True

    def _begun(self) -> None:
        pair = self._pair
        assert pair is not None
        self._pace = max(
            1, min(limits.DAYS_AN_UPDATE, round(pair.last * _PICTURE_MS / 1000 / _ABOUT_SECONDS))
        )
        self._curves.begin(pair)
        self._stage.send("crowd", **{name: side.crowd() for name, side in pair.sides.items()})
        self._stage.send("pace", days=self._pace)
        self._show_settings()
        self._show_lesson()
        self._show(all_of_it=True)

    def _move(self, pair: Pair, message: asking.Move) -> None:
        try:
            settings = pair.settings.moved(message.side, message.key, message.position)
        except ValueError:
            return  # no page of ours asks for that
        if pair.day == 0:
            self._start(settings)
        else:
            try:
                pair.move(settings, message.key)
            except ScenarioError as error:
                self._fault(_("This cannot be run: {reason}").format(reason=str(error)))
        self._show_settings()

    def _play(self, on: bool) -> None:
        self._skipping = False
        pair = self._pair
        if self._playing is not None and not on:
            self._document.remove_periodic_callback(self._playing)
            self._playing = None
            if pair is not None:
                self._show(all_of_it=True)
        elif on and self._playing is None and pair is not None and not pair.over:
            self._playing = self._document.add_periodic_callback(self._on, _PICTURE_MS)
        if pair is not None:
            self._stage.send("playing", on=self._playing is not None, over=pair.over)

    def _on(self) -> None:
        use(self._language)
        waiting = self._number > self._drawn and time.monotonic() - self._sent_at < _PATIENCE
        if self._pair is not None and not waiting:
            self._run(self._pace)

    def _run(self, days: int) -> None:
        pair = self._pair
        assert pair is not None
        pair.run(days, limits.STEP_SECONDS)
        if pair.over:
            self._ended()
        else:
            self._show(all_of_it=self._playing is None)

    def _ended(self) -> None:
        if self._playing is not None:
            self._play(False)
        else:
            self._show(all_of_it=True)
            self._stage.send("playing", on=False, over=True)
        self._show_lesson()

    def _skip(self) -> None:
        use(self._language)
        pair = self._pair
        if pair is None or not self._skipping:
            return
        pair.run(pair.last, limits.STEP_SECONDS)
        if pair.over:
            self._skipping = False
            self._ended()
        else:
            self._show(all_of_it=False)
            self._document.add_next_tick_callback(self._skip)  # others have a turn in between

    def _show(self, all_of_it: bool) -> None:
        """Send a picture; now and then, or if asked, with everything that follows more slowly."""
        pair = self._pair
        assert pair is not None
        self._number += 1
        self._more_people(pair)
        everything = all_of_it or self._number % _PICTURES_A_GLANCE == 0
        picture: dict[str, Any] = {name: side.looks() for name, side in pair.sides.items()}
        if everything:
            picture["ties"] = {name: side.ties() for name, side in pair.sides.items()}
        members = {name: int(side.days[-1]["members"]) for name, side in pair.sides.items()}
        self._stage.send(
            "picture",
            number=self._number,
            day=pair.day,
            days=pair.last,
            members={
                name: ngettext("{n} member", "{n} members", n).format(n=f"{n:,}")
                for name, n in members.items()
            },
            **picture,
        )
        self._sent_at = time.monotonic()
        if everything:
            self._curves.follow(pair)
            a, b = (measured(pair.sides[name]) for name in SIDES)
            left = {name: side.lately_left() for name, side in pair.sides.items()}
            self._stage.send("glance", rows=glance(a, b), left=left)

    def _more_people(self, pair: Pair) -> None:
        """Send the crowd again when a flood has brought people who were not there."""
        if any(side.grown() for side in pair.sides.values()):
            self._stage.send("crowd", **{name: side.crowd() for name, side in pair.sides.items()})

    def _show_settings(self) -> None:
        assert self._pair is not None
        settings = self._pair.settings
        differing = settings.differing()
        comma = _(", ")
        if differing:
            names = comma.join(knob_label(key).lower() for key in differing)
            differ = _(
                "A and B differ in: {what}. Everything else is the same: people, friendships, luck."
            ).format(what=names)
        else:
            differ = _("A and B are alike: the same people, the same luck, the same rules.")
        waiting = comma.join(knob_label(key).lower() for key in sorted(self._pair.waiting))
        self._stage.send(
            "settings",
            scenario=translated(self._bases.scenario(settings.base).title),
            positions={side: {**settings.shared, **settings.sides[side]} for side in SIDES},
            differ=differ,
            waits=_("Takes effect after Reset: {what}.").format(what=waiting) if waiting else "",
            code=code_of(settings),
        )

    def _choose(self, name: str) -> None:
        self._lesson, self._guess = lessons().get(name), None
        self._play(False)
        self._show_lesson()

    def _commit(self, answer: int) -> None:
        lesson = self._lesson
        if lesson is None or self._guess is not None or answer >= len(lesson.answers):
            return
        self._play(False)
        self._guess = answer
        if not self._start(lesson.settings(self._bases)):
            self._guess = None
            self._show_lesson()

    def _show_lesson(self) -> None:
        pair, lesson = self._pair, self._lesson
        assert pair is not None
        notices: list[str] = []
        if lesson is not None and self._guess is not None and pair.over:
            a, b = (measured(pair.sides[name]) for name in SIDES)
            notices = observations(lesson.name, pair, a, b)
            if not lesson.is_set_up(pair.settings, self._bases):
                changed = _("Sliders have been moved since the lesson set them: this describes your own run.")
                notices.insert(0, changed)
        told = None if lesson is None else lesson.told()
        self._stage.send("lesson", lesson=told, guess=self._guess, notices=notices)

    def _tell(self, pair: Pair, message: asking.Tell) -> None:
        other = next(name for name in SIDES if name != message.side)
        sentences = story(pair.sides[message.side], pair.sides[other], message.person)
        if sentences:
            self._stage.send("story", side=message.side, sentences=sentences)

    def _read(self, code: str) -> None:
        try:
            settings = settings_of(code)
        except CodeError as error:
            self._fault(code_fault(error.kind))
            return
        self._play(False)
        self._start(settings)

    def _fault(self, text: str) -> None:
        self._stage.send("fault", text=text)
