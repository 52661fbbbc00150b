"""One browser's session: its text, and what the browser's messages do to it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from shequn.app.serving.component import Component
from shequn.app.studio import messages
from shequn.app.studio.cards import CARDS, with_card
from shequn.app.studio.folder import ExistsError, Folder, with_one_newline
from shequn.app.studio.job import Job
from shequn.app.studio.limits import ASSUMED_PAIRS, MAX_VERSIONS
from shequn.app.studio.review import Review, path_of, pointer, review
from shequn.app.studio.sharing import SharedReport, scenario_inside
from shequn.app.studio.starts import scenario_text
from shequn.app.studio.text_edits import EditError, renamed, typed_value, with_value, without_value
from shequn.app.studio.text_edits import Path as Keys
from shequn.app.user_errors import UserError
from shequn.sim.language import _, set_language, translate
from shequn.sim.scenario.errors import ScenarioError
from shequn.sim.scenario.model import VARIANT_NAME
from shequn.sim.scenario.nodes import plain
from shequn.sim.scenario.reading import parse

_NO_NAME = "scenario.yaml"  # until the text has a name

#: Makes a report available to the browser; returns its address.
Publish = Callable[[SharedReport], str]


class Visit:
    """The session of one browser.

    Parameters
    ----------
    component : Component
    folder : Folder
    publish : callable
    language : str
    document : bokeh.document.Document
    """

    def __init__(
        self, component: Component, folder: Folder, publish: Publish, language: str, document: Any
    ) -> None:
        self._component, self._folder, self._publish = component, folder, publish
        self._language, self._document = language, document
        self._text = self._saved = ""
        self._name, self._digest, self._newline = "", "", "\n"
        self._variant = ""
        self._versions: list[str] = []
        self._n_written = 0  # number of the last text that the browser has sent
        self._job: Job | None = None
        component.receiver = self.receive

    def receive(self, data: Any) -> None:
        """Carry out a message of the browser; anything that is not a valid message is ignored."""
        set_language(self._language)
        message = messages.parse_message(data)
        if message is None:
            return
        try:
            self._carry_out(message)
        except ExistsError as error:
            self._component.send("ask", question=error.format_message())
        except UserError as error:
            self._say_fault(error.format_message())
        except (EditError, ScenarioError, ValueError) as error:
            self._say_fault(str(error))

    def close(self) -> None:
        """Release everything: the browser has gone."""
        self._component.receiver = None
        if self._job is not None:
            self._job.stop()

    def _carry_out(self, message: messages.Request) -> None:
        match message:
            case messages.Hello():
                self._begin(message)
            case messages.Write():
                self._n_written = message.number
                self._change(with_one_newline(message.text), is_typed=True)
            case messages.SetValue():
                self._set(path_of(message.pointer), message.typed, message.is_text)
            case messages.Remove():
                self._remove(path_of(message.pointer))
            case messages.Rename():
                self._change(
                    renamed(self._text, self._within(path_of(message.pointer)), message.name.strip())
                )
            case messages.AddCard():
                self._add_card(message.card)
            case messages.ChooseVariant():
                self._variant = message.name
                self._show()
            case messages.AddVariant():
                self._add_variant(message.name.strip())
            case messages.RemoveVariant():
                self._change(without_value(self._text, ("variants", message.name)))
            case messages.Undo():
                if self._versions:
                    self._text = self._versions.pop()
                    self._show(with_text=True)
            case messages.Start():
                text, name = scenario_text(message.scenario)
                self._use(text, name)
            case messages.Open():
                self._open(message.name)
            case messages.Import():
                text = message.text
                if message.name.lower().endswith((".html", ".htm")):
                    text = scenario_inside(text)
                self._use(with_one_newline(text), f"{Path(message.name).stem}.yaml")
            case messages.Save():
                self._save(message.name, message.replace)
            case messages.Run():
                self._run("run", [self._variant], 2)
            case messages.Compare():
                self._compare(message)
            case messages.Stop():
                if self._job is not None:
                    self._job.stop()

    def _begin(self, message: messages.Hello) -> None:
        self._component.send("files", names=self._folder.names())
        if message.text:
            self._text = with_one_newline(message.text)
            try:
                self._name = self._folder.name(message.name)
                opened = self._folder.read(message.name)
            except (UserError, ScenarioError):
                pass  # it was never saved
            else:
                self._newline = opened.newline
                if opened.text == self._text:
                    self._saved, self._digest = opened.text, opened.digest
            self._show(with_text=True)
        self._component.send("earlier", reports=[self._earlier(path) for path in self._folder.reports()])
        self._component.send("ready")

    def _earlier(self, path: Path) -> dict[str, Any]:
        """A report of an earlier session, for the page."""
        of = path.parent.name
        when = datetime.fromtimestamp(path.stat().st_mtime)
        file = path.relative_to(self._folder.root).as_posix()
        address = self._publish(SharedReport(path, "", f"{of}.html"))
        title = f"{of} · {when:%Y-%m-%d %H:%M}"
        return {"address": address, "title": title, "file": file, "has_scenario": False}

    def _use(self, text: str, name: str, saved: str = "", digest: str = "", newline: str = "\n") -> None:
        """Go on with another text."""
        self._text, self._name, self._saved = text, name, saved
        self._digest, self._newline = digest, newline
        self._variant, self._versions = "", []
        self._show(with_text=True)
        self._component.send("opened")

    def _open(self, name: str) -> None:
        opened = self._folder.read(name)
        self._use(opened.text, opened.name, opened.text, opened.digest, opened.newline)
        for note in opened.notes:
            self._component.send("say", text=note)

    def _save(self, name: str, replace: bool) -> None:
        known = self._digest if name == self._name else ""
        opened = self._folder.write(name, self._text, self._newline, known, replace)
        self._name, self._saved, self._digest = opened.name, opened.text, opened.digest
        self._component.send("files", names=self._folder.names())
        self._show()
        self._component.send("saved", text=_("Saved as {name}.").format(name=opened.name))

    def _change(self, text: str, is_typed: bool = False) -> None:
        """Go on with a changed text, of which the browser knows if it was typed there."""
        if text != self._text:
            self._versions = [*self._versions[1 - MAX_VERSIONS :], self._text]
        self._text = text
        self._show(with_text=not is_typed)

    def _within(self, path: Keys) -> Keys:
        """The path in the text: below the variant, if one is chosen."""
        return ("variants", self._variant, *path) if self._variant else path

    def _set(self, path: Keys, typed: str, is_text: bool) -> None:
        if not typed.strip():
            if self._is_written(self._within(path)):
                self._change(without_value(self._text, self._within(path)))
            else:
                self._show()
            return
        self._change(with_value(self._text, self._within(path), typed_value(typed, is_text)))

    def _remove(self, path: Keys) -> None:
        """Take an entry away; null takes away in a variant what the scenario has."""
        text = self._text
        if self._is_written(self._within(path)):
            text = without_value(text, self._within(path))
        if self._variant and self._is_written(path):
            text = with_value(text, self._within(path), "null")
        self._change(text)

    def _is_written(self, path: Keys) -> bool:
        values = self._values()
        for key in path:
            if not isinstance(values, dict) or key not in values:
                return False
            values = values[key]
        return True

    def _values(self) -> dict[str, Any]:
        return plain(parse(self._text, "")[0]) if self._text.strip() else {}

    def _add_card(self, name: str) -> None:
        values = self._values()
        if self._variant:
            changes = (values.get("variants") or {}).get(self._variant) or {}
            values = _laid_over(values, changes)
        text, path = with_card(self._text, CARDS[name], values, self._within(()))
        self._change(text)
        self._component.send("show_key", pointer=pointer(path))

    def _add_variant(self, name: str) -> None:
        if not VARIANT_NAME.fullmatch(name):
            raise UserError(
                _(
                    "{name!r} cannot be the name of a variant; allowed: letters, digits, - and _ (at most 64)"
                ).format(name=name)
            )
        if not self._is_written(("variants", name)):
            title = str(self._values().get("title", ""))
            text = with_value(
                self._text,
                ("variants", name, "title"),
                typed_value(f"{translate(title)}: {name}", is_text=True),
            )
            self._variant = name
            self._change(text)
        else:
            self._variant = name
            self._show()

    def _arms(self, names: str) -> list[str]:
        """The scenario itself and the variants of these names; all of them without names."""
        known = self._review().variants
        chosen = [name for name in names.split("\n") if name in known] or list(known)
        if not chosen:
            raise UserError(_("There is nothing to compare: add a variant first."))
        return ["", *chosen]

    def _compare(self, message: messages.Compare) -> None:
        arms = self._arms(message.variants)
        if message.assumed and len(arms) > 2:
            raise UserError(_("--assumed takes two arms, not {n}").format(n=len(arms)))
        self._run("compare", arms, message.pairs, min(ASSUMED_PAIRS, message.pairs) * message.assumed)

    def _run(self, do: str, arms: list[str], pairs: int, assumed: int = 0) -> None:
        if self._job is not None:
            return
        if any(mistake.variant in ("", *arms) for mistake in self._review().mistakes):
            raise UserError(_("Mend the mistakes first; the list says what and where."))
        order: dict[str, Any] = {"do": do, "text": self._text, "file": self._name or _NO_NAME, "arms": arms}
        order |= {"pairs": pairs, "assumed": assumed}
        shown = self._text, self._name, self._title(do, arms)
        self._component.send("working", on=True, title=shown[2])
        self._job = Job(
            self._folder.root,
            {**order, "language": self._language},
            lambda news: self._listen(news, *shown),
        )

    def _listen(self, news: dict[str, Any], *shown: str) -> None:
        """Take a message of the process, in another thread."""
        if self._component.receiver is not None:
            self._document.add_next_tick_callback(lambda: self._follow(news, *shown))

    def _title(self, do: str, arms: list[str]) -> str:
        title = translate(str(self._values().get("title", self._name)))
        if do == "compare":
            return _("{title}: compared with {variants}").format(title=title, variants=_(", ").join(arms[1:]))
        return f"{title} ({arms[0]})" if arms[0] else title

    def _follow(self, news: dict[str, Any], text: str, name: str, title: str) -> None:
        """Pass on what the process says."""
        set_language(self._language)
        match news:
            case {"share": share}:
                self._component.send("progress", share=share)
            case {"writing": _yes}:
                self._component.send("progress", share=1.0, text=_("Writing the report …"))
            case {"report": report}:
                self._end()
                address = self._publish(SharedReport(Path(report), text, name))
                file = Path(report).relative_to(self._folder.root).as_posix()
                self._component.send("report", address=address, title=title, file=file, has_scenario=True)
            case {"error": error}:
                self._end()
                self._say_fault(error or _("The process ended before it was done. Perhaps memory ran out."))
            case {"stopped": _yes}:
                self._end()
                self._component.send(
                    "say",
                    text=_("Stopped. The same run or comparison goes on after the runs that are finished."),
                )

    def _end(self) -> None:
        self._job = None
        self._component.send("working", on=False, title="")

    def _review(self) -> Review:
        return review(self._text, self._folder.root / (self._name or _NO_NAME), self._variant or None)

    def _show(self, with_text: bool = False) -> None:
        """Send what there is to say about the text, and the text itself if the browser does not have it."""
        found = self._review()
        if self._variant not in found.variants and found.values is not None:
            self._variant = ""
        state: dict[str, Any] = {
            "number": self._n_written,
            "name": self._name,
            "is_saved": self._text == self._saved,
            "can_undo": bool(self._versions),
            "variant": self._variant,
            "variants": list(found.variants),
            "mistakes": [mistake._asdict() for mistake in found.mistakes],
            "sentences": found.sentences,
            "notes": list(found.notes),
            "values": found.values,
        }
        if with_text:
            state["text"] = self._text
        self._component.send("state", **state)

    def _say_fault(self, text: str) -> None:
        self._component.send("fault", text=text)


def _laid_over(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The names and values of a scenario with those of a variant laid over."""
    merged = dict(values)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = _laid_over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
