"""`python -m bench [row ...]`: run the benchmarks, all of them or those that are named. `--list` names them."""

import sys
import time
from importlib import import_module

from bench.ground import ground

ROWS = (
    "postings",
    "recharges",
    "pages",
    "search",
    "totals",
    "board",
    "verify",
    "subscribers",
    "leaving",
    "sqlite",
    "memory",
    "start",
)


def main(names: list[str]) -> None:
    """Run the rows one after the other on the same ground."""
    if "--list" in names:
        print("\n".join(f"{row:<12}{(import_module(f'bench.{row}').__doc__ or '').splitlines()[0]}" for row in ROWS))
        return
    if unknown := set(names) - set(ROWS):
        sys.exit(f"There is no row {', '.join(sorted(unknown))}. There are: {', '.join(ROWS)}.")
    began = time.monotonic()
    with ground() as here:
        for row in names or ROWS:
            import_module(f"bench.{row}").run(here)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
