"""Every text for people has its one translation, and what is compiled is what is written."""

import ast
import io
import re
import shutil
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

pytest.importorskip("babel", reason="Babel is not installed")

from babel.messages import Catalog
from babel.messages.pofile import read_po

from shequn.app import catalogues
from shequn.app.catalogues import (
    ROOT,
    catalogue_path,
    code_texts,
    compiled_translations,
    domains,
    merge,
    po_bytes,
    read,
    translations,
    untranslated,
    update,
)
from shequn.sim.language import CATALOGUES as CATALOGUES_FOLDER
from shequn.sim.language import LANGUAGES

OTHERS = [language for language in LANGUAGES if language != "en"]
CATALOGUES = [(language, domain) for language in OTHERS for domain in domains()]
OURS = [(language, domain) for language, domain in CATALOGUES if domain != "click"]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _parts(words: object) -> tuple[str, ...]:
    return tuple(map(str, words)) if isinstance(words, list | tuple) else (str(words),)


@pytest.mark.parametrize(("language", "domain"), OURS)
def test_every_text_is_translated_and_none_is_fuzzy(language: str, domain: str) -> None:
    catalogue = read(catalogue_path(language, domain), language, domain)
    waiting = [message.id for message in untranslated(catalogue, code_texts(domain))]
    assert not waiting, "fill them in after `python -m shequn.app.catalogues`"


def test_every_text_that_is_marked_is_collected() -> None:
    """Babel does not see what stands inside an f-string, or one mark inside another."""
    found = {text for domain in domains() for one in code_texts(domain) for text in _parts(one.id)}
    missed = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {call.args[0].value!r}"
        for folder in ("agents", "app", "experiments", "sim")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value not in found
    ]
    assert missed == []


@pytest.mark.parametrize(("language", "domain"), OURS)
def test_no_translation_outlives_its_text(language: str, domain: str) -> None:
    texts = code_texts(domain)
    left = [message.id for message in read(catalogue_path(language, domain), language, domain) if message.id]
    assert [one for one in left if texts.get(one) is None] == []


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_the_compiled_catalogue_says_what_the_written_one_says(language: str, domain: str) -> None:
    here = compiled_translations(catalogue_path(language, domain, ".mo"))
    assert here == translations(read(catalogue_path(language, domain), language, domain)), (
        "python -m shequn.app.catalogues"
    )


def _catalogue(**texts: str) -> Catalog:
    catalogue = Catalog(locale="zh")
    for text, translation in texts.items():
        catalogue.add(text.replace("_", " "), translation)
    return catalogue


def _after(catalogue: Catalog, *texts: str) -> Catalog:
    """The catalogue after a change of the code's texts, written and read again."""
    merge(catalogue, _catalogue(**dict.fromkeys(texts, "")))
    return read_po(io.BytesIO(po_bytes(catalogue)), locale="zh")


def test_a_translation_whose_text_is_gone_stays_in_the_file_and_returns_with_the_text() -> None:
    without = _after(_catalogue(gates="门槛", members_who_left="离开的成员"), "gates")
    assert list(translations(without)) == [("gates",)]
    still_without = _after(without, "gates")
    assert still_without.obsolete["members who left"].string == "离开的成员"
    again = _after(still_without, "gates", "members_who_left")
    assert translations(again)["members who left",] == ("离开的成员",)
    assert not again.obsolete


def test_a_text_with_a_plural_returns_with_its_translation() -> None:
    catalogue, text = Catalog(locale="zh"), ("one left", "{n} left")
    catalogue.add(text, ("{n} 人离开",))
    without = _after(catalogue, "gates")
    assert translations(without) == {}
    code = Catalog()
    code.add(text)
    merge(without, code)
    again = read_po(io.BytesIO(po_bytes(without)), locale="zh")
    assert translations(again) == {text: ("{n} 人离开",)}


def test_a_changed_text_gets_its_translation_as_a_suggestion_and_the_old_one_is_kept() -> None:
    changed = _after(_catalogue(members_who_left="离开的成员"), "members_who_leave")
    suggestion = changed.get("members who leave")
    assert (suggestion.string, suggestion.fuzzy) == ("离开的成员", True)
    assert untranslated(changed, _catalogue(members_who_leave="")) != []
    assert translations(changed) == {}  # gettext is not given a guess
    assert changed.obsolete["members who left"].string == "离开的成员"
    assert translations(_after(changed, "members_who_left")) == {("members who left",): ("离开的成员",)}


def test_a_line_more_in_the_template_of_new_scenarios_costs_no_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shequn.app import template

    folder = tmp_path / "zh" / "LC_MESSAGES"
    shutil.copytree(CATALOGUES_FOLDER / "zh" / "LC_MESSAGES", folder)
    before = translations(read(folder / "shequn.po", "zh", "shequn"))
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    longer = template._TEMPLATE.replace(
        "\nseed: 1 ", "\nluck: 1    # a line that nobody has translated\nseed: 1 "
    )
    monkeypatch.setattr(template, "_TEMPLATE", longer)
    code_texts.cache_clear()
    try:
        assert update("zh", "shequn") == 1
        assert translations(read(folder / "shequn.po", "zh", "shequn")) == before
        assert compiled_translations(folder / "shequn.mo") == before
    finally:
        code_texts.cache_clear()


def test_what_is_brought_up_to_date_twice_does_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    shutil.copytree(CATALOGUES_FOLDER, tmp_path, dirs_exist_ok=True)
    files = sorted(tmp_path.rglob("*.?o"))
    own = [domain for domain in domains() if domain != "click"]  # whose texts differ from version to version
    for domain in own:
        update("zh", domain)
    first = [path.read_bytes() for path in files]
    for domain in own:
        update("zh", domain)
    assert [path.read_bytes() for path in files] == first


@pytest.mark.parametrize(("language", "domain"), CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_text(language: str, domain: str) -> None:
    wrong = []
    for message in read(catalogue_path(language, domain), language, domain):
        if message.id and "%(" not in _parts(message.id)[0]:
            texts, words = _parts(message.id), _parts(message.string)
            wanted = set.union(*map(_placeholders, texts)) if domain != "click" else _placeholders(texts[-1])
            wrong += [texts[0] for word in words if _placeholders(word) != wanted]
    assert wrong == []


@pytest.mark.parametrize("domain", [domain for _, domain in OURS])
def test_no_text_is_marked_twice_with_other_names_for_its_placeholders(domain: str) -> None:
    alike = defaultdict(set)
    for message in code_texts(domain):
        for text in _parts(message.id):
            alike[re.sub(r"\{\w*", "{", text)].add(text)
    pairs = {text for texts in alike.values() if len(texts) > 1 for text in texts}
    assert pairs == set()


def test_no_formatted_string_is_looked_up() -> None:
    """``_(f"…")`` would look up what no catalogue can hold."""
    wrong = []
    for folder in ("agents", "sim", "experiments", "app"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    marks = node.func.id in ("_", "N_", "ngettext", "plural")
                    if marks and any(isinstance(argument, ast.JoinedStr) for argument in node.args):
                        wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


@pytest.mark.parametrize(("language", "domain"), OURS)
def test_a_translation_begins_and_ends_with_line_breaks_where_its_text_does(
    language: str, domain: str
) -> None:
    for message in read(catalogue_path(language, domain), language, domain):
        for word in _parts(message.string) if message.id else ():
            text = _parts(message.id)[0]
            assert (text[:1] == "\n", text[-1:] == "\n") == (word[:1] == "\n", word[-1:] == "\n"), text


def test_catalogues_come_with_the_package() -> None:
    assert Path(ROOT / "sim/locale").is_dir()
    for language, domain in CATALOGUES:
        assert catalogue_path(language, domain, ".mo").is_file()
