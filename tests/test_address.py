from __future__ import annotations

import pytest

from store.address import Address, is_address, without_passwords

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
