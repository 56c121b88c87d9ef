"""clipsearch ui"""

from __future__ import annotations

import errno
import ipaddress
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from typing import Annotated

import typer

from app import processes
from app.cli.common import LibraryOption, configure, note

_EVERYWHERE = ("0.0.0.0", "::")


def ui(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; any other one needs --password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8501,
    password: Annotated[
        bool,
        typer.Option("--password", help="Ask for a password (also: CLIPSEARCH_PAGE_PASSWORD)."),
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", help="A name that others call this machine by; needs --password."),
    ] = None,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            help="Address or network of a proxy in front, which is believed on who asks, and "
            "whether by HTTPS (X-Forwarded-For, X-Forwarded-Proto); needs --password.",
        ),
    ] = None,
    token: Annotated[
        bool,
        typer.Option(
            "--token/--no-token",
            help="Without a password, let in only who has the address that is printed "
            "(its token also: CLIPSEARCH_PAGE_TOKEN).",
        ),
    ] = True,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    library: LibraryOption = None,
) -> None:
    """Open the search page in the browser; it is for you on this machine only.

    Others may come in with --host and a password, because whoever sees the page sees the photos.

    Example: clipsearch ui --port 8600
    """
    from app.cli.open_page import open_when_up, private_folder
    from app.web import routes

    secret = os.environ.get(routes.PASSWORD, "")
    if password and not secret:
        secret = _ask_for_password(routes.SHORTEST_PASSWORD)
    for given, option in ((name, "--name"), (proxy, "--proxy"), (not _is_loopback(host), "--host")):
        if given and not secret:
            raise typer.BadParameter(
                "the page shows your photos to whoever can reach this address; "
                "add --password so that only people who know it get in",
                param_hint=option,
            )
    _require_free(host, port)
    key = "" if secret or not token else _token(routes.TOKEN)
    settings = {
        routes.PASSWORD: secret,
        routes.TOKEN: key,
        routes.HOSTS: ",".join(_names(host, name or [])),
        routes.PROXIES: ",".join(proxy or []),
    }
    routes.check(settings)
    environment = processes.environment(**configure(library).library_environment, **settings)
    options = {"address": host, "port": str(port), "headless": "true"}
    command = processes.command(
        "app.pages.launch", *(f"--server.{key}={value}" for key, value in options.items())
    )
    shown = [_address(one, port, key) for one in _reached_by(host)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    note(f"The page is at {' and '.join(shown)} (Ctrl-C ends it)")
    if key:
        note("Who has this address sees your photos: the token in it lets in.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so the server ends with us
    with private_folder() as folder:
        if browser:
            probe = _address(_probed(host), port, "")
            arguments = (probe, shown[-1], folder)
            threading.Thread(target=open_when_up, args=arguments, daemon=True).start()
        try:
            ended = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            return
    raise typer.Exit(ended)


def _ask_for_password(shortest: int) -> str:
    if sys.stdin is None:
        raise typer.BadParameter(
            "there is nobody to ask for it; set CLIPSEARCH_PAGE_PASSWORD",
            param_hint="--password",
        )
    asked = f"Password for the page (at least {shortest} characters)"
    return str(typer.prompt(asked, hide_input=True, confirmation_prompt=True))


def _token(variable: str) -> str:
    """The token of this run: the one in the environment, else a new one."""
    return os.environ.get(variable) or secrets.token_urlsafe(24)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names(host: str, more: list[str]) -> list[str]:
    """The names that ``Host`` may have, besides the loopback's and the address that a request has
    come to."""
    if _is_loopback(host):
        return more
    own = socket.gethostname()
    listed = [own, f"{own}.local", *more]
    if host not in _EVERYWHERE:
        listed.insert(0, host)
    return [f"[{name}]" if ":" in name else name for name in dict.fromkeys(listed)]


def _reached_by(host: str) -> list[str]:
    """The addresses to print; the last one is for this machine's own browser."""
    from app.web.own_addresses import own_addresses

    if host in _EVERYWHERE:
        return [*own_addresses(), "127.0.0.1"]
    return [_probed(host)]


def _probed(host: str) -> str:
    # Not "localhost": that may be ::1 first, where another account could listen and be told.
    return "127.0.0.1" if host in (*_EVERYWHERE, "localhost") else host


def _address(host: str, port: int, token: str) -> str:
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}:{port}" + (f"/?token={token}" if token else "")


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            denied = error.errno in (errno.EACCES, errno.EPERM)
            if denied and port < 1024:
                said, hint = f"{port} is not for every user; choose one above 1023", "--port"
            elif denied or error.errno == errno.EADDRINUSE:  # Windows denies what others have
                said, hint = f"{port} is in use; choose a different one", "--port"
            else:
                said, hint = f"{host} is no address of this machine", "--host"
            raise typer.BadParameter(said, param_hint=hint) from error
