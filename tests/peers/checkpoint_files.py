"""What the comparisons of checkpoints share: the program, and the tensors of safetensors files as numpy has them."""

import json
import pathlib
import struct
import subprocess

import numpy

TYPES = {"F64": numpy.float64, "F32": numpy.float32, "F16": numpy.float16, "I64": numpy.int64, "I32": numpy.int32,
         "U8": numpy.uint8, "BF16": numpy.uint16, "F8_E4M3": numpy.uint8, "F8_E8M0": numpy.uint8}


def convert(program, source, target, to, layout=None, *options):
    """Runs checkpoint convert and returns what it says; raises where it fails."""
    words = [program, "convert", str(source), str(target), "--to", to, *(("--layout", layout) if layout else ()), *options]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout


def tensors(path):
    """The tensors of a file or of a folder's only one; BF16 and FP8 as their bit patterns. Read by this file alone."""
    path = pathlib.Path(path)
    data = (path / "model.safetensors" if path.is_dir() else path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    found = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            found[name] = numpy.frombuffer(data[8 + length + begin:8 + length + end], TYPES[entry["dtype"]]).reshape(
                entry["shape"])
    return found
