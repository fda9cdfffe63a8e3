"""en_dtypes: HiFloat8, FP6, FP4 and E8M0 as numpy types."""

import numpy

import inputs
import values

PACKAGES = ["en_dtypes==0.0.4"]
SUPPORT = ["numpy==2.4.6"]

FORMATS = {"hif8": "hifloat8", "fp6_e3m2": "float6_e3m2", "fp6_e2m3": "float6_e2m3", "fp4_e2m1": "float4_e2m1",
           "fp4_e1m2": "float4_e1m2", "e8m0": "float8_e8m0"}

# Where its rounding is not the format's own here: docs/coming_from.md.
MODES = {"fp4_e1m2": "nearest_even", "e8m0": "toward_zero"}
KINDS = [values.nan_is_zero, values.zero_e8m0_is_nan, values.subnormal_e8m0_is_nan, values.through_float]


def compare(run):
    import en_dtypes
    for name, theirs in FORMATS.items():
        dtype = numpy.dtype(getattr(en_dtypes, theirs))
        codes = values.codes_of(name)
        for target in ("float32", "float64", "float16"):
            with numpy.errstate(all="ignore"):
                t = codes.view(dtype).astype(target)
            run.check(f"{name} to {target}", codes, run.library.unpack(name, codes, target), t.view(f"u{t.itemsize}"), [])
        for source in ("float32", "float64", "float16", "int32", "int64"):
            mode = MODES.get(name, "native")
            values.check_encoding(run, name, source, lambda x: x.view(source).astype(dtype), KINDS, how={"round": mode},
                                  what=f"{source} to {name}, {mode}")
