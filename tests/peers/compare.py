"""Compares the library with one peer, inside the environment that has it: compare.py PEER LIBRARY PROGRAM RESULT.

PROGRAM is that of examples/checkpoint; empty where it is not built.
"""

import importlib
import json
import pathlib
import sys
import warnings

from comparison import Comparison
from narrowfp import Library


def main():
    name, library, program, result = sys.argv[1:]
    warnings.filterwarnings("ignore")
    comparison = Comparison(name, Library(library), program)
    peer = importlib.import_module(f"peers.{name}")
    peer.compare(comparison)
    pathlib.Path(result).write_text(json.dumps(comparison.result(), indent=1))


if __name__ == "__main__":
    main()
