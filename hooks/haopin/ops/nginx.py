"""Generate the nginx configuration of a built site, with redirects of old addresses."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from haopin import csp
from haopin.build import manifest
from haopin.exports.downloads import FOLDER as DOWNLOADS
from haopin.installation import command
from haopin.model.redirect import Redirect
from haopin.problem import ConfigurationError
from haopin.site.paths import API, ASSETS, ASSETS_DIGITS, CATALOG

# --- Redirects: old path → path of a page that exists in the built site


def moved(redirects: Iterable[Redirect], roots: Sequence[str], site: Path) -> tuple[dict[str, str], list[str]]:
    """Return the redirects of the built ``site``, and the ids of those whose target page does not exist today.

    An address without a language redirects, in each language, to the page of that language; one with a language applies
    to that language only and takes precedence.

    Args:
        redirects: Validated records.
        roots: Folder of each language below the site, ``""`` or ending in ``/``.
        site: The built site.

    Raises:
        ConfigurationError: if an old path is a file of the site, which would become unreachable.
    """
    one_language: dict[str, str] = {}
    every_language: dict[str, str] = {}
    missing = []
    languages = tuple(root for root in roots if root)
    for redirect in redirects:
        has_language = redirect.old.startswith(languages) or redirect.target.startswith(languages)
        found = one_language if has_language else every_language
        for root in ("",) if has_language else roots:
            if not (site / root / redirect.target / "index.html").is_file():
                missing.append(redirect.id)
                continue
            for old in _forms(f"/{root}{redirect.old}"):
                found[old] = quote(f"/{root}{redirect.target}")
    result = {**every_language, **one_language}
    for old in result:
        if (site / old.removeprefix("/")).exists():
            raise ConfigurationError(
                f"redirects.yml：“{old}”现在是网站的文件，不能再当旧地址 / "
                f"“{old}” is a file of the site and cannot be an old address"
            )
    return result, list(dict.fromkeys(missing))


def _forms(old: str) -> tuple[str, ...]:
    """Return ``old`` with and without a slash at its end; a path with a file suffix only as it is."""
    if "." in old.rstrip("/").rpartition("/")[2] and not old.endswith("/"):
        return (old,)
    return (f"{old.rstrip('/')}/", old.rstrip("/"))


# --- The complete configuration, generated from the site's own ``policy.json``
#
# The templates are in `nginx_templates`. Every value from data or the command line is validated before it is inserted.

_TEMPLATES = Path(__file__).parent / "nginx_templates"
#: Paths of the generated files, relative to the configuration folder.
FILES = (
    "nginx.conf",
    *(
        f"haopin/{n}.conf"
        for n in ("site", "headers", "guard", "errors", "maps", "redirects", "types", "tls", "brotli")
    ),
)

_CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)

#: Media type → file suffixes.
_TYPES: Mapping[str, str] = {
    "text/html; charset=utf-8": "html",
    "text/css; charset=utf-8": "css",
    "text/javascript; charset=utf-8": "js mjs",
    "text/plain; charset=utf-8": "txt",
    "text/csv; charset=utf-8": "csv",
    "text/calendar; charset=utf-8": "ics",
    "application/json; charset=utf-8": "json",
    "application/ld+json; charset=utf-8": "jsonld",
    "application/manifest+json; charset=utf-8": "webmanifest",
    "application/xml; charset=utf-8": "xml",
    "image/svg+xml; charset=utf-8": "svg",
    "image/png": "png",
    "image/webp": "webp",
    "image/jpeg": "jpg jpeg",
    "image/x-icon": "ico",
    "font/woff2": "woff2",
    "application/pdf": "pdf",
    "application/ofd": "ofd",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}

#: Browser features that no page uses.
_PERMISSIONS = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)

#: Downloads beside the pages of sampling batches: a regular expression for the request, with or without a query.
_TABLES = r"disclosures/batches/[^/?]+/[^/?]+\.(?:csv|json|xlsx)(?:\?|$)"

_LATER = ("服务器暂时出错", "请稍后再试。", "The server has a problem", "Please try again later.")
_UNKNOWN = (
    "不支持这种请求",
    "请换用新一些的浏览器或程序。",
    "This kind of request is not supported",
    "Use a newer browser or program.",
)
#: Text of the error page of each status: Chinese heading and text, English heading and text.
_ERRORS: Mapping[int, tuple[str, str, str, str]] = {
    400: (
        "请求有误",
        "服务器看不懂这个请求。请检查网址，或从首页开始。",
        "Bad request",
        "The server does not understand this request. Check the address, or start from the home page.",
    ),
    405: (
        "本站只供阅读",
        "本站不接收提交的内容。",
        "This site is read-only",
        "Nothing can be submitted to this site.",
    ),
    413: ("请求太大", "本站不接收上传的内容。", "The request is too large", "Nothing can be uploaded to this site."),
    414: (
        "网址太长",
        "请检查网址，或从首页开始。",
        "The address is too long",
        "Check the address, or start from the home page.",
    ),
    416: (
        "文件没有这一部分",
        "文件可能已经更新，请重新下载整个文件。",
        "The file has no such part",
        "It may have been updated: download the whole file again.",
    ),
    429: (
        "请求太多",
        "来自您所在网络的请求太多，请十秒后再试。同一单位或同一手机网络里的人可能共用一个地址。",
        "Too many requests",
        "Too many requests came from your network: try again in ten seconds. People in one office, or in one mobile "
        "network, may share an address.",
    ),
    500: _LATER,
    501: _UNKNOWN,
    503: _LATER,
    505: _UNKNOWN,
}

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PATH = re.compile(r"/[\w./-]*")


@dataclass(frozen=True)
class Setup:
    """Settings of the administrator.

    Attributes:
        server_name: Canonical host name.
        aliases: Other host names, redirected to it.
        root: Folder on the server with ``releases/`` and the symlink ``current``.
        certificate: Path of the certificate chain on the server.
        certificate_key: Path of its private key.
        brotli: Whether Debian's nginx module for precompressed brotli files is installed.
        rate: Sustained limit, requests per second and client address.
        burst: Requests above the rate that are served at once.
        connections: Limit of simultaneous connections (HTTP/2: requests) per client address.
        patience: Timeout for the request headers, in seconds.
        http: Values of ``listen`` for HTTP.
        https: Values of ``listen`` for HTTPS.
        challenges: Folder of ACME challenges.
        user: User of the worker processes.
        pid: Path of the PID file.
        modules: Include pattern of files that load modules.
        error_log: Value of ``error_log``.
        access_log: Value of ``access_log``.
    """

    server_name: str
    aliases: tuple[str, ...] = ()
    root: str = "/srv/haopin"
    certificate: str = "/etc/nginx/tls/fullchain.pem"
    certificate_key: str = "/etc/nginx/tls/privkey.pem"
    brotli: bool = True
    rate: int = 300
    burst: int = 1500
    connections: int = 300
    patience: int = 5
    http: tuple[str, ...] = ("80", "[::]:80")
    https: tuple[str, ...] = ("443", "[::]:443")
    challenges: str = "/var/www/acme"
    user: str = "www-data"
    pid: str = "/run/nginx.pid"
    modules: str = "/etc/nginx/modules-enabled/*.conf"
    error_log: str = "/var/log/nginx/error.log warn"
    access_log: str = "/var/log/nginx/access.log haopin buffer=64k flush=5s"

    def __post_init__(self) -> None:
        """Validate everything that is inserted into the configuration.

        Raises:
            ConfigurationError: if a host name or a path is invalid.
        """
        for host in (self.server_name, *self.aliases):
            if not _HOST.fullmatch(host):
                raise ConfigurationError(
                    f"“{host}”不是域名，请写成 www.example.org 的样子 / is not a host name; write www.example.org"
                )
        for path in (self.root, self.certificate, self.certificate_key, self.challenges):
            if not _PATH.fullmatch(path) or ".." in path:
                raise ConfigurationError(
                    f"“{path}”不能用：路径从“/”写起，不含空格和引号 / cannot be used: "
                    "a path begins with “/” and has no spaces or quotation marks"
                )


def configuration(
    setup: Setup, headers: Mapping[str, Mapping[str, str]], roots: Sequence[str], redirects: Mapping[str, str]
) -> dict[str, str]:
    """Render the configuration files.

    Args:
        setup: Settings of the administrator.
        headers: From ``policy.json``: address prefix → header name → value.
        roots: Folder of each language below the site, ``""`` or ending in ``/``.
        redirects: Old path → target path, from `moved`.

    Returns:
        Content of each file, by its path relative to the configuration folder.
    """
    prefixes = sorted((p for p in headers if p != "/"), key=len, reverse=True)
    ways = f"/(?:{'|'.join(re.escape(root) for root in roots if root)})?" if any(roots) else "/"
    maps, names = [], {}
    same = {
        "Permissions-Policy": ", ".join(f"{each}=()" for each in _PERMISSIONS),
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for name, default in {**headers["/"], **same}.items():
        variable = "haopin_" + name.lower().replace("-", "_")
        names[name] = f"${variable}"
        rules = [(p, own) for p in prefixes if (own := headers[p].get(name, default)) != default]
        maps.append((name, variable, default, rules))
    names |= {
        "Strict-Transport-Security": "$haopin_hsts",
        "X-Frame-Options": "$haopin_frame",
        "Cross-Origin-Resource-Policy": "$haopin_resource",
        "Access-Control-Allow-Origin": "$haopin_origin",
        "Cache-Control": "$haopin_cache",
        "Allow": "$haopin_allow",
        "Retry-After": "$haopin_retry",
    }
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # The output is not HTML; every value is validated, or passed through `_quoted`.
        autoescape=False,
    )
    environment.filters["quoted"] = _quoted
    often = f"{API}|feeds/|calendar/|{DOWNLOADS}|{re.escape(CATALOG)}"
    given: dict[str, Any] = {
        "setup": setup,
        "origin": f"https://{setup.server_name}",
        "names": " ".join((setup.server_name, *setup.aliases)),
        "headers": names,
        "maps": maps,
        "cards": prefixes,
        "roots": roots,
        "redirects": sorted(redirects.items()),
        "types": _TYPES,
        "ciphers": _CIPHERS,
        "open_data": f"{ways}(?:{often}|{_TABLES}|{re.escape(manifest.NAME)}(?:\\?|$))",
        "often": f"{ways}(?:{often}|pictures/)",
        "errors": {status: _page(*words) for status, words in _ERRORS.items()},
        "feeds": f"{ways}feeds/",
        "hashed": f"{ways}{ASSETS}[0-9a-f]{{{ASSETS_DIGITS}}}/",
    }
    names_of_files = [name for name in FILES if setup.brotli or not name.endswith("brotli.conf")]
    return {name: environment.get_template(name).render(given) for name in names_of_files}


def _page(zh: str, zh_text: str, en: str, en_text: str) -> str:
    """Return an error page in both languages, without style sheets, so that it needs no other file."""
    return (
        '<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="robots" content="noindex"><title>{zh} / {en}</title><h1>{zh}</h1><p>{zh_text}</p>'
        f'<div lang="en"><h2>{en}</h2><p>{en_text}</p></div><p><a href="/">首页 / Home page</a></p></html>'
    )


def types_by_ending() -> dict[str, str]:
    """Return the media type of each file suffix (without dot)."""
    return {ending: kind for kind, endings in _TYPES.items() for ending in endings.split()}


def _quoted(value: str) -> str:
    """Return ``value`` as a quoted nginx string.

    Raises:
        ConfigurationError: if it contains a control character, ``$``, a backslash or a quotation mark.
    """
    if re.search(r"[\x00-\x1f\x7f$\\\"]", value):
        raise ConfigurationError(f"不能写进 nginx 配置 / cannot be used in an nginx configuration: {value!r}")
    return f'"{value}"'


def headers_of(site: Path) -> dict[str, dict[str, str]]:
    """Return the HTTP headers that ``policy.json`` of the built ``site`` declares.

    Returns:
        Address prefix → header name → value.

    Raises:
        ConfigurationError: if the file is missing or invalid.
    """
    try:
        found = json.loads((site / csp.NAME).read_text(encoding="utf-8"))["headers"]
        usable = "/" in found and all(
            re.fullmatch(r"/([\w-]+/)*", prefix)
            and all(re.fullmatch(r"[A-Za-z-]+", n) and isinstance(v, str) for n, v in values.items())
            for prefix, values in found.items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        usable = False
    if not usable:
        raise ConfigurationError(
            f"{site}：不是生成好的网站（{csp.NAME} 缺少或已损坏），请先 {command()} build / "
            f"not a built site ({csp.NAME} is missing or damaged); run {command()} build first"
        )
    return dict(found)
