"""Arguments that are taken as they are: text, and defaults.

typer has every value converted by Pydantic, even one that nobody gave, and importing Pydantic
takes half as long as all else that is done to read a command line. Most values are text for
parameters that want text, or numbers that a command's own function names. What is left, such as
the 5 of ``-n 5``, goes the usual way, and so do errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from typer.core import TyperCommand


class PlainCommand(TyperCommand):
    """A command whose parameters convert only what has to be."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        take_as_they_are(self.get_params(ctx))
        return super().parse_args(ctx, args)


def take_as_they_are(parameters: Iterable[Any]) -> None:
    """Have ``parameters`` of a command convert only what has to be.

    To be called when they are all there: typer adds some of its own to a command that is made.
    """
    for parameter in parameters:
        parameter.process_value = partial(_processed, parameter, parameter.process_value)


def _processed(parameter: Any, converted: Callable[[Any, Any], Any], ctx: Any, value: Any) -> Any:
    """As a parameter's ``process_value``, which ``converted`` is."""
    if not _is_ready(parameter, value):
        return converted(ctx, value)
    if parameter.multiple or parameter.nargs == -1:
        value = list(value) if value else ()
    return parameter.callback(ctx, parameter, value) if parameter.callback else value


def _is_ready(parameter: Any, value: Any) -> bool:
    """Whether ``value`` is already what the command is to get."""
    if value is None:
        return not parameter.required
    # A name of typer's own: where a version has it no more, everything goes the usual way.
    wanted = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    if parameter.multiple or parameter.nargs == -1:
        return wanted == list[str] and bool(value) and all(type(one) is str for one in value)
    # What was typed is text: a number is one that the command's function has as a default.
    return wanted in (str, int, float) and type(value) is wanted
