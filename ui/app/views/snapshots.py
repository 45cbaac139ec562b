"""The page Snapshots: what there is, and keeping, checking and loading it, with progress."""

from __future__ import annotations

from functools import partial

import streamlit as st

from graph.model.errors import UsageError
from graph.model.records import Kind
from graph.rdf.runs import last_run
from graph.snapshots.citing import citation
from graph.snapshots.listing import Listed, list_snapshots, listed, new_place
from graph.snapshots.manifest import Manifest, repositories
from graph.snapshots.packing import pack
from graph.store.lineage_graph import LineageGraph
from ui.app.jobs import Task
from ui.app.markup import (
    Html,
    badge,
    date,
    definitions,
    escaped,
    intro,
    items,
    note,
    section,
    tiles,
)
from ui.app.state import opened_graph
from ui.app.views import job_panel
from ui.paths import default_graph_directory, demo_snapshot, snapshots_directory

__all__ = ["page"]

_SHOWN = 20  # snapshots
_LARGEST = 200_000_000
"""Bytes that are handed to a browser as one file; more is better copied as a folder."""

_NAME, _FAULT = "snapshot-name", "snapshot-fault"


def page() -> None:
    """Draw the page."""
    st.html(intro("Snapshots", "The graph as folders of files, to keep and to cite"))
    job_panel.draw()
    is_busy = job_panel.jobs().current is not None
    graph = opened_graph()  # where there is none, a snapshot can be loaded all the same
    if graph is not None:
        _shown(graph)
        _create(is_busy=is_busy)
    _list(graph, is_busy=is_busy)
    _compare()


# --- what the app shows ---------------------------------------------------------------------------


def _shown(graph: LineageGraph) -> None:
    """Say what the graph holds that the app shows now."""
    info = graph.info
    counts = (("models", info.models), ("datasets", info.datasets), ("Spaces", info.spaces))
    origin = "ingested here" if info.snapshot is None else f"the snapshot {info.snapshot}"
    facts = definitions(
        [
            ("Sources", items(info.sources) if info.sources else "none named"),
            ("Came from", origin),
            ("Last run", date(last_run(graph.store))),
            ("Vocabulary", f"version {info.vocabulary}"),
            ("Folder", str(graph.directory)),
        ]
    )
    st.html(section("The graph that is shown"))
    st.html(tiles((f"{count:,}", name) for name, count in counts))
    st.html(Html(f'<div class="rg-facts">{facts}</div>'))


# --- keeping it -----------------------------------------------------------------------------------


def _create(*, is_busy: bool) -> None:
    """Draw the form that keeps the graph under a name."""
    st.html(section("Keep it"))
    with (
        st.form("create", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Name of the new snapshot", key=_NAME, placeholder="hub-2026-05", width=340)
        st.form_submit_button(
            "Create a snapshot",
            icon=":material/inventory_2:",
            disabled=is_busy,
            on_click=_begin_create,
        )
    if fault := st.session_state.pop(_FAULT, None):
        st.html(note("warning", "No snapshot is made", fault))


def _begin_create() -> None:
    name = st.session_state[_NAME].strip()
    try:
        place = new_place(snapshots_directory(), name)
    except UsageError as error:
        st.session_state[_FAULT] = str(error)
        return
    job_panel.begin(Task("create", f"Creating {name}", default_graph_directory(), place))
    st.session_state[_NAME] = ""


# --- what there is --------------------------------------------------------------------------------


def _list(graph: LineageGraph | None, *, is_busy: bool) -> None:
    """Draw the snapshots that there are: those beside the graph, and the one that ships."""
    st.html(section("What there is"))
    folder = snapshots_directory()
    found = list_snapshots(folder)
    current = graph.info.snapshot if graph is not None else None
    for snapshot in found[:_SHOWN]:
        _snapshot(snapshot, current=current, is_busy=is_busy)
    if len(found) > _SHOWN:
        more = f"and {len(found) - _SHOWN:,} older ones in {folder}"
        st.html(note("info", "Only the newest are shown", more))
    demo = demo_snapshot()
    if demo.is_dir() and all(demo != snapshot.path for snapshot in found):
        _snapshot(listed(demo), current=current, is_busy=is_busy, ships=True)
    elif not found:
        st.html(note("info", "There is none yet", f"They are kept in {folder}."))


def _snapshot(snapshot: Listed, *, current: str | None, is_busy: bool, ships: bool = False) -> None:
    manifest = snapshot.manifest
    badges = [badge("comes with remixgraph", "unknown")] if ships else []
    if manifest is None:
        badges.append(badge("damaged", "bad"))
    elif manifest.sha256 == current:
        badges.append(badge("shown now", "good"))
    with st.container(border=True):
        head = f"<b>{escaped(snapshot.path.name)}</b> {' '.join(badges)}"
        st.html(Html(f'<div class="rg-snapshot"><div>{head}</div>{_about(snapshot)}</div>'))
        with st.container(horizontal=True):
            _actions(snapshot, key=str(snapshot.path), is_busy=is_busy)


def _about(snapshot: Listed) -> Html:
    """Return what a snapshot's manifest says, or what is wrong with it."""
    manifest = snapshot.manifest
    if manifest is None:
        return note("error", "It cannot be used", snapshot.fault)
    held = repositories(manifest)
    counts = (
        f"{held[Kind.MODEL]:,} models, {held[Kind.DATASET]:,} datasets,"
        f" {held[Kind.SPACE]:,} Spaces, {manifest.triples:,} triples"
    )
    facts = definitions(
        [
            ("Holds", counts),
            ("On disk", f"{_megabytes(snapshot.size)}, since {date(snapshot.written)}"),
            ("SHA-256", Html(f"<code>{escaped(manifest.sha256)}</code>")),
        ]
    )
    return Html(f'<div class="rg-facts">{facts}</div>')


def _actions(snapshot: Listed, *, key: str, is_busy: bool) -> None:
    """Draw what can be done with a snapshot."""
    name, path, graph = snapshot.path.name, snapshot.path, default_graph_directory()
    st.button(
        "Verify",
        key=f"verify {key}",
        icon=":material/verified:",
        disabled=is_busy,
        on_click=partial(job_panel.begin, Task("verify", f"Verifying {name}", path, graph)),
        help="Compare every byte with what the manifest says",
    )
    if snapshot.manifest is None:
        return
    _load(Task("load", f"Loading {name}", path, graph), key=key, is_busy=is_busy)
    if snapshot.size <= _LARGEST:
        st.download_button(
            "Download",
            partial(pack, path),
            f"remixgraph-{snapshot.manifest.sha256[:12]}.zip",
            "application/zip",
            key=f"download {key}",
            icon=":material/download:",
            on_click="ignore",
            help=f"One ZIP file of {_megabytes(snapshot.size)}",
        )
    else:
        st.html(
            Html(f'<span class="rg-quiet">Copy it from <code>{escaped(str(path))}</code></span>')
        )
    _cite(snapshot.manifest)


def _load(task: Task, *, key: str, is_busy: bool) -> None:
    """Draw the way to load a snapshot, which asks first."""
    with st.popover("Load …", icon=":material/upload:", disabled=is_busy):
        st.html(
            note(
                "warning",
                "This replaces what the app shows",
                "Every window of the app follows. What is shown now is gone then, unless it was"
                " kept as a snapshot. Until the new graph is checked and complete, the old one"
                " stays.",
            )
        )
        st.button(
            "Replace the graph",
            key=f"load {key}",
            disabled=is_busy,
            on_click=partial(job_panel.begin, task),
        )


def _cite(manifest: Manifest) -> None:
    with st.popover("Cite", icon=":material/format_quote:"):
        about = escaped("The digest is the same wherever this graph is, and for this graph only.")
        st.html(Html(f'<p class="rg-remark">{about}</p>'))
        st.code(citation(manifest), language=None, wrap_lines=True)


def _compare() -> None:
    st.html(section("Compare two"))
    st.html(
        note(
            "info",
            "Not there yet",
            "What was added, removed, renamed or licensed anew between two snapshots will stand"
            " here. Until then: two snapshots hold the same graph exactly when their SHA-256"
            " agree.",
        )
    )


def _megabytes(size: int) -> str:
    """Return a number of bytes for people.

    >>> _megabytes(12_345_678)
    '12.3 MB'
    """
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
