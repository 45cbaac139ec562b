"""The stand-in for the Hub answers, pages, redirects, refuses and fails as the Hub does."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from huggingface_hub import HfApi, close_session
from huggingface_hub.errors import DisabledRepoError, GatedRepoError, RepositoryNotFoundError

from graph.model.records import Kind
from tests.hub import RateLimit, Request, StandIn, rates
from tests.hub.client import names, send
from tests.hub.fields import Row
from tests.hub.recorded import pages_by_kind
from tests.processes import ROOT

CARD = "---\nlicense: mit\n---\n# Chat\n"


def rows(count: int) -> list[Row]:
    """Return so many models."""
    return [{"id": f"acme/model-{number}", "likes": number} for number in range(count)]


# --- repositories ---------------------------------------------------------------------------------


def test_one_repository() -> None:
    """A repository is described whole, or with the fields asked for; its id may be encoded."""
    row = {"_id": "1", "id": "gpt2", "likes": 2, "cardData": {"license": "mit"}}
    with StandIn([row], spaces=[{"_id": "2", "id": "a/b"}]) as hub:
        whole = send(hub, "/api/models/gpt2")
        part = send(hub, "/api/models/gpt2?expand=likes")
        space = send(hub, "/api/spaces/a%2Fb")

    assert row == whole.json
    assert {"_id": "1", "id": "gpt2", "likes": 2} == part.json
    assert {"_id": "2", "id": "a/b"} == space.json


def test_renames() -> None:
    """Old names lead to the newest, through chains and back, until they are used anew."""
    with StandIn([{"_id": "1", "id": "a"}], cards={("model", "a"): CARD}) as hub:
        hub.rename("model", "a", "acme/b")
        hub.rename("model", "acme/b", "acme/c")
        found = send(hub, "/api/models/a?expand=likes")
        middle = send(hub, "/acme/b/resolve/main/README.md")
        with urlopen(f"{hub.endpoint}/api/models/a") as followed:  # noqa: S310 - our own address
            newest = json.load(followed)
        hub.add("model", {"_id": "2", "id": "a"})
        anew = send(hub, "/api/models/a")

    assert (307, "/api/models/acme/c?expand=likes") == (found.status, found.headers["Location"])
    assert "/acme/c/resolve/main/README.md" == middle.headers["Location"]
    assert {"_id": "1", "id": "acme/c"} == newest
    assert (200, "2") == (anew.status, anew.json["_id"])


def test_what_is_closed() -> None:
    """Each way of being out of reach has the status and the headers that the Hub's client reads."""
    hub = StandIn([{"id": f"a/{name}"} for name in ("off", "shut", "gated", "gone")])
    with hub:
        hub.disable("model", "a/off")
        hub.forbid("model", "a/shut")
        hub.gate("model", "a/gated", "manual")
        hub.delete("model", "a/gone")
        got = {
            name: send(hub, f"/api/models/a/{name}") for name in ("off", "shut", "gated", "gone")
        }

    assert {"off": 403, "shut": 403, "gated": 200, "gone": 404} == {
        name: one.status for name, one in got.items()
    }
    assert "Access to this resource is disabled." == got["off"].headers["X-Error-Message"]
    assert "GatedRepo" == got["shut"].headers["X-Error-Code"]
    assert "RepoNotFound" == got["gone"].headers["X-Error-Code"]
    assert {"error": "Repository not found"} == got["gone"].json
    assert "manual" == got["gated"].json["gated"]


def test_token() -> None:
    """The right token opens what is private or gated, a wrong one nothing, none what is public."""
    held: list[Row] = [
        {"id": "a/open"},
        {"id": "a/private", "private": True},
        {"id": "a/gated", "gated": "auto"},
    ]
    right, wrong = "Bearer right", "Bearer wrong"
    with StandIn(held, cards={("model", "a/gated"): CARD}, token="right") as hub:  # noqa: S106 - made up
        listed = [len(send(hub, "/api/models").ids)]
        listed += [len(send(hub, "/api/models", Authorization=right).ids)]
        refused = send(hub, "/api/models", Authorization=wrong)
        hidden = send(hub, "/api/models/a/private").status
        shown = send(hub, "/api/models/a/private", Authorization=right).status
        card = send(hub, "/a/gated/resolve/main/README.md", Authorization=right).status

    assert [2, 3] == listed
    assert (401, "Invalid credentials in Authorization header") == (
        refused.status,
        refused.headers["X-Error-Message"],
    )
    assert (404, 200, 200) == (hidden, shown, card)


# --- cards ----------------------------------------------------------------------------------------


def test_cards() -> None:
    """A card comes with its hash and its commit, by branch or commit, of every kind."""
    with StandIn(
        [{"id": "a/b", "sha": "f" * 40}],
        [{"id": "squad"}],
        cards={("model", "a/b"): CARD, (Kind.DATASET, "squad"): b"\xff"},
    ) as hub:
        card = send(hub, "/a/b/resolve/main/README.md")
        head = send(hub, f"/a/b/resolve/{'f' * 40}/README.md", "HEAD")
        dataset = send(hub, "/datasets/squad/resolve/main/README.md")

    assert (CARD, "f" * 40) == (card.body.decode(), card.headers["X-Repo-Commit"])
    assert (200, b"", str(len(CARD))) == (head.status, head.body, head.headers["Content-Length"])
    assert card.headers["ETag"] == head.headers["ETag"]
    assert (b"\xff", 40) == (dataset.body, len(dataset.headers["X-Repo-Commit"]))


def test_unchanged_cards() -> None:
    """A card that the client has is not sent again, until it is written anew."""
    target = "/a/b/resolve/main/README.md"
    with StandIn([{"id": "a/b"}], cards={("model", "a/b"): CARD}) as hub:
        etag = send(hub, target).headers["ETag"]
        same = send(hub, target, If_None_Match=f'"other", {etag}')
        hub.write_card("model", "a/b", "new")
        new = send(hub, target, If_None_Match=etag)

    assert (304, b"", etag) == (same.status, same.body, same.headers["ETag"])
    assert (200, b"new") == (new.status, new.body)


def test_missing_and_gated_cards() -> None:
    """A missing card, revision or repository, and one behind a gate, are told apart."""
    hub = StandIn([{"id": "a/b"}, {"id": "a/gated", "gated": "manual"}])
    with hub:
        got = [
            send(hub, "/a/b/resolve/main/README.md"),
            send(hub, "/a/b/resolve/old/README.md"),
            send(hub, "/a/c/resolve/main/README.md"),
            send(hub, "/a/gated/resolve/main/README.md"),
            send(hub, "/a/gated/resolve/main/README.md", Authorization="Bearer any"),
        ]

    assert [
        (404, "EntryNotFound"),
        (404, "RevisionNotFound"),
        (404, "RepoNotFound"),
        (401, "GatedRepo"),
        (403, "GatedRepo"),
    ] == [(one.status, one.headers["X-Error-Code"]) for one in got]


# --- limits ---------------------------------------------------------------------------------------


def test_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests above the quota are refused until the window ends, and the headers say when."""
    with StandIn(rows(1), cards={("model", "acme/model-0"): CARD}) as hub:
        monkeypatch.setattr(rates, "monotonic", lambda: 1000.0)
        hub.rate_limit = RateLimit(2, 60)
        monkeypatch.setattr(rates, "monotonic", lambda: 1019.5)
        got = [send(hub, "/api/models") for _ in range(3)]
        card = send(hub, "/acme/model-0/resolve/main/README.md").status
        monkeypatch.setattr(rates, "monotonic", lambda: 1061.0)
        later = send(hub, "/api/models").status

    assert [200, 200, 429] == [one.status for one in got]
    assert [f'"api";r={left};t=41' for left in (1, 0, 0)] == [
        one.headers["RateLimit"] for one in got
    ]
    assert '"fixed window";"api";q=2;w=60' == got[0].headers["RateLimit-Policy"]
    assert (200, 200) == (card, later)


# --- records, recordings and the Hub's own client -------------------------------------------------


def test_requests_are_recorded() -> None:
    """Every request is kept with its query, its headers and its status."""
    with StandIn() as hub:
        send(hub, "/api/models?expand=tags&expand=gated&search=a%20b", User_Agent="me/1")
        send(hub, "/api/models/a/b", "HEAD")

    first, second = hub.requests
    assert [("expand", "tags"), ("expand", "gated"), ("search", "a b")] == first.query
    assert ("GET", "/api/models", "me/1", 200) == (
        first.method,
        first.path,
        first.headers["user-agent"],
        first.status,
    )
    assert (
        Request(method="HEAD", target="/api/models/a/b", headers=second.headers, status=404)
        == second
    )


def test_recorded_pages(tmp_path: Path) -> None:
    """Pages are read from folders and files, plain or gzip, and old ones get their missing time."""
    created = {"id": "a/b", "createdAt": "2024-01-01T00:00:00.000Z"}
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "1.json.gz").write_bytes(gzip.compress(json.dumps([created]).encode()))
    (tmp_path / "1.json").write_text(json.dumps([created | {"lastModified": "2025"}]))
    models, datasets, spaces = pages_by_kind(tmp_path).values()
    with StandIn.from_pages(models, datasets, spaces) as hub:
        model = send(hub, "/api/models/a/b").json
        dataset = send(hub, "/api/datasets/a/b").json

    assert "2025" == model["lastModified"]
    assert created["createdAt"] == dataset["lastModified"]


@pytest.mark.realdata
def test_recorded_hub(realdata: Path) -> None:
    """A walk through ten thousand recorded models is whole."""
    pages = sorted((realdata / "hub-2024-07" / "models").iterdir())[:10]
    with StandIn.from_pages(pages) as hub:
        found = names(hub, "/api/models?sort=lastModified&expand=tags&expand=likes")

    assert 10_000 == len(found) == len(set(found))


def test_by_hand(tmp_path: Path) -> None:
    """The command line serves pages, prints where, and fails as told."""
    (tmp_path / "page.json").write_text('[{"_id": "1", "id": "a/b"}]')
    command = [
        sys.executable,
        "-m",
        "tests.hub",
        "--pages",
        str(tmp_path),
        "--fault",
        "server_error",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with pytest.raises(HTTPError, match="503"):
            urlopen(f"{address}/api/models")  # noqa: S310 - our own address
        with urlopen(f"{address}/api/models") as listing:  # noqa: S310 - likewise
            found = json.load(listing)
        process.terminate()

    assert [{"_id": "1", "id": "a/b"}] == found


def test_the_real_client() -> None:
    """The Hub's own client lists, follows renames and raises its errors against the stand-in."""
    with StandIn(rows(25), page_size_limit=10) as hub:
        api = HfApi(endpoint=hub.endpoint, token=False)
        hub.rename("model", "acme/model-0", "acme/new")
        hub.disable("model", "acme/model-1")
        hub.forbid("model", "acme/model-2")
        listed = [model.id for model in api.list_models(sort="likes", limit=22)]
        renamed = api.model_info("acme/model-0", expand=["downloads"]).id
        for name, error in {
            "acme/model-1": DisabledRepoError,
            "acme/model-2": GatedRepoError,
            "acme/none": RepositoryNotFoundError,
        }.items():
            with pytest.raises(error) as raised:
                api.model_info(name)
            assert error is raised.type
        close_session()

    assert 22 == len(set(listed))
    assert "acme/new" == renamed
