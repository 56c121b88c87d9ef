"""Which addresses this machine has, asked of the machine itself: no name is looked up."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys

# ``ioctl`` that gives the IPv4 address of an interface; the address lies at 20 to 24 of its answer.
_ASK = {"linux": 0x8915, "darwin": 0xC0206921}
_REQUEST = 32 if sys.platform == "darwin" else 40  # bytes of ``struct ifreq``


def own_addresses() -> list[str]:
    """The IPv4 addresses by which other machines may reach this one; none where there is no way
    to know without asking the network."""
    if sys.platform not in _ASK:
        return _by_own_name() if sys.platform == "win32" else []
    import fcntl

    listed = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            request = struct.pack(f"{_REQUEST}s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(asking.fileno(), _ASK[sys.platform], request)
            except OSError:  # one without an address
                continue
            listed.append(socket.inet_ntoa(answer[20:24]))
    return _reachable(listed)


def _by_own_name() -> list[str]:
    """Windows answers for its own name by itself."""
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return _reachable([str(info[4][0]) for info in told])


def _reachable(addresses: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(addresses) if not ipaddress.ip_address(one).is_loopback]
