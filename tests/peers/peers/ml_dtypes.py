"""ml_dtypes: numpy's astype in both directions, and the operators."""

import numpy

import inputs
import values

PACKAGES = ["ml_dtypes==0.6.0"]
SUPPORT = ["numpy==2.4.6"]

FORMATS = {
    "fp8_e4m3": "float8_e4m3fn", "fp8_e5m2": "float8_e5m2", "fp8_e3m4": "float8_e3m4",
    "fp8_e4m3_ieee": "float8_e4m3", "fp8_e4m3fnuz": "float8_e4m3fnuz", "fp8_e5m2fnuz": "float8_e5m2fnuz",
    "fp8_e4m3b11fnuz": "float8_e4m3b11fnuz", "fp6_e3m2": "float6_e3m2fn", "fp6_e2m3": "float6_e2m3fn",
    "fp4_e2m1": "float4_e2m1fn", "e8m0": "float8_e8m0fnu", "bfloat16": "bfloat16", "float16": "float16",
}
KINDS = [values.nan_is_opposite_zero, values.nan_payload, values.zero_e8m0_is_nan, values.low_e8m0]


def compare(run):
    import ml_dtypes
    types = {ours: numpy.dtype(getattr(ml_dtypes, theirs, None) or theirs) for ours, theirs in FORMATS.items()}
    for name, dtype in types.items():
        conversions(run, types, name, dtype)
        arithmetic(run, name, dtype)


def conversions(run, types, name, dtype):
    codes = values.codes_of(name)
    for target in ("float32", "float64", "float16", "bfloat16"):
        if target == name:
            continue
        with numpy.errstate(all="ignore"):
            theirs = codes.view(dtype).astype(types.get(target, target))
        kinds = [] if name in ("fp8_e4m3", "e8m0") else values.decoded_nan(name, target, negative_fnuz=True)
        run.check(f"{name} to {target}", codes, run.library.unpack(name, codes, target),
                  theirs.view(f"u{theirs.itemsize}"), kinds)
    for source in ("float32", "float64", "float16", "bfloat16", "int32", "int64"):
        if source != name:
            kinds = KINDS if name == "float16" else [*KINDS, values.through_float]  # numpy's own rounds once
            values.check_encoding(run, name, source, lambda x: x.view(types.get(source, source)).astype(dtype), kinds)


def arithmetic(run, name, dtype):
    rng = inputs.generator(values.SEEDS[name], 7)
    codes = values.codes_of(name)
    if codes.size <= 256:
        a, b = (numpy.ascontiguousarray(v.ravel()) for v in numpy.meshgrid(codes, codes))
    else:
        a, b = codes[rng.integers(0, codes.size, inputs.SIZE)], codes[rng.integers(0, codes.size, inputs.SIZE)]
        # Half with close exponents, so that sums cancel and quotients are in range.
        half = a.size // 2
        signs = rng.integers(0, 2, half, numpy.uint16) << 15
        b[:half] = a[:half] ^ rng.integers(0, 0x400, half, numpy.uint16) ^ signs
    for operation in "+-*/":
        with numpy.errstate(all="ignore"):
            x, y = a.view(dtype), b.view(dtype)
            theirs = {"+": numpy.add, "-": numpy.subtract, "*": numpy.multiply, "/": numpy.divide}[operation](x, y)
        run.check(f"{name} {operation} {name}", (a, b), run.library.arithmetic(name, operation, a, b),
                  theirs.view(codes.dtype), values.arithmetic_kinds(run.library, name, operation))
