"""The app: what Streamlit runs. Pages over one graph, one question each."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.resources import files
from typing import NamedTuple

import streamlit as st

from ui.app import header
from ui.app.theme import style


class _Page(NamedTuple):
    """A page: what it is called, and whether it shows a repository.

    What draws it is read when it is first looked at: some of it takes half a second.
    """

    title: str
    icon: str
    takes_focus: bool = False


_PAGES = {
    "home": _Page("Home", ":material/home:"),
    "explore": _Page("Explore", ":material/account_tree:", takes_focus=True),
    "atlas": _Page("Atlas", ":material/public:", takes_focus=True),
    "licences": _Page("Licences", ":material/gavel:", takes_focus=True),
    "sparql": _Page("SPARQL", ":material/query_stats:"),
    "snapshots": _Page("Snapshots", ":material/inventory_2:"),
    "pulse": _Page("Pulse", ":material/monitoring:"),
    "quality": _Page("Quality", ":material/fact_check:"),
}


def main() -> None:
    """Draw the page that the address asks for."""
    icon = str(files("ui.app").joinpath("icon.png"))  # a named icon would come from a font host
    st.set_page_config(page_title="remixgraph", page_icon=icon, layout="wide")
    st.html(style())
    pages = {
        name: st.Page(
            partial(_draw, name),
            title=page.title,
            icon=page.icon,
            url_path=name,
            default=name == "home",
        )
        for name, page in _PAGES.items()
    }
    here = st.navigation(list(pages.values()), position="top")
    if here is pages["home"] and "id" in st.query_params:  # an address of when there was one page
        st.switch_page(pages["explore"], query_params=st.query_params.to_dict())
    chosen = next(_PAGES[name] for name, page in pages.items() if page is here)
    header.draw(pages["explore"], takes_focus=chosen.takes_focus)
    here.run()


def _draw(name: str) -> None:
    import_module(f"ui.app.views.{name}").page()


if __name__ == "__main__":
    main()
