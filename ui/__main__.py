"""``python -m ui`` does the same as ``remixgraph``."""

from ui.cli.main import main

if __name__ == "__main__":
    main()
