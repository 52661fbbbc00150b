"""One visitor's session: carries out the browser's messages on the visitor's own two communities."""

import time
from typing import Any

from shequn.app.classroom import limits, messages
from shequn.app.classroom.bases import Bases
from shequn.app.classroom.comes_back import rows
from shequn.app.classroom.control_panel import panel
from shequn.app.classroom.curves import Curves
from shequn.app.classroom.lessons import Lesson, lessons
from shequn.app.classroom.notice import observations
from shequn.app.classroom.overview import overview_rows
from shequn.app.classroom.pair import Pair
from shequn.app.classroom.series import Series, SeriesFullError, SeriesRunner
from shequn.app.classroom.settings import SIDES, Settings
from shequn.app.classroom.sharing import CodeError, settings_of
from shequn.app.classroom.stage import Stage
from shequn.app.classroom.story import story
from shequn.app.classroom.words import code_error, ten_title
from shequn.app.serving.allowance import Allowance
from shequn.sim.graphs.graph import GraphError
from shequn.sim.language import _, ngettext, set_language
from shequn.sim.scenario.errors import ScenarioError

_PICTURE_MS = 100  # milliseconds between pictures
_PICTURES_PER_OVERVIEW = 5  # the table, the ties and the curves are updated with every fifth picture
_MAX_WAIT_SECONDS = 1.0  # seconds to wait for a browser that is still drawing
_SERIES_MS = 50  # milliseconds between two looks at the ten runs
_TARGET_SECONDS = 40.0  # target duration of a run at the initial pace


class Visit:
    """The session of one browser.

    Parameters
    ----------
    stage : Stage
    curves : Curves
    bases : Bases
    runner : SeriesRunner
    language : str
    document : bokeh.document.Document

    Raises
    ------
    ScenarioError, GraphError
        The scenario of the command line cannot be run.
    """

    def __init__(
        self,
        stage: Stage,
        curves: Curves,
        bases: Bases,
        runner: SeriesRunner,
        language: str,
        document: Any,
    ) -> None:
        self._stage, self._curves, self._bases, self._runner = stage, curves, bases, runner
        self._language, self._document = language, document
        self._pair: Pair | None = Pair(bases, Settings.of_file("own"))
        self._shown_bases = self._pair.settings.bases  # which the page has shown while it waited
        self._series: Series | None = None
        self._series_settings: Settings | None = None
        self._n_pairs_shown = -1
        self._looking: Any = None
        self._series_starts = Allowance(limits.SERIES_PER_SECOND, limits.SERIES_BURST)
        self._lesson: Lesson | None = None
        self._guess: int | None = None
        self._playing: Any = None
        self._skipping = False
        self._pace = 1
        self._n_sent = self._n_drawn = 0
        self._sent_at = 0.0
        self._starts = Allowance(limits.STARTS_PER_SECOND, limits.START_BURST)
        stage.receiver = self.receive
        self._show_start()
        stage.send("ready")

    def receive(self, data: Any) -> None:
        """Carry out a message of the browser; anything that is not a valid message is ignored."""
        set_language(self._language)
        message = messages.parse_message(data)
        if message is None or self._pair is None:
            return
        match message:
            case messages.PictureDrawn():
                self._n_drawn = max(self._n_drawn, min(message.number, self._n_sent))
            case messages.Move():
                self._move(self._pair, message)
            case messages.Play():
                self._play(message.on)
            case messages.Step():
                self._play(False)
                self._run(1)
            case messages.Skip():
                self._play(False)
                self._skipping = True
                self._skip()
            case messages.Reset():
                self._play(False)
                self._start(self._pair.settings)
            case messages.AsInFile():
                self._play(False)
                self._start(self._pair.settings.as_in_the_file())
            case messages.RunTen():
                self._stop_ten()
                if message.on:
                    self._run_ten(self._pair.settings)
            case messages.Pace():
                self._pace = message.days
            case messages.ChooseLesson():
                self._choose_lesson(message.lesson)
            case messages.CommitGuess():
                self._commit_guess(message.answer)
            case messages.ShowStory():
                self._show_story(self._pair, message)
            case messages.UseCode():
                self._use_code(message.code)

    def close(self) -> None:
        """Release everything: the browser has gone, and with it the document's callbacks."""
        self._skipping = False
        self._stage.receiver = None
        self._pair = None
        if self._series is not None:
            self._runner.cancel(self._series)

    def _start(self, settings: Settings) -> bool:
        """Start again with these settings; return whether that was possible."""
        assert self._pair is not None
        if not self._starts.take():
            self._send_fault(_("Not so fast: wait a second."))
            return False
        try:
            self._pair.start(settings)
        except (ScenarioError, GraphError) as error:
            self._send_fault(_("This cannot be run: {reason}").format(reason=str(error)))
            return False
        self._show_start()
        return True

    def _show_start(self) -> None:
        pair = self._pair
        assert pair is not None
        self._pace = max(
            1, min(limits.MAX_DAYS_PER_UPDATE, round(pair.last * _PICTURE_MS / 1000 / _TARGET_SECONDS))
        )
        self._curves.start_run(pair)
        self._stage.send(
            "crowd", **{name: side.positions_and_qualities() for name, side in pair.sides.items()}
        )
        self._stage.send("pace", days=self._pace)
        self._show_settings()
        self._show_lesson()
        self._show(with_overview=True)

    def _move(self, pair: Pair, message: messages.Move) -> None:
        try:
            moved = pair.settings.with_position(message.side, message.key, message.position)
        except ValueError:
            return  # our page never sends this
        settings = self._bases.canonical(moved)
        if pair.day == 0:
            self._start(settings)
        else:
            try:
                pair.move(settings, message.key)
            except ScenarioError as error:
                self._send_fault(_("This cannot be run: {reason}").format(reason=str(error)))
        self._show_settings()

    def _play(self, on: bool) -> None:
        self._skipping = False
        pair = self._pair
        if self._playing is not None and not on:
            self._document.remove_periodic_callback(self._playing)
            self._playing = None
            if pair is not None:
                self._show(with_overview=True)
        elif on and self._playing is None and pair is not None and not pair.is_over:
            self._playing = self._document.add_periodic_callback(self._tick, _PICTURE_MS)
        if pair is not None:
            self._stage.send("playing", on=self._playing is not None, over=pair.is_over)

    def _tick(self) -> None:
        set_language(self._language)
        waiting = self._n_sent > self._n_drawn and time.monotonic() - self._sent_at < _MAX_WAIT_SECONDS
        if self._pair is not None and not waiting:
            self._run(self._pace)

    def _run(self, days: int) -> None:
        pair = self._pair
        assert pair is not None
        pair.run(days, limits.STEP_SECONDS)
        if pair.is_over:
            self._finish()
        else:
            self._show(with_overview=self._playing is None)

    def _finish(self) -> None:
        if self._playing is not None:
            self._play(False)
        else:
            self._show(with_overview=True)
            self._stage.send("playing", on=False, over=True)
        self._show_lesson()

    def _skip(self) -> None:
        set_language(self._language)
        pair = self._pair
        if pair is None or not self._skipping:
            return
        pair.run(pair.last, limits.STEP_SECONDS)
        if pair.is_over:
            self._skipping = False
            self._finish()
        else:
            self._show(with_overview=False)
            self._document.add_next_tick_callback(self._skip)  # other visitors get a turn in between

    def _show(self, with_overview: bool) -> None:
        """Send a picture; with `with_overview`, and with every fifth one, also ties, curves and table."""
        pair = self._pair
        assert pair is not None
        self._n_sent += 1
        self._show_new_people(pair)
        is_full_update = with_overview or self._n_sent % _PICTURES_PER_OVERVIEW == 0
        picture: dict[str, Any] = {name: side.appearance_codes() for name, side in pair.sides.items()}
        if is_full_update:
            picture["ties"] = {name: side.ties() for name, side in pair.sides.items()}
        members = {name: int(side.days[-1]["members"]) for name, side in pair.sides.items()}
        self._stage.send(
            "picture",
            number=self._n_sent,
            day=pair.day,
            days=pair.last,
            members={
                name: ngettext("{n} member", "{n} members", n).format(n=f"{n:,}")
                for name, n in members.items()
            },
            **picture,
        )
        self._sent_at = time.monotonic()
        if is_full_update:
            self._curves.append_days(pair)
            a, b = (pair.sides[name].measures() for name in SIDES)
            left = {name: side.latest_departures() for name, side in pair.sides.items()}
            self._stage.send("glance", rows=overview_rows(a, b), left=left)

    def _show_new_people(self, pair: Pair) -> None:
        """Send the crowd again if a flood has added people."""
        if any(side.has_new_people() for side in pair.sides.values()):
            self._stage.send(
                "crowd", **{name: side.positions_and_qualities() for name, side in pair.sides.items()}
            )

    def _show_settings(self) -> None:
        pair = self._pair
        assert pair is not None
        are_new = pair.settings.bases != self._shown_bases
        self._shown_bases = pair.settings.bases
        self._stage.send("settings", **panel(self._bases, pair.settings, pair.pending, with_files=are_new))
        if self._series_settings is not None and self._series_settings != pair.settings:
            self._stage.send("ten_old")

    def _run_ten(self, settings: Settings) -> None:
        if not self._series_starts.take():
            self._send_fault(_("Not so fast: wait a few seconds."))
            return
        try:
            a, b = (self._bases.resolved(settings, side) for side in SIDES)
            seeds = range(a.seed, a.seed + limits.PAIRS)
            self._series = self._runner.start((a, b), seeds)
        except ScenarioError as error:
            self._send_fault(_("This cannot be run: {reason}").format(reason=str(error)))
            return
        except SeriesFullError:
            self._send_fault(_("Many others are running ten just now. Try again in a minute."))
            return
        self._series_settings, self._n_pairs_shown = settings, -1
        self._looking = self._document.add_periodic_callback(self._look_at_ten, _SERIES_MS)
        self._look_at_ten()

    def _look_at_ten(self) -> None:
        """Show how far the ten runs are, or what came out."""
        set_language(self._language)
        self._runner.proceed()
        series, pair, settings = self._series, self._pair, self._series_settings
        if series is None or pair is None or settings is None:
            return
        if series.error is not None:
            self._stop_ten()
            reason = series.error or _(
                "the runs take too long for the class page, or the machine is short of memory"
            )
            self._send_fault(_("This cannot be run: {reason}").format(reason=reason))
        elif not series.is_done:
            if self._n_pairs_shown != len(series.pairs):
                self._n_pairs_shown = len(series.pairs)
                self._stage.send("ten_progress", done=self._n_pairs_shown, total=len(series.seeds))
        else:
            self._stop_ten()
            self._series_settings = settings
            lesson = self._lesson
            watch = lesson.watch if lesson is not None and lesson.matches(settings, self._bases) else ()
            found = rows([series.pairs[seed] for seed in series.seeds], watch)
            title = ten_title(series.seeds[0], series.scenarios[0].days)
            self._stage.send("ten", title=title, rows=found, old=settings != pair.settings)

    def _stop_ten(self) -> None:
        if self._looking is not None:
            self._document.remove_periodic_callback(self._looking)
            self._looking = None
        if self._series is not None:
            self._runner.cancel(self._series)
            self._series = self._series_settings = None
            self._stage.send("ten_stopped")

    def _choose_lesson(self, name: str) -> None:
        self._lesson, self._guess = lessons().get(name), None
        self._play(False)
        self._stop_ten()
        self._show_lesson()

    def _commit_guess(self, answer: int) -> None:
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
        if lesson is not None and self._guess is not None and pair.is_over:
            a, b = (pair.sides[name].measures() for name in SIDES)
            notices = observations(lesson.name, pair, a, b)
            if not lesson.matches(pair.settings, self._bases):
                changed = _("Sliders have been moved since the lesson set them: this describes your own run.")
                notices.insert(0, changed)
        texts = None if lesson is None else lesson.texts()
        self._stage.send("lesson", lesson=texts, guess=self._guess, notices=notices)

    def _show_story(self, pair: Pair, message: messages.ShowStory) -> None:
        other = next(name for name in SIDES if name != message.side)
        sentences = story(pair.sides[message.side], pair.sides[other], message.person)
        if sentences:
            self._stage.send("story", side=message.side, sentences=sentences)

    def _use_code(self, code: str) -> None:
        try:
            settings = settings_of(code)
        except CodeError as error:
            self._send_fault(code_error(error.kind))
            return
        self._play(False)
        self._start(self._bases.canonical(settings))

    def _send_fault(self, text: str) -> None:
        self._stage.send("fault", text=text)
