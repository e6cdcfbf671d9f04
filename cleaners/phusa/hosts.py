"""Hosts of addresses."""

from __future__ import annotations

from urllib.parse import urlsplit


def host(address: str | None) -> str:
    """The host of an address without `www.`, in lower case; empty where there is none.

    >>> host("https://WWW.Bao.example:8080/tin.html"), host("tin.html"), host("http://[")
    ('bao.example', '', '')
    """
    try:
        name = urlsplit(address or "").hostname or ""
    except ValueError:
        return ""  # brackets that hold no address
    return name.removeprefix("www.")
