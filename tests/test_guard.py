"""Who may talk to the page: requests through the real guard, from the client of Starlette."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.web.guard import HEADERS, Guard

OF_DOCUMENTS = {
    *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"),
}
HERE = "http://127.0.0.1:8501"
Client = Callable[..., TestClient]


def client(
    *,
    host: str = "127.0.0.1",
    base: str = HERE,
    names: str = "",
    **options: object,
) -> TestClient:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("photos")

    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("photos")
        await socket.close()

    async def wait(socket: WebSocket) -> None:
        await socket.accept()
        await socket.receive_text()

    app = Starlette(
        routes=[
            Route("/", answer, methods=["GET", "POST"]),
            Route("/clipsearch/thumb/1", answer),
            Route("/_stcore/health", lambda request: PlainTextResponse("ok")),
            WebSocketRoute("/_stcore/stream", stream),
            WebSocketRoute("/_stcore/waits", wait),
        ],
        middleware=[Middleware(Guard, hosts=tuple(filter(None, [names])), **options)],  # type: ignore[arg-type]
    )
    return TestClient(app, base_url=base, client=(host, 50_000), follow_redirects=False)


def connects(one: TestClient, **headers: str) -> bool:
    try:
        with one.websocket_connect("/_stcore/stream", headers=headers) as socket:
            return bool(socket.receive_text() == "photos")
    except WebSocketDisconnect:
        return False


@pytest.mark.parametrize("base", [HERE, "http://localhost:8501", "http://[::1]:8501"])
def test_this_machine_gets_in(base: str) -> None:
    one = client(base=base)
    assert one.get("/").text == "photos"
    assert one.get("/", headers={"Origin": base}).status_code == 200
    assert connects(one, host=base.removeprefix("http://"), origin=base)


@pytest.mark.parametrize(
    "host", ["evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::2]"]
)
def test_other_names_for_this_machine_do_not(host: str) -> None:
    """DNS rebinding: a page of evil.example has its name point at this machine."""
    one = client()
    for path in ("/", "/clipsearch/thumb/1"):
        assert one.get(path, headers={"Host": host}).status_code == 403
    assert not connects(one, host=host)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8501"]
)
def test_pages_of_another_origin_do_not(origin: str) -> None:
    one = client()
    assert one.post("/", headers={"Origin": origin}).status_code == 403
    assert not connects(one, origin=origin)


def test_pictures_are_not_for_other_sites() -> None:
    one = client()
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        headers = {"Sec-Fetch-Site": site}
        assert one.get("/clipsearch/thumb/1", headers=headers).status_code == status
    # A link from elsewhere to the page itself is fine.
    assert one.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["192.168.1.7", "10.0.0.1", "2001:db8::1", "::ffff:192.168.1.7", "testclient"]
)
def test_other_machines_need_a_password(host: str) -> None:
    assert client(host=host).get("/").status_code == 403
    assert "--password" in client(host=host).get("/").text
    assert client(host="::ffff:127.0.0.1").get("/").status_code == 200


def test_a_password_opens_it_to_others() -> None:
    base = "http://nas.local:8501"
    one = client(host="192.168.1.7", base=base, password="open sesame", names="nas.local")
    asked = one.get("/", headers={"Accept": "text/html"})
    assert asked.status_code == 401 and "Password" in asked.text
    assert one.get("/clipsearch/thumb/1").status_code == 401
    assert not connects(one, host="nas.local:8501")
    wrong = one.post("/clipsearch/login", data={"secret": "open barley"})
    assert wrong.status_code == 401 and "set-cookie" not in wrong.headers
    right = one.post("/clipsearch/login", data={"secret": "open sesame"})
    assert right.status_code == 303
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert "sesame" not in cookie
    assert one.get("/clipsearch/thumb/1").text == "photos"
    assert connects(one, host="nas.local:8501", cookie=cookie.partition(";")[0])
    # From the same machine too: others may have an account on it.
    assert client(password="open sesame").get("/").status_code == 401


def test_a_forged_cookie_is_none() -> None:
    one = client(password="secret")
    for value in ("", "secret", "x" * 5000, "\u00fc"):
        headers = {"Cookie": f"clipsearch-8501={value}".encode()}
        assert one.get("/", headers=headers).status_code == 401  # type: ignore[arg-type]


def test_a_login_that_is_too_long_is_not_read() -> None:
    one = client(password="secret")
    assert one.post("/clipsearch/login", data={"secret": "x" * 20_000}).status_code == 413


def test_a_password_keeps_where_one_wanted_to_go() -> None:
    one = client(password="open sesame")
    asked = one.get("/?q=a+dog&view=Map", headers={"Accept": "text/html"})
    (field,) = re.findall(r'name="next" type="hidden" value="([^"]*)"', asked.text)
    wanted = html.unescape(field)
    assert wanted == "/?q=a+dog&view=Map"
    wrong = one.post(
        "/clipsearch/login", data={"secret": "x", "next": wanted}, headers={"Accept": "text/html"}
    )
    assert html.escape(wanted) in wrong.text
    right = one.post("/clipsearch/login", data={"secret": "open sesame", "next": wanted})
    assert right.headers["location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\r\nX: y",
        "/clipsearch/zip",
        "",
    ],
)
def test_a_login_leads_nowhere_else(elsewhere: str) -> None:
    one = client(password="open sesame")
    form = {"secret": "open sesame", "next": elsewhere}
    assert one.post("/clipsearch/login", data=form).headers["location"] == "/"
    asked = one.get("/", params={"q": '"><script>'}, headers={"Accept": "text/html"})
    assert "<script>" not in asked.text


def test_each_login_ends_alone() -> None:
    guarded = client(password="open sesame").app
    mine, other = (
        TestClient(guarded, base_url=HERE, client=("127.0.0.1", 1), follow_redirects=False)
        for _ in range(2)
    )
    for one in (mine, other):
        one.post("/clipsearch/login", data={"secret": "open sesame"})
        assert one.get("/").text == "photos"
    cookie = dict(mine.cookies)
    headers = {"host": "127.0.0.1:8501", "cookie": "; ".join("=".join(c) for c in cookie.items())}
    with mine, mine.websocket_connect("/_stcore/waits", headers=headers) as socket:
        assert mine.get("/clipsearch/logout").status_code == 200  # only asks
        assert mine.get("/").status_code == 200
        assert mine.post("/clipsearch/logout").status_code == 303
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert mine.get("/").status_code == 401
    mine.cookies.update(cookie)
    assert mine.get("/").status_code == 401  # kept, it is worth nothing
    assert other.get("/").text == "photos"


def test_wrong_passwords_make_an_address_wait() -> None:
    guarded = client(password="open sesame").app
    one, other = (
        TestClient(guarded, base_url=HERE, client=(host, 1), follow_redirects=False)
        for host in ("192.168.1.7", "192.168.1.8")
    )
    tries = [one.post("/clipsearch/login", data={"secret": str(n)}) for n in range(4)]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429]
    assert int(tries[-1].headers["retry-after"]) >= 1 and "Wait" in tries[-1].text
    right = {"secret": "open sesame"}
    assert one.post("/clipsearch/login", data=right).status_code == 429
    assert other.post("/clipsearch/login", data=right).status_code == 303


def test_the_cookie_is_secure_behind_a_trusted_proxy_only() -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    for proxies, host, secure in (
        (("10.0.0.2",), "10.0.0.2", True),
        (("10.0.0.0/8",), "10.0.0.2", True),
        (("10.0.0.2",), "10.0.0.3", False),
        ((), "127.0.0.1", False),
    ):
        one = client(host=host, password="open sesame", proxies=proxies)
        form = {"secret": "open sesame"}
        answer = one.post("/clipsearch/login", data=form, headers=headers)
        assert ("secure" in answer.headers["set-cookie"].lower()) == secure
    https = client(base="https://127.0.0.1:8501", password="open sesame")
    answer = https.post("/clipsearch/login", data={"secret": "open sesame"})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_a_trusted_proxy_says_who_guesses() -> None:
    one = client(host="10.0.0.2", password="open sesame", proxies=("10.0.0.2",))
    for _ in range(3):
        # Whatever the client has put there itself comes first, and does not count.
        said = {"X-Forwarded-For": f"198.51.100.{_}, 203.0.113.9"}
        one.post("/clipsearch/login", data={"secret": "x"}, headers=said)
    for address, status in (("203.0.113.9", 429), ("203.0.113.10", 303)):
        headers = {"X-Forwarded-For": address}
        answer = one.post("/clipsearch/login", data={"secret": "open sesame"}, headers=headers)
        assert answer.status_code == status


TOKEN = "a token of some length"


def test_a_token_in_the_address_lets_in() -> None:
    """Another account of this machine can connect, and does not know it."""
    one = client(token=TOKEN)
    for path in ("/", "/clipsearch/thumb/1", "/?token=wrong", "/?token="):
        assert one.get(path).status_code == 401
    asked = one.get("/", headers={"Accept": "text/html"})
    assert "clipsearch ui" in asked.text and "Token" in asked.text
    came = one.get("/", params={"token": TOKEN, "q": "a dog"})
    assert came.status_code == 303 and came.headers["location"] == "/?q=a+dog"
    assert came.headers["cache-control"] == "no-store"
    assert TOKEN not in came.headers["set-cookie"]
    assert one.get("/").text == "photos"
    cookie = came.headers["set-cookie"].partition(";")[0]
    assert connects(one, host="127.0.0.1:8501", cookie=cookie)
    assert not connects(client(token=TOKEN), host="127.0.0.1:8501")
    typed = client(token=TOKEN).post("/clipsearch/login", data={"secret": TOKEN})
    assert typed.status_code == 303


def test_a_token_is_for_this_machine_and_a_password_is_no_token() -> None:
    far = client(host="192.168.1.7", token=TOKEN)
    assert far.get("/", params={"token": TOKEN}).status_code == 403
    one = client(password="open sesame")
    assert one.get("/", params={"token": "open sesame"}).status_code == 401


def test_the_health_check_asks_for_nothing() -> None:
    for options in ({"password": "open sesame"}, {"token": TOKEN}):
        one = client(**options)
        assert one.get("/_stcore/health").text == "ok"
        assert one.get("/_stcore/health", headers={"Host": "evil.example"}).status_code == 403
        for near in ("/_stcore/health/", "//_stcore/health", "/_stcore/healthz"):
            assert one.get(near).status_code == 401


def test_two_pages_on_one_machine_do_not_log_each_other_out() -> None:
    """Browsers send a cookie to all ports of a machine."""
    one, other = client(token=TOKEN), client(token=TOKEN, base="http://127.0.0.1:8600")
    names = {
        page.get("/", params={"token": TOKEN}).headers["set-cookie"].partition("=")[0]
        for page in (one, other)
    }
    assert len(names) == 2


@pytest.mark.parametrize("address", ["192.168.1.5", "[2001:db8::5]"])
def test_the_address_that_was_reached_is_a_name_of_this_machine(address: str) -> None:
    """``--host 0.0.0.0`` on a machine whose own name means 127.0.0.1."""
    one = client(host="192.168.1.7", base=f"http://{address}:8501", password="open sesame")
    assert one.get("/").status_code == 401  # asked, not refused
    for other in ("192.168.1.6", "[2001:db8::6]"):
        assert one.get("/", headers={"Host": f"{other}:8501"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/clipsearch/thumb/1"])
def test_every_answer_has_the_headers(path: str) -> None:
    for answer in (
        client().get(path),
        client().get(path, headers={"Host": "evil.example"}),
        client(password="x").get(path),
    ):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


@pytest.mark.parametrize(
    ("kind", "is_document"),
    [
        *(("text/html; charset=utf-8", True), ("image/svg+xml", True), ("text/plain", True)),
        *(("application/pdf", True), ("", True), ("image/jpeg", False), ("font/woff2", False)),
        *(("text/javascript; charset=utf-8", False), ("application/json", False)),
    ],
)
def test_what_is_no_document_has_no_headers_of_documents(kind: str, is_document: bool) -> None:
    response = Response("-", headers={"Content-Type": kind} if kind else None)
    inside = TestClient(Guard(response), base_url=HERE, client=("127.0.0.1", 1))
    headers = inside.get("/file").headers
    for name in HEADERS:
        assert (name in headers) == (is_document or name not in OF_DOCUMENTS), name


def test_the_page_asks_the_browser_for_nothing() -> None:
    policy = HEADERS["Permissions-Policy"]
    for feature in ("camera", "microphone", "geolocation", "usb", "payment"):
        assert f"{feature}=()" in policy


def test_the_policy_lets_nothing_in_from_outside() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "http" not in policy and "*" not in policy
    (scripts,) = (part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
