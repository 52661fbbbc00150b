"""What a JSON Schema allows at one location: the keys, the words, and a description for messages."""

from typing import Any, NamedTuple

from shequn.sim.language import N_, _
from shequn.sim.scenario.nodes import Key, Path

Schema = dict[str, Any]
_NAMES = {
    "object": N_("a mapping (key: value)"),
    "array": N_("a list"),
    "string": N_("a text"),
    "boolean": N_("true or false"),
    "null": "null",
}


class Allowed(NamedTuple):
    """A part of a schema, with the definitions that it refers to."""

    schema: Schema
    definitions: dict[str, Schema]

    @classmethod
    def whole(cls, schema: Schema) -> "Allowed":
        """The whole schema."""
        return cls(schema, schema.get("$defs", {}))

    def at(self, loc: tuple[Key, ...]) -> tuple["Allowed", Path]:
        """What is allowed at a location that pydantic reports, and that location without the tags of unions.

        Tags are names of models: they begin with a capital letter, unlike every key of a file. A name in a map
        by name may be any text.
        """
        part = self
        path: list[Key] = []
        for key in loc:
            if isinstance(key, str) and key in self.definitions and key[:1].isupper() and not part._has_names:
                part = part._replace(schema=self.definitions[key])
            else:
                path.append(key)
                part = part._child(key)
        return part, tuple(path)

    @property
    def keys(self) -> list[str]:
        """The keys that a mapping may have here."""
        return [key for branch in self._branches() for key in branch.get("properties", {})]

    @property
    def words(self) -> list[str]:
        """The words that are allowed here, if the schema lists them."""
        words: list[str] = []
        for branch in self._branches():
            values = [*branch.get("enum", []), *([branch["const"]] if "const" in branch else [])]
            words += [value for value in values if isinstance(value, str)]
        return words

    @property
    def kind(self) -> str:
        """The first type that is allowed here, by its name in JSON Schema; null does not count."""
        return next((str(b["type"]) for b in self._branches() if b.get("type") not in (None, "null")), "")

    def __str__(self) -> str:
        """A description: ``a number from 0 to 1, or never``."""
        parts = [_words(branch) for branch in self._branches()]
        return _(", or ").join(dict.fromkeys(part for part in parts if part)) or _("something else")

    @property
    def _has_names(self) -> bool:
        """Whether the keys are names that the file chooses."""
        return any(isinstance(branch.get("additionalProperties"), dict) for branch in self._branches())

    def _branches(self) -> list[Schema]:
        """The alternatives, with references resolved."""
        schema = self.schema
        if "$ref" in schema:
            schema = self.definitions[schema["$ref"].rpartition("/")[2]]
        parts = schema.get("anyOf") or schema.get("oneOf")
        if not parts:
            return [schema]
        return [branch for part in parts for branch in self._replace(schema=part)._branches()]

    def _child(self, key: Key) -> "Allowed":
        """What is allowed for a key or a list's items; an empty schema if the key is unknown."""
        for branch in self._branches():
            if isinstance(key, int) and "items" in branch:
                return self._replace(schema=branch["items"])
            if isinstance(key, str) and key in branch.get("properties", {}):
                return self._replace(schema=branch["properties"][key])
            if isinstance(key, str) and isinstance(branch.get("additionalProperties"), dict):
                return self._replace(schema=branch["additionalProperties"])
        return self._replace(schema={})


def _words(branch: Schema) -> str:
    if "const" in branch:
        return str(branch["const"])
    if "enum" in branch:
        return ", ".join(map(str, branch["enum"]))
    kind = branch.get("type", "")
    if kind in ("number", "integer"):
        return (_("a whole number") if kind == "integer" else _("a number")) + _range(branch)
    if branch.get("format") == "date":
        return _("a date such as 2026-01-31")
    if branch.get("format") == "hours":
        return _("two hours of one day from 0 to 24, the earlier first, such as [9, 18] or [19, 23.5]")
    if kind == "array" and "minItems" in branch and branch["minItems"] == branch.get("maxItems"):
        return _("a list of {minitems} numbers").format(minitems=branch["minItems"])
    if kind == "array" and "minItems" in branch:
        return _("a list of {least} or more").format(least=branch["minItems"])
    if kind == "object" and "maxProperties" in branch:
        words = _("a mapping from names to what they name, at most {most}")
        return words.format(most=branch["maxProperties"])
    if kind == "string" and "maxLength" in branch:
        if "minLength" in branch:
            words = _("a text of {least} to {most} characters")
            return words.format(least=branch["minLength"], most=branch["maxLength"])
        return _("a text of at most {most} characters").format(most=branch["maxLength"])
    return _(_NAMES.get(str(kind), str(kind)))


def _range(branch: Schema) -> str:
    low, high = branch.get("minimum"), branch.get("maximum")
    over, under = branch.get("exclusiveMinimum"), branch.get("exclusiveMaximum")
    if low is not None and high is not None:
        return _(" from {low} to {high}").format(low=_number(low), high=_number(high))
    parts = []
    if low is not None:
        parts.append(_("not below {low}").format(low=_number(low)) if low else _("not negative"))
    if over is not None:
        parts.append(_("above {over}").format(over=_number(over)))
    if high is not None:
        parts.append(_("at most {high}").format(high=_number(high)))
    if under is not None:
        parts.append(_("below {under}").format(under=_number(under)))
    return (" " + _(" and ").join(parts)) if parts else ""


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:g}"
