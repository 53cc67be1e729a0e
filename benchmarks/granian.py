"""One of the plain apps on the server that `serve` runs on: `python -m benchmarks.granian verifying 8000`."""

import sys

from benchmarks import baselines
from bot import serving

if __name__ == "__main__":
    serving.run(getattr(baselines, sys.argv[1])(), serving.listen("127.0.0.1", int(sys.argv[2])), 5.0, lambda: None)
    serving.leave(0)
