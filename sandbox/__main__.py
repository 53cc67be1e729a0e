"""The command line of the sandbox: what `python app.py demo` runs."""

import argparse
import sys
from collections.abc import Sequence

from sandbox import demo, page


def main(arguments: Sequence[str]) -> int:
    """Serve the page, or play the story in the terminal; returns the exit code."""
    about = "Try connect in a browser, with a Slack, a Jira and a GitHub of its own."
    parser = argparse.ArgumentParser(prog="app.py demo", description=about)
    parser.add_argument("--once", action="store_true", help="play it in the terminal and end; 0 if all was seen")
    parser.add_argument("--host", default="127.0.0.1", help="where the page listens, instead of on loopback only")
    parser.add_argument("--port", type=int, help=f"its port; otherwise {page.PORT}, or a free one where that is taken")
    given = parser.parse_args(arguments)
    return demo.main() if given.once else page.main(given.host, given.port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
