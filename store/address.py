"""The address of a library on a server, which is never shown with its password.

A second one, of a replica to read from, may follow as the parameter ``read``; see ``split``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

_SCHEMES = ("postgresql://", "postgres://")
_SECRET = re.compile(r"(?i)[?&](?:password|passfile|sslpassword|sslkey)=([^&]*)")
_READ = re.compile(r"(?is)(?<=[?&])read=(?:(postgres(?:ql)?://.*)|(postgres(?:ql)?%3A%2F%2F[^&]*))")
_HOST = re.compile(r"([^:\[\]]*|\[[^\]]*\])(:\d*)?")
_IN_TEXT = re.compile(r"(?i)postgres(?:ql)?://[^\s'\"]+")


@dataclass(frozen=True)
class Address:
    """``postgresql://user@host/database``; as text it is without its password.

    Attributes:
        url: as it was given, for whoever connects and for nobody else.
    """

    url: str = field(repr=False)

    def __str__(self) -> str:
        user, _, at, host = self._parts()
        place, _, query = host.partition("?")
        query = query.strip("&")
        return f"postgresql://{user}{at}{place}{'?' if query else ''}{query}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    @property
    def name(self) -> str:
        """What stands for it in names of folders; the same every time, and with any password."""
        return hashlib.sha256(str(self).encode("utf-8", "surrogateescape")).hexdigest()[:16]

    def without_secrets(self, text: str) -> str:
        """``text``, which somebody else wrote, with its passwords blotted out."""
        text = text.replace(self.url, str(self))
        for secret in (self._parts()[1], *_SECRET.findall(self.url)):
            for spelt in filter(None, (secret, unquote_plus(secret))):
                text = text.replace(spelt, "***")
        return text

    def _parts(self) -> tuple[str, str, str, str]:
        """User, password, "@" if there is one, and all behind it but secrets.

        A password may have any character, whether it should have been escaped or not: it ends at
        the last "@".
        """
        rest = re.sub(r"^[?&]", "?", _SECRET.sub("", self.url.partition("://")[2]))
        place, separator, query = rest.partition("&") if "?" not in rest else (rest, "", "")
        before, at, host = f"{place}{'?' if separator else ''}{query}".rpartition("@")
        user, _, password = before.partition(":")
        return user, password, at, host


def is_address(text: str) -> bool:
    """Whether ``text`` is an address of a kind that libraries can be at, and no folder's name."""
    return text.lower().startswith(_SCHEMES)


def without_passwords(text: str) -> str:
    """``text`` with each address of a server in it as it may be shown."""
    return _IN_TEXT.sub(lambda match: _shown(match[0]), text)


def split(url: str) -> tuple[Address, Address | None]:
    """The address of a library, and that of a replica of it to read from, if one is named.

    The second is percent-encoded, or the last parameter: then all behind ``read=`` is its own.
    """
    match = _READ.search(url)
    if match is None:
        return Address(url), None
    before, separator = url[: match.start() - 1], url[match.start() - 1]
    place = before.partition("://")[2]
    hosts = re.split("[/?]", place, maxsplit=1)[0].split(",")
    whole = "@" in place or all(_HOST.fullmatch(host) for host in hosts)
    if not whole or (separator == "&") != ("?" in place):  # ``read=`` is inside a password
        return Address(url), None
    rest = url[match.end() :].lstrip("&")
    first = f"{before}{separator}{rest}" if rest else before
    return Address(first), Address(match[1] or unquote(match[2]))


def _shown(url: str) -> str:
    first, read = split(url)
    return f"{first}{'&' if '?' in str(first) else '?'}read={read}" if read else str(first)
