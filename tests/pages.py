"""Pages of the app as Streamlit runs them, without a browser."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

__all__ = ["components", "open_page", "texts"]

_TIMEOUT = 60


def open_page(name: str, **parameters: str) -> AppTest:
    """Run the page in ``ui/app/views`` of this name, at an address with these parameters."""
    script = f"from ui.app.views import {name}\n{name}.page()\n"
    page = AppTest.from_string(script, default_timeout=_TIMEOUT)
    page.query_params.update(parameters)
    return page.run()


def texts(page: AppTest) -> str:
    """Return all markup of our own on a page."""
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def components(page: AppTest, name: str) -> list[dict[str, Any]]:
    """Return what was sent to the components of this name (a folder of ``ui/components``)."""
    return [
        dict(json.loads(element.proto.json or element.proto.mixed.json))
        for element in page.get("bidi_component")
        if element.proto.component_name == f"ui.app.components.{name}"
    ]
