"""The app: what Streamlit runs. Eight pages over one graph, one question each."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple

import streamlit as st

from ui import header
from ui.theme import style
from ui.views import atlas, explore, home, licences, pulse, quality, snapshots, sparql


class _Page(NamedTuple):
    """A page: its function, which also names its address, and whether it shows a repository."""

    draw: Callable[[], None]
    title: str
    icon: str
    takes_focus: bool = False


_PAGES = {
    "home": _Page(home.page, "Home", ":material/home:"),
    "explore": _Page(explore.page, "Explore", ":material/account_tree:", takes_focus=True),
    "atlas": _Page(atlas.page, "Atlas", ":material/public:", takes_focus=True),
    "licences": _Page(licences.page, "Licences", ":material/gavel:", takes_focus=True),
    "sparql": _Page(sparql.page, "SPARQL", ":material/query_stats:"),
    "snapshots": _Page(snapshots.page, "Snapshots", ":material/inventory_2:"),
    "pulse": _Page(pulse.page, "Pulse", ":material/monitoring:"),
    "quality": _Page(quality.page, "Quality", ":material/fact_check:"),
}


def main() -> None:
    """Draw the page that the address asks for."""
    icon = str(files("ui").joinpath("icon.png"))  # a named icon would come from a font host
    st.set_page_config(page_title="remixgraph", page_icon=icon, layout="wide")
    st.html(style())
    pages = {
        name: st.Page(
            page.draw, title=page.title, icon=page.icon, url_path=name, default=name == "home"
        )
        for name, page in _PAGES.items()
    }
    here = st.navigation(list(pages.values()), position="top")
    if here is pages["home"] and "id" in st.query_params:  # an address of when there was one page
        st.switch_page(pages["explore"], query_params=st.query_params.to_dict())
    chosen = next(_PAGES[name] for name, page in pages.items() if page is here)
    header.draw(pages["explore"], takes_focus=chosen.takes_focus)
    here.run()


if __name__ == "__main__":
    main()
