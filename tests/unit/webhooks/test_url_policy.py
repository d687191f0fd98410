"""Whom a webhook may call: a list of hostile URLs, each of which somebody has once got past such a check with."""

import pytest

from chalicelib.errors import Refused
from chalicelib.model.webhooks import Target
from chalicelib.webhooks.url_policy import may_call, to_target

HOSTILE = [
    # this machine, in all the ways to write it
    "https://127.0.0.1/",
    "https://127.0.0.1:443/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.255.255.254/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://0177.1/",
    "https://127.0.0.01/",
    "https://127.000.000.001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://0x0/",
    "https://127.0.0.1./",
    "https://127%2e0%2e0%2e1/",
    "https://%31%32%37.0.0.1/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://api.localhost/",
    "https://localhost.localdomain/",
    "https://ⓛocalhost/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[0000::1]/",
    # an IPv4 address inside an IPv6 one
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[64:ff9b:1::a9fe:a9fe]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:7f00:1::1]/",
    # metadata of clouds
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://2852039166/latest/meta-data/",
    "https://0xa9fea9fe/",
    "https://0xa9.0xfe.0xa9.0xfe/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://[fd00:ec2::254]/",
    "https://100.100.100.200/",
    "https://168.63.129.16/",
    "https://192.0.0.192/",
    "https://metadata.google.internal/",
    "https://metadata/",
    # networks of one's own
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://100.64.0.1/",
    "https://169.254.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.51.100.7/",
    "https://203.0.113.7/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    "https://db.corp/",
    "https://printer.local/",
    "https://vault.internal/",
    "https://intranet/",
    "https://1.0.0.127.in-addr.arpa/",
    # other doors, and other ways to speak
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1:11211/stat",
    "ldap://example.com/",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "//example.com/",
    "https:example.com",
    "https:///example.com",
    "https://",
    "https://:443/",
    "https://.example.com/",
    "https://example..com/",
    "https://example.com:22/",
    "https://example.com:80/",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:-1/",
    "https://example.com:/",
    "https://example.com:4 43/",
    # what two parsers read differently
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/",
    "https://user:secret@example.com/",
    "https://example.com#@127.0.0.1/",
    "https://example.com\\@127.0.0.1/",
    "https://127.0.0.1\\.example.com/",
    "https://127.0.0.1#.example.com/",
    "https://127.0.0.1?.example.com/",
    "https://exa\tmple.com/",
    "https://example.com/\r\nX-Evil: 1",
    "https://example.com\n.evil.com/",
    "https://example.com\x00.evil.com/",
    " https://example.com/",
    "https://[example.com]/",
    "https://[127.0.0.1]/",
    "https://[::1/",
    "https://::1/",
    "https://[v1.fe80::a+en1]/",
    "https://exämple.com/",
    f"https://{'a' * 64}.example.com/",
    f"https://example.com/{'a' * 2048}",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refused:
        to_target(url)

    assert (refused.value.code, refused.value.param) == ("unsafe_url", "url")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", Target("https", "example.com", 443, "/")),
        ("https://Hooks.Example.com/a/b?c=d", Target("https", "hooks.example.com", 443, "/a/b?c=d")),
        ("https://example.com:8443/x", Target("https", "example.com", 8443, "/x")),
        ("https://xn--exmple-cua.com/", Target("https", "xn--exmple-cua.com", 443, "/")),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700::1111]/", Target("https", "2606:4700::1111", 443, "/")),
        ("https://127.0.0.1.example.com/", Target("https", "127.0.0.1.example.com", 443, "/")),
    ],
)
def test_a_public_url_is_a_target(url: str, target: Target) -> None:
    assert to_target(url) == target


@pytest.mark.parametrize("url", ["http://127.0.0.1:8099/", "http://localhost:80/", "https://[::1]:9000/"])
def test_a_stack_of_one_s_own_may_call_this_machine(url: str) -> None:
    assert to_target(url, allows_local=True).port > 0


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://metadata.google.internal/",
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1/",
    ],
)
def test_but_nothing_else_inside(url: str) -> None:
    with pytest.raises(Refused):
        to_target(url, allows_local=True)


@pytest.mark.parametrize(
    "address", ["fe80::1%eth0", "2606:4700::1111%1", "", "example.com", "::ffff:8.8.8.8", "0.1.2.3"]
)
def test_what_is_no_public_address_may_not_be_called(address: str) -> None:
    assert not may_call(address)
