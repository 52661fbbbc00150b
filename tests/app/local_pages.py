"""What tests of served pages share: browsers that can reach only this machine, and no socket left behind."""

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def collect_sockets() -> None:
    """Collect sockets of connections that the server cut here, not in the middle of another test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@contextmanager
def nothing_old_is_searched() -> Iterator[None]:
    """Until the end, look for garbage only among what is made from now on: what is loaded are very many objects."""
    gc.freeze()
    yield
    gc.unfreeze()


@contextmanager
def local_pages(browser: Any, address: str, timeout: float) -> Iterator[Callable[..., Any]]:
    """Open pages in contexts of their own; at the end, no request has left this machine and no console has errors.

    Parameters
    ----------
    browser : playwright Browser
    address : str
        The only one that pages may reach.
    timeout : float
        Milliseconds that anything may take; the machine may be busy.
    """
    contexts, elsewhere, errors = [], [], []

    def block_outside(route: Any) -> None:
        url = route.request.url
        if url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(url)
            route.abort()

    def open_one(url: str, **size: int) -> Any:
        context = browser.new_context(viewport={"width": 1440, "height": 900} | size, accept_downloads=True)
        context.set_default_timeout(timeout)
        contexts.append(context)
        page = context.new_page()
        page.route("**", block_outside)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not elsewhere
    assert not errors
