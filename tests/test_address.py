from __future__ import annotations

from urllib.parse import quote

import pytest

from store.address import Address, is_address, split, without_passwords

SHOWN = [
    ("postgresql://anna:s3cret@host:5432/photos", "postgresql://anna@host:5432/photos"),
    ("postgres://anna@host/photos", "postgresql://anna@host/photos"),
    ("postgresql://host/photos", "postgresql://host/photos"),
    ("postgresql://", "postgresql://"),
    ("postgresql:///photos?host=/run/pg", "postgresql:///photos?host=/run/pg"),
    ("postgresql://anna:s3cret@/p?host=/run", "postgresql://anna@/p?host=/run"),
    ("postgresql:///p?user=anna&password=s3cret", "postgresql:///p?user=anna"),
    ("postgresql:///p?password=s3cret&user=anna", "postgresql:///p?user=anna"),
    ("postgresql:///p?password=s3@cret", "postgresql:///p"),
    ("postgresql:///p?host=/a&sslpassword=s3cret", "postgresql:///p?host=/a"),
    # Not escaped as they should be.
    ("postgresql://anna:s3/cret@host/p", "postgresql://anna@host/p"),
    ("postgresql://anna:s3@cret@host/p", "postgresql://anna@host/p"),
    ("postgresql://anna:s3?cret#@host/p", "postgresql://anna@host/p"),
    ("postgresql://anna:s3cret@[::/p", "postgresql://anna@[::/p"),
]


@pytest.mark.parametrize(("url", "shown"), SHOWN)
def test_no_password_is_shown(url: str, shown: str) -> None:
    address = Address(url)
    assert str(address) == shown
    for text in (str(address), repr(address), f"{address}", f"{[address]}"):
        assert "cret" not in text
    assert "cret" not in without_passwords(f"index --library '{url}' x")
    assert address.url == url


def test_what_others_say_is_shown_without_it() -> None:
    address = Address("postgresql://anna:s3%20cret@host/p?sslpassword=other")
    said = address.without_secrets(f'bad password "s3 cret" or s3%20cret in {address.url}: other')
    assert said == f'bad password "***" or *** in {address}: ***'


def test_one_name_whatever_the_password() -> None:
    one, other = Address("postgresql://a:x@h/p"), Address("postgres://a:y@h/p")
    assert one.name == other.name != Address("postgresql://a@h/q").name


def test_which_texts_are_addresses() -> None:
    assert is_address("postgresql://h/p") and is_address("POSTGRES://h/p")
    assert not is_address("postgresql:/h") and not is_address("/postgresql://h")


FIRST, SECOND = "postgresql://anna:s3cret@host/photos", "postgresql://reader:s@cret&x=1?@replica/p"


@pytest.mark.parametrize(
    ("url", "first", "read"),
    [
        (f"{FIRST}?read={SECOND}", FIRST, SECOND),
        (f"{FIRST}?sslmode=prefer&read={SECOND}", f"{FIRST}?sslmode=prefer", SECOND),
        (f"{FIRST}?read={quote(SECOND, safe='')}", FIRST, SECOND),
        (
            f"{FIRST}?READ={quote(SECOND, safe='')}&sslmode=prefer",
            f"{FIRST}?sslmode=prefer",
            SECOND,
        ),
        (
            "postgres://h1:1,[::1]:2/p?read=postgres://h3",
            "postgres://h1:1,[::1]:2/p",
            "postgres://h3",
        ),
        (
            "postgresql:///p?read=postgresql:///p?host=/run",
            "postgresql:///p",
            "postgresql:///p?host=/run",
        ),
        # No second address is named here.
        ("postgresql://anna:x&read=postgresql://s3cret@host/p", None, None),
        ("postgresql://anna:x?read=postgresql://s3cret@host/p", None, None),
        ("postgresql://host/p?application_name=read=postgresql://host/q", None, None),
        ("postgresql://host/p?read=replica", None, None),
        (FIRST, None, None),
    ],
)
def test_a_second_address_to_read_from(url: str, first: str | None, read: str | None) -> None:
    one, other = split(url)
    assert (one.url, other and other.url) == (first or url, read)
    shown = without_passwords(f"index --library {url} x")
    assert "cret" not in shown and "cret" not in f"{one} {other}"
    assert ("read=" in shown) == (read is not None) or "read=" in str(one)
    if read:
        again, same = split(shown.split(" ")[2])
        assert (str(again), str(same)) == (str(one), str(other))
