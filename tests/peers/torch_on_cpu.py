"""Lets PyTorch's wheel of PyPI run on a machine without CUDA's libraries.

The wheel for x86-64 links to some gigabytes of CUDA libraries even for work on the CPU. What the loader asks of them
is names: libraries with the names that the wheel needs, whose functions answer "insufficient driver", as those of a
machine without a GPU do, stand in for them.
"""

import collections
import pathlib
import re
import subprocess
import sys

CUDA = re.compile(r"lib(cu|nccl|nv)")
# cudaErrorInsufficientDriver.
FUNCTION = "long {}(void) {{ return 35; }}\n"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def stand_ins(directory):
    """The missing libraries, with the versioned names that each has to define; and the names without a version."""
    needed, loose, library_of = collections.defaultdict(set), set(), {}
    files = sorted(directory.glob("*.so*"))
    present = {file.name for file in files}
    for file in files:
        for name in re.findall(r"NEEDED.*\[(.+)\]", output("readelf", "-dW", str(file))):
            if CUDA.match(name) and name not in present:
                needed[name]
        library = None
        for line in output("readelf", "-VW", str(file)).splitlines():
            if match := re.search(r"Version: \d+  File: (\S+)", line):
                library = match[1]
            elif (match := re.search(r"Name: (\S+)  Flags", line)) and library in needed:
                library_of[match[1]] = library
        for line in output("nm", "-D", "--undefined-only", str(file)).splitlines():
            name, _, version = line.split()[-1].partition("@")
            if version in library_of:
                needed[library_of[version]].add((name, version))
            elif not version and re.match(r"(cu|nccl|nv)[A-Za-z]\w*$", name):
                loose.add(name)
    return needed, loose


def provide(directory, compiler):
    """Writes the libraries into torch's own directory, where its wheel looks for them."""
    needed, loose = stand_ins(directory)
    for library in sorted(needed):
        versions = collections.defaultdict(list)
        for name, version in sorted(needed[library]):
            versions[version].append(name)
        names = [name for name, _ in sorted(needed[library])]
        if library == min(needed):
            names += sorted(loose - set(names))
        source, script = directory / "stand_in.c", directory / "stand_in.map"
        source.write_text("".join(map(FUNCTION.format, names)))
        script.write_text("".join(f"{v} {{ global: {'; '.join(n)}; }};\n" for v, n in versions.items()))
        # Unversioned names stay global beside a script that names only the others.
        options = [f"-Wl,--version-script,{script}"] if versions else []
        subprocess.run([compiler, "-shared", "-fPIC", "-fno-builtin", "-w", str(source), f"-Wl,-soname,{library}",
                        *options, "-o", str(directory / library)], check=True)
        source.unlink()
        script.unlink()


if __name__ == "__main__":
    provide(pathlib.Path(sys.argv[1]), sys.argv[2])
