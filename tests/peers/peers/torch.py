"""PyTorch: Tensor.to in both directions on the CPU, and the operators of its 16-bit types."""

import numpy

import inputs
import values

PACKAGES = ["torch==2.15.0"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0"]

FORMATS = {
    "fp8_e4m3": "float8_e4m3fn", "fp8_e5m2": "float8_e5m2", "fp8_e4m3fnuz": "float8_e4m3fnuz",
    "fp8_e5m2fnuz": "float8_e5m2fnuz", "e8m0": "float8_e8m0fnu", "bfloat16": "bfloat16", "float16": "float16",
}


def nan_payload_of_bfloat16(case):
    """To float16 PyTorch's AVX2 and AVX-512 paths keep the payload's leading bits, as here."""
    return values.nan_payload(case) if case.name == "bfloat16" else None


KINDS = [values.nan_e5m2_all_ones, nan_payload_of_bfloat16, values.nan_without_sign, values.low_e8m0,
         values.negative_e8m0_is_positive, values.through_float]
# Saturates since 2.12 or 2.13: docs/coming_from.md.
POLICY = {"fp8_e4m3": {"over": "saturate"}}


def compare(run):
    import torch
    torch.set_num_threads(1)

    def tensor(patterns, dtype):
        """An array of numbers or of bit patterns as a tensor of a type."""
        return torch.from_numpy(patterns).view(dtype) if patterns.dtype != numpy.float64 else torch.from_numpy(patterns)

    def patterns(t):
        kind = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[t.itemsize]
        return t.contiguous().view(kind).numpy().view(f"u{t.itemsize}")

    types = {name: getattr(torch, theirs) for name, theirs in FORMATS.items()}
    wide = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32, "int64": torch.int64}
    for name, dtype in types.items():
        codes = values.codes_of(name)
        for target in ("float32", "float64", "float16", "bfloat16"):
            if target != name:
                theirs = patterns(tensor(codes, dtype).to(types.get(target) or wide[target]))
                run.check(f"{name} to {target}", codes, run.library.unpack(name, codes, target), theirs,
                          values.decoded_nan(name, target))
        for source in ("float32", "float64", "float16", "bfloat16", "int32", "int64"):
            if source != name:
                values.check_encoding(
                    run, name, source,
                    lambda x: patterns(tensor(x, types.get(source) or wide[source]).to(dtype)), KINDS,
                    how=POLICY.get(name), what=f"{source} to {name}" + (", saturate" if name in POLICY else ""))
    run.note("float4_e2m1fn_x2 is storage there: no conversion to or from it is implemented on the CPU.")
