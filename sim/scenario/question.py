"""The question that a scenario answers: its text, and what a comparison measures and compares for it."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import CoreSchema

from shequn.sim.fields import Strict, Text

MAX_RESPONSES = 20
MAX_ARMS = 20


class Question(Strict):
    """A question: a text or, where it says how to answer it, a mapping."""

    text: Text = Field(description="The question in words.")
    base: Text = Field(
        "",
        description="What to call the scenario itself beside its variants, in a few words; default: its title.",
    )
    responses: list[str] = Field(
        [],
        max_length=MAX_RESPONSES,
        description="What shequn compare measures first: columns of `runs`, of `days` at a day, or of what "
        "the scenario names, such as tasks.homework or spaces.hall.retention.",
    )
    arms: list[str] = Field(
        [],
        max_length=MAX_ARMS,
        description="Variants that shequn compare compares with the scenario itself, in this order; default: all.",
    )

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        """The text on one line."""
        return " ".join(self.text.split())

    @classmethod
    def read(cls, value: Any) -> "Question":
        """The question of a file that was read but not checked: a text, a mapping, or nothing."""
        texts = value if isinstance(value, dict) else {"text": value}
        return cls(text=str(texts.get("text") or ""), base=str(texts.get("base") or ""))

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> Any:
        """The text alone, if there is no more."""
        given = {key: value for key, value in handler(self).items() if value}
        return self.text if given.keys() <= {"text"} else given


class _TextOrMapping:
    """Allows a plain text in place of the mapping."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        text = {"type": "string", "maxLength": 20_000}
        return {"anyOf": [text, handler(schema)]}


def _with_text(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


QuestionOrText = Annotated[Question, BeforeValidator(_with_text), _TextOrMapping()]
