"""The app: what Streamlit runs. Two pages over one graph."""

from __future__ import annotations

from importlib.resources import files

import streamlit as st

from ui.theme import STYLE
from ui.views import explore, sparql


def main() -> None:
    """Draw the page that the address asks for."""
    icon = str(files("ui").joinpath("icon.png"))  # a named icon would come from a font host
    st.set_page_config(page_title="remixgraph", page_icon=icon, layout="wide")
    st.html(STYLE)
    explore_page = st.Page(
        explore.page, title="Explore", icon=":material/account_tree:", default=True
    )
    sparql_page = st.Page(
        sparql.page, title="SPARQL", icon=":material/query_stats:", url_path="sparql"
    )
    st.navigation([explore_page, sparql_page], position="top").run()


if __name__ == "__main__":
    main()
