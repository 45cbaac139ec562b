"""How far the running job is, and what came of the last ones; every session sees the same."""

from __future__ import annotations

import streamlit as st

from ui.app.jobs import Busy, Job, Jobs, State, Task
from ui.app.markup import Html, Tone, badge, escaped, note

__all__ = ["begin", "draw", "jobs"]

_LOOK = 0.7  # seconds between two looks at a running job
_SAID = "job-said"

_WORDS: dict[State, tuple[str, Tone]] = {
    "running": ("running", "info"),
    "stopping": ("stopping", "warn"),
    "done": ("done", "good"),
    "failed": ("failed", "bad"),
    "stopped": ("stopped", "warn"),
}


@st.cache_resource(show_spinner=False, on_release=Jobs.close)
def jobs() -> Jobs:
    """Return the jobs of the app: one list for all sessions."""
    return Jobs()


def begin(task: Task) -> None:
    """Begin a task, or say why not."""
    st.session_state.pop(_SAID, None)
    try:
        jobs().start(task)
    except Busy as busy:
        st.session_state[_SAID] = str(busy)


def draw() -> None:
    """Draw the jobs; while one is running, look again and again."""
    if said := st.session_state.pop(_SAID, None):
        st.html(note("warning", "One thing at a time", said))
    running = jobs().current
    st.fragment(_panel, run_every=_LOOK if running else None)(running)


def _panel(seen: Job | None) -> None:
    """Draw what is known now; once the job that was seen running has ended, draw the page anew."""
    if seen is not None and seen.is_over:
        st.rerun()
    if seen is not None:
        st.html(_running(seen))
        st.button(
            "Stop",
            icon=":material/stop:",
            on_click=seen.stop,
            disabled=seen.state == "stopping",
            help="What was there before stays as it was.",
        )
    if ended := jobs().ended:
        st.html(Html("".join(map(_over, ended))))
        st.button("Clear the list", type="tertiary", on_click=_forget)


def _forget() -> None:
    jobs().forget()


def _running(job: Job) -> Html:
    share = job.share
    percent = "" if share is None else f" {share:.0%}"
    width = "" if share is None else f' style="width: {share:.1%}"'
    value = "" if share is None else f' aria-valuenow="{share * 100:.0f}"'
    kind = "rg-bar rg-unsure" if share is None else "rg-bar"
    return Html(
        f'<div class="rg-job" role="status">{_head(job)}'
        f'<div class="{kind}" role="progressbar" aria-label="{escaped(job.stage)}"{value}>'
        f"<i{width}></i></div>"
        f'<span class="rg-quiet">{escaped(job.stage)}{percent} · {job.seconds:.0f} s</span></div>'
    )


def _over(job: Job) -> Html:
    role = "alert" if job.state == "failed" else "status"
    outcome = "" if job.state == "stopped" else f"{escaped(job.outcome, limit=1500)} · "
    return Html(
        f'<div class="rg-job" role="{role}">{_head(job)}'
        f'<span class="rg-quiet">{outcome}{job.seconds:.0f} s</span></div>'
    )


def _head(job: Job) -> Html:
    return Html(f"<div><b>{escaped(job.task.title)}</b> {badge(*_WORDS[job.state])}</div>")
