"""What all messages of a browser to a served page have in common: every field within bounds, and nothing besides."""

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

M = TypeVar("M")


class Message(BaseModel):
    """A message; a class of each kind adds its fields, and ``do`` says which kind it is."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def read_message(reader: TypeAdapter[M], data: Any) -> M | None:
    """Validate a message; None if it is none that the page knows."""
    try:
        return reader.validate_python(data)
    except (ValidationError, RecursionError):
        return None
