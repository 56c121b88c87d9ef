"""The addresses of this machine, from its own interfaces: no name is looked up."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys

# The ``ioctl`` for the IPv4 address of an interface, which is in bytes 20 to 24 of the answer.
_ASK = {"linux": 0x8915, "darwin": 0xC0206921}
_REQUEST = 32 if sys.platform == "darwin" else 40  # bytes of ``struct ifreq``


def own_addresses() -> list[str]:
    """The IPv4 addresses by which other machines may reach this one; empty if only a question to
    the network could tell."""
    if sys.platform not in _ASK:
        return _by_own_name() if sys.platform == "win32" else []
    import fcntl

    listed = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            request = struct.pack(f"{_REQUEST}s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(asking.fileno(), _ASK[sys.platform], request)
            except OSError:  # an interface without an address
                continue
            listed.append(socket.inet_ntoa(answer[20:24]))
    return _reachable(listed)


def _by_own_name() -> list[str]:
    """The addresses of the machine's own name, which Windows knows without asking the network."""
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        return []
    return _reachable([str(info[4][0]) for info in told])


def _reachable(addresses: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(addresses) if not ipaddress.ip_address(one).is_loopback]
