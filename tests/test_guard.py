"""Who may talk to the page: requests through the real guard, from the client of Starlette."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.web.guard import HEADERS, Guard

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

    app = Starlette(
        routes=[
            Route("/", answer, methods=["GET", "POST"]),
            Route("/clipsearch/thumb/1", answer),
            WebSocketRoute("/_stcore/stream", stream),
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


@pytest.mark.parametrize("host", ["192.168.1.7", "10.0.0.1", "2001:db8::1", "::ffff:192.168.1.7"])
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


@pytest.mark.parametrize("path", ["/", "/nothing/here", "/clipsearch/thumb/1"])
def test_every_answer_has_the_headers(path: str) -> None:
    for answer in (
        client().get(path),
        client().get(path, headers={"Host": "evil.example"}),
        client(password="x").get(path),
    ):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value


def test_the_policy_lets_nothing_in_from_outside() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "http" not in policy and "*" not in policy
    (scripts,) = (part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
