"""What the editor is made of: YASQE as it was published, and its licences."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

EDITOR = files("ui.app.components.editor")
SOURCE_MAP = b"//# sourceMappingURL=yasqe.min.js.map"
PUBLISHED = {
    "yasqe.min.js": "288202e5f1c0195a71d1190b35c052ad5e5103e73d61455da029ffcacb7f9347",
    "yasqe.min.css": "f82256c2a56f83a5356abef88c760cff67da21e38873e744db73afaf08f285a2",
}
"""The digests of the files in the package @zazuko/yasqe 4.6.2."""


def test_yasqe_is_the_one_that_was_published() -> None:
    """Both files are the package's to the byte, but for the line that names a source map."""
    script = EDITOR.joinpath("yasqe.min.js").read_bytes()
    style = EDITOR.joinpath("yasqe.min.css").read_bytes()

    assert PUBLISHED["yasqe.min.js"] == sha256(script + SOURCE_MAP).hexdigest()
    assert PUBLISHED["yasqe.min.css"] == sha256(style).hexdigest()


def test_the_licences_lie_beside_it() -> None:
    """Every package in the bundle is named with its licence."""
    text = EDITOR.joinpath("LICENSE-yasqe.txt").read_text(encoding="utf-8")

    for name in ("@zazuko/yasqe 4.6.2", "codemirror 5.65", "lodash-es", "query-string", "store"):
        assert name in text
    assert text.count("Permission is hereby granted") >= 9


def test_the_page_stays_small() -> None:
    """What the page loads of ours is well within 1.5 MB."""
    names = ("yasqe.min.js", "yasqe.min.css", "editor.js", "editor.css")

    assert sum(len(EDITOR.joinpath(name).read_bytes()) for name in names) < 700_000
