"""gfloat: round_ndarray and encode_ndarray in every rounding mode, with and without saturation; its blocks."""

import numpy

import blocks
import inputs
import values
from comparison import Kind

PACKAGES = ["gfloat==0.5.2"]
SUPPORT = ["numpy==2.4.6", "array-api-compat==1.16.0", "more-itertools==11.2.1"]
PIECE = 1_000_000  # values at a time, for the memory that many passes take

BLOCKS = {"mxfp8_e4m3": "format_info_mxfp8_e4m3", "mxfp8_e5m2": "format_info_mxfp8_e5m2",
          "mxfp6_e3m2": "format_info_mxfp6_e3m2", "mxfp6_e2m3": "format_info_mxfp6_e2m3",
          "mxfp4": "format_info_mxfp4_e2m1", "mxint8": "format_info_mxint8"}
BLOCKS_STEP = 100  # one block of so many: Python takes half a millisecond for a value
MODES = {"nearest_even": "TiesToEven", "nearest_away": "TiesToAway", "toward_zero": "TowardZero",
         "toward_positive": "TowardPositive", "toward_negative": "TowardNegative"}


def formats(gfloat):
    from gfloat import Domain, FormatInfo
    from gfloat import formats as known

    def declared(name, precision, bias, has_nz, infinities, num_high_nans):
        """One that gfloat has no name for."""
        return FormatInfo(name, 8, precision, bias=bias, is_signed=True,
                          domain=Domain.Extended if infinities else Domain.Finite, has_nz=has_nz,
                          num_high_nans=num_high_nans, has_subnormals=True, is_twos_complement=False)

    return {
        "fp8_e4m3": known.format_info_ocp_e4m3, "fp8_e5m2": known.format_info_ocp_e5m2,
        "fp8_e3m4": declared("e3m4", 5, 3, True, True, 15), "fp8_e4m3_ieee": declared("e4m3", 4, 7, True, True, 7),
        "fp8_e4m3fnuz": declared("e4m3fnuz", 4, 8, False, False, 0),
        "fp8_e5m2fnuz": declared("e5m2fnuz", 3, 16, False, False, 0),
        "fp8_e4m3b11fnuz": declared("e4m3b11fnuz", 4, 11, False, False, 0),
        "fp6_e3m2": known.format_info_ocp_e3m2, "fp6_e2m3": known.format_info_ocp_e2m3,
        "fp4_e2m1": known.format_info_ocp_e2m1, "e8m0": known.format_info_ocp_e8m0,
        "bfloat16": known.format_info_bfloat16, "float16": known.format_info_binary16,
    }


def encode(info, dtype, x, mode, saturate, draws=None):
    """Codes, with `draws` from 16 random bits a value."""
    import gfloat
    codes = numpy.empty(x.size, dtype)
    for i in range(0, x.size, PIECE):
        random = () if draws is None else (draws[i:i + PIECE].astype(numpy.int64), 16)
        with numpy.errstate(all="ignore"):
            rounded = gfloat.round_ndarray(info, x[i:i + PIECE], mode, saturate, *random)
            codes[i:i + PIECE] = gfloat.encode_ndarray(info, rounded)
    return codes


def compare(run):
    conversions(run)
    for name, elements in BLOCKS.items():
        quantized_blocks(run, name, elements)


def quantized_blocks(run, name, info):
    """quantize_block by compute_scale_amax, which is the rule floor: values, not codes."""
    import gfloat
    from gfloat import formats as known
    info = getattr(known, info)
    x = blocks.rows(run.library, name)[::BLOCKS_STEP]
    x = numpy.ascontiguousarray(x[numpy.isfinite(x).all(axis=1)])
    theirs = numpy.stack([gfloat.quantize_block(info, row.astype(numpy.float64), gfloat.compute_scale_amax) for row in x])
    ours = run.library.dequantize(name, run.library.quantize(name, x), "float64")
    run.check(f"float32 to {name} and back, floor", x, ours, theirs.view(numpy.uint64),
              [(Kind("MXINT8: 80, which is -2 times the scale, is written there", "blocks.md", "`mxint8` and `q8_0` never write 80"),
                minus_two)] if name == "mxint8" else [], values_in_row=32)


def minus_two(x, a, b):
    """-127 / 64 times the scale here, -2 times it there."""
    ours, theirs = a.view(numpy.float64), b.view(numpy.float64)
    return ((a == b) | (theirs < 0) & (ours * 128 == theirs * 127)).all(axis=1)


def conversions(run):
    import gfloat
    from gfloat import RoundMode
    for name, info in formats(gfloat).items():
        codes = values.codes_of(name)
        theirs = gfloat.decode_ndarray(info, codes.astype(numpy.int64))
        run.check(f"{name} to float64", codes, run.library.unpack(name, codes, "float64"), theirs.view(numpy.uint64),
                  values.decoded_nan(name, "float64"))
        one_nan = values.nan_is("gfloat has one NaN", lambda name: (info.code_of_nan, info.code_of_nan))
        x = values.inputs_for(run.library, name, "float64")
        if name == "e8m0":
            run.note("E8M0: compared from 2^-127 upward; gfloat does not clip what is smaller, zero and negative.")
            x = x[(x >= values.LEAST_E8M0) | numpy.isnan(x)]
        if name in values.WITHOUT_NAN:
            x = x[~numpy.isnan(x)]
        for mode, theirs in MODES.items():
            for over in ("native", "saturate"):
                if over == "native" and name in values.WITHOUT_NAN:
                    continue
                values.check_encoding(
                    run, name, "float64",
                    lambda x: encode(info, codes.dtype, x, RoundMode[theirs], over == "saturate"), [one_nan],
                    how={"round": mode, "over": over}, what=f"float64 to {name}, {mode}, {over}", x=x)
        x = x[~numpy.isnan(x)]
        rng = inputs.generator(values.SEEDS[name], 11)
        draws = rng.integers(0, 1 << 16, x.size, numpy.uint32)
        random = draws << 16
        theirs = encode(info, codes.dtype, x, RoundMode.StochasticFastest, True, draws)
        ours = run.library.round_to(name, x, "float64", random, round="stochastic", over="saturate")
        run.check(f"float64 to {name}, stochastic with 16 bits, saturate", (x, draws), ours, theirs, [])
