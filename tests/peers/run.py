"""Installs other packages and compares the library with them: docs/testing.md, "Peers".

    run.py --library LIBRARY [--checkpoint PROGRAM] --build DIRECTORY

LIBRARY is the shared library that tests/peers/CMakeLists.txt builds, PROGRAM that of examples/checkpoint; without it
what runs that program is left out. The packages are installed into DIRECTORY/venv.
PEERS=torch,gguf in the environment picks some; docs/peers.md is written by a run of all.
"""

import argparse
import ast
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time
import venv

import report

HERE = pathlib.Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
RETRIES = "5"
AT_ONCE = 2  # peers compared at the same time: each takes a core and up to three gigabytes
LONG = ("gfloat",)  # begun first
WITH_PROGRAM = ("checkpoints", "embeddings")  # run examples/checkpoint


def assigned(peer, name, otherwise=None):
    """What a peer's file assigns to a name, without importing it."""
    for node in ast.parse((HERE / "peers" / f"{peer}.py").read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    if otherwise is None:
        raise SystemExit(f"peers/{peer}.py has no {name}")
    return otherwise


def chosen():
    every = sorted(file.stem for file in (HERE / "peers").glob("*.py"))
    asked = os.environ.get("PEERS", "").replace(",", " ").split()
    for peer in asked:
        if peer not in every:
            raise SystemExit(f"PEERS names {peer}, which is none of {', '.join(every)}")
    return sorted(asked or every, key=lambda peer: (peer not in LONG, peer)), not asked


def installed(python):
    listed = subprocess.run([python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True)
    return {p["name"].lower().replace("_", "-"): p["version"] for p in json.loads(listed.stdout)}


def install(directory, peers):
    """The pinned packages without what they would pull in, and beside them what they need to run on a CPU."""
    python = (directory / "bin" / "python").absolute()
    if not python.exists():
        print(f"making {directory}", flush=True)
        venv.create(directory, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", RETRIES]
    have = installed(python)

    def missing(requirements):
        def satisfied(requirement):
            name, _, version = requirement.partition("==")
            found = have.get(name.lower().replace("_", "-"))
            return found is not None and version in ("", found)
        return sorted({r for r in requirements if not satisfied(r)})

    support = missing(r for peer in peers for r in assigned(peer, "SUPPORT"))
    packages = missing(r for peer in peers for r in assigned(peer, "PACKAGES"))
    for extra, what in (([], support), (["--no-deps"], packages)):
        if what:
            print("installing", *what, flush=True)
            subprocess.run([*pip, *extra, *what], check=True)
    for torch in directory.glob("lib/python*/site-packages/torch/lib"):
        if not (torch / "stand_ins").exists():
            subprocess.run([sys.executable, HERE / "torch_on_cpu.py", torch, os.environ.get("CC", "cc")], check=True)
            (torch / "stand_ins").touch()
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True, type=pathlib.Path)
    parser.add_argument("--checkpoint", type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    started = time.monotonic()
    peers, all_of_them = chosen()
    if arguments.checkpoint is None and any(peer in WITH_PROGRAM for peer in peers):
        print(f"without examples/checkpoint, which is not built: {', '.join(p for p in peers if p in WITH_PROGRAM)}")
        peers, all_of_them = [peer for peer in peers if peer not in WITH_PROGRAM], False
        if not peers:
            return 1
    python = install(arguments.build / "venv", peers)
    results, failures = [], []

    def compared(peer):
        """One process a peer: nothing that a package does to its process reaches the next."""
        result = (arguments.build / f"{peer}.json").resolve()
        result.unlink(missing_ok=True)
        program = arguments.checkpoint.resolve() if arguments.checkpoint else ""
        done = subprocess.run([python, HERE / "compare.py", peer, arguments.library.resolve(), program, result],
                              cwd=HERE, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"})
        return result if done.returncode == 0 and result.exists() else None

    with concurrent.futures.ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as executor:
        found = dict(zip(peers, executor.map(compared, peers)))
    for peer, result in found.items():
        if result is None:
            failures.append(f"{peer}: the comparison itself failed")
            continue
        packages = assigned(peer, "PACKAGES")
        results.append(json.loads(result.read_text()) | {
            "packages": packages, "title": assigned(peer, "TITLE", packages[0].replace("==", " "))})
        failures += [f"{peer}: {f}" for f in results[-1]["failures"] + report.unstated(results[-1]["kinds"], DOCS)]
    best_isa = results[0]["best_isa"] if results else "none"
    page = report.written(results, best_isa)
    written = DOCS / "peers.md" if all_of_them and not failures else arguments.build / "peers.md"
    written.write_text(page)
    print(f"\n{len(results)} packages in {time.monotonic() - started:.0f} s; the report is {written}")
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
