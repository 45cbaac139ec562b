"""The parts of a page that Streamlit has not: each a folder of files, served as they are.

Streamlit looks for packaged components in distributions whose import package has their name, and
never finds one in an editable install of flat packages. So each is announced here, by the same
call that its own discovery makes, once for each running app.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

__all__ = ["renderer"]

_PACKAGE = "ui.app.components"


def renderer(name: str) -> ComponentRenderer:
    """Return what mounts a component: the folder ``name`` with its ``name.js`` and ``name.css``."""
    manager = get_bidi_component_manager()
    qualified = f"{_PACKAGE}.{name}"
    if manager.get_component_asset_root(qualified) is None:
        config = ComponentConfig(name, asset_dir=name)
        manifest = ComponentManifest(_PACKAGE, "0", [config])
        manager.register_from_manifest(manifest, Path(str(files(_PACKAGE))))
    return st.components.v2.component(qualified, js=f"{name}.js", css=f"{name}.css")
