"""An old address that leads to a page of today: for the web server alone, never on a page or in the API."""

from typing import Annotated

from pydantic import Field

from haopin.model.base import Day, Kind, Line, Record, doc
from haopin.text import Text

# No scheme, no host, no query, no way up, nothing hidden: such an address cannot lead out of the site.
_NAME = r"[\w~-][\w.~-]*"
ADDRESS_PATTERN = rf"^({_NAME}/)*{_NAME}/?$"
#: The home page has no name; it may be led to.
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
        """Address of the page as the site has it: empty for the home page."""
        return "" if self.page == "./" else self.page


REDIRECT = Kind(
    name="redirect",
    layout="list",
    path="redirects.yml",
    model=Redirect,
    title=Text(zh="旧地址", en="Old addresses"),
    # It stands on no page.
    anchor=lambda record_id: "",
)
