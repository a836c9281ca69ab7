"""A new visitor in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page


@contextmanager
def visit(
    browser: Browser,
    screen: tuple[int, int] = (360, 720),
    script: str = "",
    *,
    scripts: bool = True,
    cut: str = "",
    quiet: bool = False,
) -> Iterator[Page]:
    """Open a page of a new visitor with a clipboard; no script of it may fail.

    Args:
        browser: The browser.
        screen: Width and height; what is less than 600 pixels wide is a phone with a touch screen.
        script: What runs before those of the page.
        scripts: Whether any run.
        cut: Name of a script that cannot be fetched.
        quiet: Whether nothing may be written to the console either.
    """
    phone = screen[0] < 600
    context = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        is_mobile=phone,
        has_touch=phone,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    troubles: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if quiet:
            page.on("console", lambda message: troubles.append(message.text))
        if script:
            page.add_init_script(script)
        if cut:
            page.route(f"**/{cut}", lambda route: route.abort())
        yield page
        assert troubles == []
    finally:
        context.close()
