"""apytypes: casts of APyFloatArray in every quantization mode that rounds as one here, and its operators."""

import numpy

import inputs
import values

PACKAGES = ["apytypes==0.5.1"]
SUPPORT = ["numpy==2.4.6"]

FORMATS = {"fp8_e5m2": (5, 2, 15), "fp8_e3m4": (3, 4, 3), "fp8_e4m3_ieee": (4, 3, 7), "bfloat16": (8, 7, 127),
           "float16": (5, 10, 15)}
MODES = {"nearest_even": "TIES_EVEN", "nearest_away": "TIES_AWAY", "toward_zero": "TO_ZERO",
         "toward_positive": "TO_POS", "toward_negative": "TO_NEG", "to_odd": "JAM_UNBIASED"}
ONE_NAN = "apytypes has one NaN of each sign"


def compare(run):
    import apytypes
    from apytypes import APyFloatArray, QuantizationMode
    for name, (exponent, fraction, bias) in FORMATS.items():
        codes = values.codes_of(name)
        theirs = APyFloatArray.from_bits(codes, exponent, fraction, bias).to_numpy()
        run.check(f"{name} to float64", codes, run.library.unpack(name, codes, "float64"),
                  theirs.astype(numpy.float64).view(numpy.uint64), values.decoded_nan(name, "float64"))
        infinity = ((1 << exponent) - 1) << fraction
        nan = values.nan_is(ONE_NAN,
                            lambda name: (infinity + 1, values.sign_of(name) + infinity + 1))
        x = values.inputs_for(run.library, name, "float64")
        exact = APyFloatArray.from_array(x, 11, 52)
        for mode, theirs in MODES.items():
            values.check_encoding(
                run, name, "float64",
                lambda x: exact.cast(exponent, fraction, bias, QuantizationMode.__members__[theirs]).to_bits(numpy=True).astype(codes.dtype), [nan],
                how={"round": mode}, what=f"float64 to {name}, {mode}", x=x)
        arithmetic(run, name, codes)


def arithmetic(run, name, codes):
    from apytypes import APyFloatArray
    exponent, fraction, bias = FORMATS[name]
    rng = inputs.generator(values.SEEDS[name], 13)
    if codes.size <= 256:
        a, b = (numpy.ascontiguousarray(v.ravel()) for v in numpy.meshgrid(codes, codes))
    else:
        a, b = codes[rng.integers(0, codes.size, inputs.SIZE)], codes[rng.integers(0, codes.size, inputs.SIZE)]
    x, y = (APyFloatArray.from_bits(v, exponent, fraction, bias) for v in (a, b))
    for operation, theirs in {"+": x.__add__, "-": x.__sub__, "*": x.__mul__, "/": x.__truediv__}.items():
        run.check(f"{name} {operation} {name}", (a, b), run.library.arithmetic(name, operation, a, b),
                  theirs(y).to_bits(numpy=True).astype(codes.dtype), values.arithmetic_kinds(run.library, name, operation, ONE_NAN))
