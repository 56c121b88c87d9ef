"""The way in: a password, or the token that ``clipsearch ui`` puts into the address it opens."""

from __future__ import annotations

import html
import math
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Scope

from app.locales.texts import Texts, texts_for
from app.web.proxies import Asker
from app.web.sessions import Lockout, Session, Sessions, is_same

PREFIX = "/clipsearch/"
LOGIN = f"{PREFIX}login"
LOGOUT = f"{PREFIX}logout"
TOKEN = "token"
"""The parameter of an address that has the token."""

_COMMAND = "<code>clipsearch ui</code>"
_LONGEST_FORM = 10_000  # bytes; a body of more is not read
Kind = Literal["password", "token"]

_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>clipsearch</title><style>
body {{ font: 16px system-ui, sans-serif; display: grid; place-content: center; height: 90vh;
  color: CanvasText; background: Canvas; color-scheme: light dark }}
form {{ display: grid; gap: 1rem; min-width: 18rem; max-width: 26rem }}
input, button {{ font: inherit; padding: .6rem }}
</style></head><body><form method="post" action="{action}">
<h1>clipsearch</h1>{inside}<p role="alert">{message}</p></form></body></html>"""
_FIELD = """{hint}<label for="p">{label}</label>
<input id="p" name="secret" type="password" autofocus required autocomplete="{complete}">
<input name="next" type="hidden" value="{next}"><button>{open}</button>"""


class Login:
    """Asks visitors for the secret, and remembers who has given it.

    Args:
        secret: the password or the token.
        kind: which of the two it is; a token may also come in the address.
    """

    def __init__(
        self,
        secret: str,
        kind: Kind,
        sessions: Sessions | None = None,
        lockout: Lockout | None = None,
    ) -> None:
        self._secret = secret
        self._kind: Kind = kind
        self._sessions = sessions or Sessions()
        self._lockout = lockout or Lockout()

    def session(self, scope: Scope) -> Session | None:
        """The session of the request in ``scope``; None if there is none."""
        return self._sessions.find(_cookie_of(scope))

    def by_address(self, scope: Scope, asker: Asker) -> Response | None:
        """Let in a visitor with the token in the address, and take it out; None without a token."""
        if self._kind != "token" or scope["type"] != "http" or scope["method"] != "GET":
            return None
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(asked).get(TOKEN)
        if given is None or not is_same(given, self._secret):
            return None
        rest = urlencode([(key, value) for key, value in asked if key != TOKEN])
        path = _inside(HTTPConnection(scope).url.path)
        return self._let_in(scope, asker, f"{path}?{rest}" if rest else path)

    def ask(
        self, scope: Scope, message: str = "", *, back: str | None = None, status: int = 401
    ) -> Response:
        """The page that asks for the secret; for other requests than pages, one line of text."""
        texts = _texts_of(scope)
        is_password = self._kind == "password"
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            return PlainTextResponse(message or f"A {self._kind} is needed.", status)
        if back is None:
            query = scope["query_string"].decode("latin-1")
            back = HTTPConnection(scope).url.path + (f"?{query}" if query else "")
        field = _FIELD.format(
            hint="" if is_password else f"<p>{texts('login.hint', command=_COMMAND)}</p>",
            label=texts("login.password") if is_password else texts("login.token"),
            complete="current-password" if is_password else "off",
            open=texts("login.open"),
            next=html.escape(_inside(back)),
        )
        return HTMLResponse(_page(scope, LOGIN, field, message), status)

    async def answer(self, request: Request, asker: Asker) -> Response:
        """Answer a form sent to ``LOGIN``: with a cookie, and the way to the page asked for."""
        if request.method != "POST":
            return RedirectResponse("/", 303)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _LONGEST_FORM:
                return PlainTextResponse("Too long.", 413)
        texts = _texts_of(request.scope)
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        back = form.get("next", "/")
        wait = math.ceil(self._lockout.wait(asker.address))
        if wait:
            message = texts("login.wait", seconds=wait)
            refused = self.ask(request.scope, message, back=back, status=429)
            refused.headers["Retry-After"] = str(wait)
            return refused
        if not is_same(form.get("secret", ""), self._secret):
            self._lockout.failed(asker.address)
            wrong = texts("login.not-password" if self._kind == "password" else "login.not-token")
            return self.ask(request.scope, wrong, back=back)
        self._lockout.passed(asker.address)
        return self._let_in(request.scope, asker, _inside(back))

    def log_out(self, request: Request) -> Response:
        """End this login, not the others; GET only asks first, so that no link can log out."""
        if request.method != "POST":
            inside = f"<button>{_texts_of(request.scope)('bar.log-out')}</button>"
            return HTMLResponse(_page(request.scope, LOGOUT, inside))
        self._sessions.end(_cookie_of(request.scope))
        response = RedirectResponse("/", 303)
        response.delete_cookie(_cookie_name(request.scope), httponly=True, samesite="lax")
        return response

    def _let_in(self, scope: Scope, asker: Asker, target: str) -> Response:
        response = RedirectResponse(target, 303)
        # Lax: a link to the page from elsewhere finds its reader logged in.
        response.set_cookie(
            _cookie_name(scope),
            self._sessions.begin(),
            httponly=True,
            samesite="lax",
            secure=asker.is_https,
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _texts_of(scope: Scope) -> Texts:
    return texts_for(Headers(scope=scope).get("accept-language", ""))


def _page(scope: Scope, action: str, inside: str, message: str = "") -> str:
    return _PAGE.format(
        language=_texts_of(scope).language,
        action=action,
        inside=inside,
        message=html.escape(message),
    )


def _cookie_name(scope: Scope) -> str:
    """A name with the port in it: browsers send cookies of one port to all ports of a machine."""
    port = Headers(scope=scope).get("host", "").rpartition("]")[2].rpartition(":")[2]
    return f"clipsearch-{port}" if port.isdecimal() else "clipsearch"


def _cookie_of(scope: Scope) -> str:
    return HTTPConnection(scope).cookies.get(_cookie_name(scope), "")


def _inside(target: str) -> str:
    """Where to go after the login: ``target`` if it is on this page, never anywhere else."""
    odd = not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable()
    return "/" if odd or target.startswith(PREFIX) else target
