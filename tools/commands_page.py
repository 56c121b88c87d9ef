"""Make ``docs/commands.md``, the commands' page of the site, from their own help.

    python -m tools.commands_page

``tests/test_commands_page.py`` fails where the page is not what this makes of the commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tools import cli_help
from tools.cli_help import Command, Example, Option

TARGET = Path(__file__).parent.parent / "docs" / "commands.md"


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    commands = cli_help.commands()
    yield "<!-- Made by tools/commands_page.py from the commands; not to be edited. -->"
    yield ""
    yield "# Commands"
    yield ""
    yield "What `--help` says of each command; `man clipsearch` shows the same in a terminal."
    for command in commands:
        yield from _command(command)
    yield from ("", "## Options of many commands", "")
    (search,) = (command for command in commands if command.name == "search")
    yield from _options(option for option in search.options if option.name in cli_help.SHARED)
    yield from ("", "## Options before a command", "")
    yield from _options(o for o in cli_help.program().options if o.name != "help")
    yield from ("", "## Exit codes", "")
    yield from _table(("Code", "Meaning"), ((f"`{c}`", text) for c, text in cli_help.EXIT_CODES))


def _command(command: Command) -> Iterator[str]:
    yield from ("", f"## `clipsearch {command.name}`")
    in_example = False
    for part in command.text:
        goes_on = in_example and isinstance(part, Example) and not part.titled
        if not goes_on:
            yield ""
        if isinstance(part, Example):
            if part.titled:
                yield from ("Example:", "")
            yield f"    {part.line}"
        else:
            yield _plain(part)
        in_example = isinstance(part, Example)
    usage = " ".join(
        name if argument.required else f"[{name}]"
        for argument in command.arguments
        for name in [f"{argument.name.upper()}{' ...' if argument.repeated else ''}"]
    )
    own = [option for option in command.options if option.name not in cli_help.SHARED]
    options = " [OPTIONS]" if command.options else ""
    yield from ("", f"Usage: `{f'clipsearch {command.name}{options} {usage}'.rstrip()}`", "")
    explained = [a for a in command.arguments if a.help]
    if explained or own:
        arguments = ((f"`{a.name.upper()}`", a.help) for a in explained)
        yield from _table(("Argument or option", "Meaning"), [*arguments, *_rows(own)])


def _options(options: Iterable[Option]) -> Iterator[str]:
    return _table(("Option", "Meaning"), _rows(options))


def _rows(options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    for option in options:
        value = "" if option.value is None else f" {option.value.upper()}"
        yield ", ".join(f"`{flag}{value}`" for flag in option.flags), option.help


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {head[0]} | {head[1]} |"
    yield "| --- | --- |"
    for left, right in rows:
        yield f"| {left} | {_plain(right)} |"


def _plain(text: str) -> str:
    """``text`` so that Markdown shows it as it is, in a cell of a table too."""
    for character in "\\|*_<[":
        text = text.replace(character, f"\\{character}")
    return text


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"{TARGET}: {len(page().splitlines())} lines")
