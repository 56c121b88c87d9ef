"""Queries typed without quotes: the shell passes each word as an argument of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperOption

from app.cli.plain_arguments import PlainCommand
from app.query.item_reader import KEYS
from app.query.values import FILTERS

_KEYED = re.compile(r"(-?)(colou?r-label|[A-Za-z]+):(?=\S)([^\"\u201c\u201e]*\s[^\"\u201c\u201e]*)")
_MINUS = re.compile(r"-[^\W\d_]{2,}.*")  # "-n5" is an option with its value


def joined(words: Sequence[str]) -> str:
    """The query in ``words``, the arguments that a shell has split it into.

    A single argument is the query itself. Among several, one like ``in:My Trips`` had quotes that
    the shell has removed, and gets them back.
    """
    if len(words) == 1:
        return words[0]
    return " ".join(_with_quotes(word) for word in words)


def _with_quotes(word: str) -> str:
    keyed = _KEYED.fullmatch(word)
    if keyed is None or keyed[2].lower() not in KEYS:
        return word
    minus, key, value = keyed.groups()
    separator = FILTERS[key.lower()].separator if key.lower() in FILTERS else None
    values = value.split(separator) if separator else [value]
    return f"{minus}{key}:" + (separator or "").join(f'"{one}"' for one in values)


class QueryCommand(PlainCommand):
    """A command that ends with a query; says what to type if a word of it looks like an option.

    ``-people`` means "without people" in a query, and is no option.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            minus = self._minus_words(typed)
            if not minus or not _is_about(error, minus):
                raise
            options, words = self._apart(ctx, typed, minus)
            line = shlex.join([*ctx.command_path.split(), *options, "--", *words])
            said = (
                f"{minus[0]} was read as an option. If it says what the photos are to be without, "
                f"put -- before the query: {line}"
            )
        return ctx.fail(said)  # type: ignore[no-any-return]

    def _minus_words(self, typed: list[str]) -> list[str]:
        before = typed[: typed.index("--")] if "--" in typed else typed
        return [word for word in before if _MINUS.fullmatch(word)]

    def _apart(self, ctx: Any, typed: list[str], minus: list[str]) -> tuple[list[str], list[str]]:
        """The options with their values, and the words of the query, both as typed."""
        takes_value = {
            name
            for parameter in self.get_params(ctx)
            if isinstance(parameter, TyperOption) and not parameter.is_flag
            for name in parameter.opts
        }
        options: list[str] = []
        words: list[str] = []
        for word in typed:
            if options and options[-1] in takes_value:
                options.append(word)
            elif word == "--":
                continue
            elif word in minus or not word.startswith("-") or word == "-":
                words.append(word)
            else:
                options.append(word)
        return options, words


def _is_about(error: typer.TyperException, minus: Sequence[str]) -> bool:
    """Whether the error comes from a word of ``minus``, and not from an unknown option."""
    name = getattr(error, "option_name", None)
    if name is None:  # "-nature" is "-n" with a wrong value
        return isinstance(error, typer.BadParameter)
    return not name.startswith("--") and any(name[1:] in word for word in minus)
