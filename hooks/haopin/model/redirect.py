"""Redirects of old addresses to present pages: for the web server only, not on pages or in the API."""

from typing import Annotated

from pydantic import Field

from haopin.model.base import Day, Kind, Line, Record, doc
from haopin.text import Text

# Without scheme, host, query, parent and hidden folders, so that an address stays within the site.
_NAME = r"[\w~-][\w.~-]*"
ADDRESS_PATTERN = rf"^({_NAME}/)*{_NAME}/?$"
#: The home page, as a target only.
PAGE_PATTERN = rf"^(({_NAME}/)*{_NAME}/|\./)$"


class Redirect(Record):
    """旧地址 | An address that a page had once, and the page to which it leads now."""

    old: Annotated[
        str,
        Field(pattern=ADDRESS_PATTERN, max_length=200),
        doc("旧地址,从网站根目录写起,如 tasks/old-name/", "old address from the site’s root, such as tasks/old-name/"),
    ]
    page: Annotated[
        str,
        Field(pattern=PAGE_PATTERN, max_length=200),
        doc(
            "现在的页面地址,如 tasks/03/;首页写 ./;两种语言各自跳转",
            "address of the page today, such as tasks/03/ (./ is the home page); each language leads to its own",
        ),
    ]
    since: Annotated[Day | None, doc("从哪天起", "day since which the page has its new address")] = None
    reason: Annotated[Line | None, doc("原因", "why it moved")] = None

    @property
    def target(self) -> str:
        """Address of the page on the site: "" for the home page."""
        return "" if self.page == "./" else self.page


REDIRECT = Kind(
    name="redirect",
    layout="list",
    path="redirects.yml",
    model=Redirect,
    title=Text(zh="旧地址", en="Old addresses"),
    # Not on any page.
    anchor=lambda record_id: "",
)
