"""A stand-in for the Hub by hand: ``python -m tests.hub --pages FOLDER --fault server_error:3``."""

from __future__ import annotations

import argparse
import sys
import time

from tests.hub.faults import KINDS, Fault
from tests.hub.recorded import pages_by_kind
from tests.hub.standin import StandIn


def main() -> None:
    """Serve recorded pages until interrupted."""
    given = _parse()
    kinds = pages_by_kind(given.pages)
    with StandIn.from_pages(*kinds.values(), port=given.port) as hub:
        for fault in given.fault:
            hub.fault(fault)
        held = ", ".join(f"{len(shelf):,} {kind}s" for kind, shelf in hub.shelves.items())
        sys.stdout.write(f"{hub.endpoint}\n")
        sys.stdout.flush()
        sys.stderr.write(f"{held}; Ctrl-C ends it\n")
        while True:
            time.sleep(60)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.hub",
        description="Serve recorded pages of the Hub's API on 127.0.0.1, as the Hub would.",
        epilog=f"Faults: {', '.join(KINDS)}. Options of a fault: those of tests.hub.Fault, "
        "as in stall:2,seconds=30,match=cursor=",
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument(
        "--pages",
        nargs="*",
        default=[],
        help="files or folders of .json or .json.gz; their folder's name tells datasets and spaces",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=Fault.parse,
        metavar="KIND[:TIMES][,OPTION=VALUE...]",
        help="what goes wrong, in this order; may be repeated",
    )
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
