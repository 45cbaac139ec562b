"""Pages of the Hub's lists: what is read of them, and how they are kept on disk."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.errors import InvalidGraph, SourceUnavailable, UnreadableFile
from graph.model.records import Kind
from ingest.dumps import read_rows
from ingest.hub.checkpoint import Checkpoint, Walk, load, save
from ingest.hub.client import Answer
from ingest.hub.listing import (
    FIELDS,
    card_url,
    list_url,
    read_page,
    repository_url,
    without_refused,
)
from ingest.hub.plan import Plan
from ingest.hub.raw import Batch, PageWriter, read_batch, verify

HUB = "https://hub.example"


def answer(body: bytes, following: str | None = None) -> Answer:
    """Return the Hub's answer to a request for a list."""
    return Answer(200, f"{HUB}/api/models?limit=2", {}, body, following)


def test_a_list_is_asked_for_as_the_client_does() -> None:
    """One ``expand`` for each field, sorted by the Hub; an owner's name is quoted."""
    url = list_url(HUB, Kind.DATASET, ("tags", "sha"), sort="createdAt", author="a b&c")

    assert "/api/datasets" == urlsplit(url).path
    assert [
        ("sort", "createdAt"),
        ("limit", "1000"),
        ("author", "a b&c"),
        ("expand", "tags"),
        ("expand", "sha"),
    ] == parse_qsl(urlsplit(url).query)


def test_single_repositories_and_cards_have_their_addresses() -> None:
    """Models have no folder before their card; hostile ids are quoted."""
    assert f"{HUB}/api/models/gpt2" == repository_url(HUB, Kind.MODEL, "gpt2", ())
    assert f"{HUB}/api/spaces/a/b?expand=sdk" == repository_url(HUB, Kind.SPACE, "a/b", ("sdk",))
    assert f"{HUB}/a/b/resolve/main/README.md" == card_url(HUB, Kind.MODEL, "a/b", "main")
    assert f"{HUB}/datasets/a/b%3Fx/resolve/c0ffee/README.md" == card_url(
        HUB, Kind.DATASET, "a/b?x", "c0ffee"
    )


def test_rows_are_kept_as_they_came() -> None:
    """Not a byte of a row changes, and the head tells what a harvest has to know."""
    first = b'{"id":"a/x", "lastModified":"2026-05-01T00:00:00.000Z","score":1.50}'
    page = read_page(answer(b"[" + first + b',{"id":"a/y","private":true}]'), HUB)

    assert (first, "a/x", "2026-05-01T00:00:00.000Z", False) == page.rows[0]
    assert page.rows[1].private
    assert page.following is None


def test_rows_that_are_no_repositories_are_kept_too() -> None:
    """It is for the parser to say what is wrong with them."""
    page = read_page(answer(b'[7, null, {"id": 5, "lastModified": []}, {\n"id": "a/x"\n}]'), HUB)

    assert ["", "", "", "a/x"] == [one.id for one in page.rows]
    assert b"\n" not in page.rows[3].row


def test_lone_surrogates_do_not_stop_a_page() -> None:
    r"""JSON may hold half a character, as \ud800."""
    page = read_page(answer(b'[{"id": "a/x", "tags": ["\\ud800"]}]'), HUB)

    assert "a/x" == page.rows[0].id


@pytest.mark.parametrize(
    "body", [b"", b"[{", b"<html>", b'{"error": "x"}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_page_is_said_to_be_none(body: bytes) -> None:
    """The client asks again for it."""
    with pytest.raises(ValueError, match="JSON document"):
        read_page(answer(body), HUB)


def test_the_next_page_is_on_the_same_host() -> None:
    """A relative link is completed, the Hub's own address becomes the mirror's, others refused."""
    page = read_page(answer(b"[]", "?cursor=2"), HUB)
    mirrored = read_page(answer(b"[]", "https://huggingface.co/api/models?cursor=2"), HUB)

    assert f"{HUB}/api/models?cursor=2" == page.following == mirrored.following
    with pytest.raises(SourceUnavailable, match=r"another host, http://other\.example/api"):
        read_page(answer(b"[]", "http://other.example/api?cursor=2"), HUB)


def test_refused_fields_are_given_up() -> None:
    """Those that the Hub does not name as valid; or the dearest one, when it does not say."""
    fields = FIELDS[Kind.MODEL]
    valid = '"expand" must be one of [author, cardData, tags, sha]'

    assert ("cardData", "sha", "tags") == without_refused(fields, valid)
    assert set(fields) - {"spaces"} == set(without_refused(fields, "Bad request"))
    assert () == without_refused(("tags",), "Bad request")


def test_what_is_asked_for_tells_the_folder() -> None:
    """Another owner, another number or another Hub is another harvest; other options are not."""
    plans = [Plan(), Plan(author="a"), Plan(limit=5), Plan(author="5")]

    assert 4 == len({plan.folder(HUB) for plan in plans})
    assert Plan().folder(HUB) != Plan().folder("https://mirror.example")
    assert Plan().folder(HUB) == Plan(full=True, cards=True, kinds=(Kind.MODEL,)).folder(HUB)


pages = st.lists(
    st.lists(st.text(max_size=9).map(lambda text: json.dumps({"id": text}).encode()), max_size=3),
    max_size=5,
)


@given(pages)
def test_pages_come_back_in_order(
    tmp_path_factory: pytest.TempPathFactory, pages: list[list[bytes]]
) -> None:
    """Law: what is read is what was written, however often the writer was opened anew."""
    folder = tmp_path_factory.mktemp("raw")
    batch = Batch(name="models-1.jsonl.zst")
    for page in pages:
        writer = PageWriter(folder, batch)
        batch = writer.append(page)
        writer.close()
    verify(folder, batch)

    assert [row for page in pages for row in page] == [
        row for rows in read_batch(folder, batch) for row in rows
    ]
    assert (len(pages), sum(map(len, pages))) == (batch.pages, batch.rows)


def write(folder: Path, *pages: list[bytes]) -> Batch:
    """Write pages into one file."""
    writer = PageWriter(folder, Batch(name="models-1.jsonl.zst"))
    for page in pages:
        writer.append(page)
    writer.close()
    return writer.batch


def test_pages_are_what_dumps_are(tmp_path: Path) -> None:
    """The files that are kept can be read without a network: one frame a page is one file."""
    batch = write(tmp_path, [b'{"id":"a/1"}'], [], [b'{"id":"a/2"}', b'{"id":"a/3"}'])

    assert [{"id": f"a/{n}"} for n in (1, 2, 3)] == [
        row for rows in read_rows(tmp_path / batch.name) for row in rows
    ]


def test_what_a_crash_left_behind_is_cut_off(tmp_path: Path) -> None:
    """Only the bytes that the checkpoint counts are there."""
    batch = write(tmp_path, [b'{"id":"a/1"}'])
    with (tmp_path / batch.name).open("ab") as file:
        file.write(b"half a frame")
    verify(tmp_path, batch)
    writer = PageWriter(tmp_path, batch)
    longer = writer.append([b'{"id":"a/2"}'])
    writer.close()
    verify(tmp_path, longer)

    assert [b'{"id":"a/1"}', b'{"id":"a/2"}'] == [
        row for rows in read_batch(tmp_path, longer) for row in rows
    ]


@pytest.mark.parametrize("damage", [b"", b"x" * 400])
def test_damage_is_found(tmp_path: Path, damage: bytes) -> None:
    """A file that is cut short or changed is named, with what to do."""
    batch = write(tmp_path, [b'{"id":"a/1"}'])
    (tmp_path / batch.name).write_bytes(damage)

    with pytest.raises(UnreadableFile, match=r"models-1\.jsonl\.zst.*harvest"):
        verify(tmp_path, batch)


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    """As damage is."""
    batch = write(tmp_path, [b'{"id":"a/1"}'])
    (tmp_path / batch.name).unlink()

    with pytest.raises(UnreadableFile, match="bytes are missing"):
        verify(tmp_path, batch)


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    """With everything in it; there is none before the first."""
    walk = Walk(kind=Kind.MODEL, url=f"{HUB}/x", full=True, batches=(Batch(name="a", rows=3),))
    checkpoint = Checkpoint(endpoint=HUB, walks={Kind.MODEL: walk}, watermarks={Kind.SPACE: "x"})
    before = load(tmp_path)
    save(tmp_path, checkpoint)

    assert (None, checkpoint) == (before, load(tmp_path))


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"endpoint":"x","format":9}'])
def test_a_damaged_checkpoint_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    """So is one of another version; the remedy is in the message."""
    (tmp_path / "checkpoint.json").write_bytes(content)

    with pytest.raises(InvalidGraph, match=r"checkpoint\.json.*remove"):
        load(tmp_path)
