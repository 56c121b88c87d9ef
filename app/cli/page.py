"""clipsearch ui"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from typing import Annotated

import typer

from app import processes
from app.cli.common import LibraryOption, configure, note

_START_S = 60.0


def ui(
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; another one needs --password.")
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
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
    library: LibraryOption = None,
) -> None:
    """Open the search page in the browser; it is for this machine only.

    Others may come in with --host and a password, because whoever sees the page sees the photos.

    Example: clipsearch ui --port 8600
    """
    secret = os.environ.get("CLIPSEARCH_PAGE_PASSWORD", "")
    if password and not secret:
        if sys.stdin is None:
            raise typer.BadParameter(
                "there is nobody to ask for it; set CLIPSEARCH_PAGE_PASSWORD",
                param_hint="--password",
            )
        secret = typer.prompt("Password for the page", hide_input=True, confirmation_prompt=True)
    if (name or not _is_loopback(host)) and not secret:
        raise typer.BadParameter(
            "the page shows your photos to whoever can reach this address; "
            "add --password so that only people who know it get in",
            param_hint="--name" if name else "--host",
        )
    if not _is_free(host, port):
        raise typer.BadParameter(f"{port} is in use; take another one", param_hint="--port")
    environment = processes.environment(
        CLIPSEARCH_LIBRARY=str(configure(library).library),
        CLIPSEARCH_PAGE_PASSWORD=secret,
        CLIPSEARCH_PAGE_HOSTS=",".join(_names(host, name or [])),
    )
    options = {"address": host, "port": str(port), "headless": "true"}
    command = processes.command(
        "app.pages.launch", *(f"--server.{key}={value}" for key, value in options.items())
    )
    shown = f"http://{'localhost' if _is_loopback(host) else host}:{port}"
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    note(f"The page is at {shown}. Ctrl-C ends it.")
    if browser:
        threading.Thread(target=_open_when_up, args=(shown, port), daemon=True).start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the server is to end with us
    try:
        ended = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        return
    raise typer.Exit(ended)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names(host: str, more: list[str]) -> list[str]:
    """What the page may be called in requests, besides the names of the loopback."""
    if _is_loopback(host):
        return more
    own = socket.gethostname()
    names = [host, own, f"{own}.local", *more]
    if host in ("0.0.0.0", "::"):
        names += {str(info[4][0]) for info in socket.getaddrinfo(own, None)}
    return [f"[{name}]" if ":" in name else name for name in dict.fromkeys(names)]


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def _open_when_up(address: str, port: int) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                break
        except OSError as error:
            if getattr(error, "code", None) == 401:  # it is up, and asks for its password
                break
            time.sleep(0.2)
    typer.launch(address)
