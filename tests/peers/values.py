"""What the comparisons of value formats share: the formats, their inputs, and kinds of difference.

A kind of difference is stated by a function of a Case: it gives the Kind and a function of the inputs, our codes
and theirs, that covers the differences of that kind; or None where the case has no such difference.
"""

import dataclasses
from typing import Any, Callable

import numpy

import inputs
from comparison import Kind
from narrowfp import Library, code_type

WIDTHS = {"fp8_e4m3": 8, "fp8_e5m2": 8, "fp8_e3m4": 8, "fp8_e4m3_ieee": 8, "fp8_e4m3fnuz": 8, "fp8_e5m2fnuz": 8,
          "fp8_e4m3b11fnuz": 8, "fp6_e3m2": 6, "fp6_e2m3": 6, "fp4_e2m1": 4, "fp4_e1m2": 4, "hif8": 8, "e8m0": 8,
          "bfloat16": 16, "float16": 16}
FNUZ = ("fp8_e4m3fnuz", "fp8_e5m2fnuz", "fp8_e4m3b11fnuz")
WITHOUT_NAN = ("fp6_e3m2", "fp6_e2m3", "fp4_e2m1", "fp4_e1m2")
INTEGERS = ("int32", "int64")
SEEDS = {name: i for i, name in enumerate(WIDTHS)}
LEAST_E8M0 = 2.0**-127


def codes_of(name):
    return inputs.all_codes(WIDTHS[name])


def sign_of(name):
    return 1 << (WIDTHS[name] - 1)


def values_of(library, name):
    """The values of all codes, as float64."""
    return library.unpack(name, codes_of(name), "float64").view(numpy.float64)


def inputs_for(library, name, source, size=inputs.SIZE):
    """The inputs of a conversion: numbers as float32, float64, int32 or int64, 16-bit types as patterns."""
    if source in ("float16", "bfloat16"):
        return inputs.all_halves()
    if source in INTEGERS:
        return inputs.integers(values_of(library, name), source, SEEDS[name])
    return inputs.floats(values_of(library, name), source, SEEDS[name], size)


def as_float(x, source):
    """The same values as float32, rounded if they are wider."""
    if source == "float16":
        return x.view(numpy.float16).astype(numpy.float32)
    if source == "bfloat16":
        return inputs.bfloat16_to_float32(x)
    with numpy.errstate(over="ignore", invalid="ignore"):
        return x.astype(numpy.float32)


def is_wide_nan(codes, name):
    return (codes & 0x7FFF) > (0x7F80 if name == "bfloat16" else 0x7C00)


@dataclasses.dataclass
class Case:
    """A conversion that is compared."""
    library: Library
    name: str
    source: str
    how: dict
    theirs: Callable[[Any], Any]

    def floats(self, x):
        return as_float(x, self.source)


# Kinds of difference of conversions to a value format.

def through_float(case):
    """double and integers are rounded to float first."""
    if case.source not in ("float64", *INTEGERS):
        return None
    return (Kind("double and integers go through float there, so that they round twice", "coming_from.md",
                 "| double and integers |"),
            lambda x, a, b: b == case.library.pack(case.name, case.floats(x), **case.how))


def nan_is_opposite_zero(case):
    if case.name not in WITHOUT_NAN or case.source in INTEGERS:
        return None
    sign = sign_of(case.name)
    return (Kind("NaN to FP6 and FP4: the largest value here, a zero of the opposite sign there", "coming_from.md",
                 "| NaN to FP6, FP4 |"),
            lambda x, a, b: numpy.isnan(case.floats(x)) & (a == sign - 1) &
            (b == numpy.where(numpy.signbit(case.floats(x)), 0, sign)))


def nan_is_zero(case):
    if case.name not in WITHOUT_NAN or case.source in INTEGERS:
        return None
    sign = sign_of(case.name)
    return (Kind("NaN to FP6 and FP4: the largest value here, a zero of its sign there", "coming_from.md",
                 "a zero of NaN's sign"),
            lambda x, a, b: numpy.isnan(case.floats(x)) & (a == sign - 1) &
            (b == numpy.where(numpy.signbit(case.floats(x)), sign, 0)))


def nan_e5m2_all_ones(case):
    if case.name != "fp8_e5m2" or case.source in INTEGERS:
        return None
    return (Kind("NaN to E5M2: 7E or FE here, 7F or FF there", "coming_from.md", "| NaN to E5M2 |"),
            lambda x, a, b: numpy.isnan(case.floats(x)) & (a & 0x7F == 0x7E) & (b == a | 1))


def nan_payload(case):
    """The sign is kept in both."""
    if case.name not in ("bfloat16", "float16") or case.source in INTEGERS:
        return None
    return (Kind(f"payload of a NaN to {case.name}", "coming_from.md", f"| NaN to {case.name} |"),
            lambda x, a, b: numpy.isnan(case.floats(x)) & is_wide_nan(a, case.name) & is_wide_nan(b, case.name) &
            ((a ^ b) & 0x8000 == 0))


def nan_without_sign(case):
    if case.name != "bfloat16" or case.source in INTEGERS:
        return None
    return (Kind("NaN to bfloat16: sign and leading payload kept here, 7FC0 or FFFF there", "coming_from.md",
                 "| NaN to bfloat16 |"),
            lambda x, a, b: numpy.isnan(case.floats(x)) & is_wide_nan(a, case.name) & ((b == 0x7FC0) | (b == 0xFFFF)))


def nan_is(says, code):
    """The peer has one code for NaN, or one for each sign: code is what it gives for a NaN of each sign."""
    def kind(case):
        if case.name in WITHOUT_NAN or case.source in INTEGERS:
            return None
        table = values_of(case.library, case.name)
        positive, negative = code(case.name)
        return (Kind("which NaN a NaN, or what overflows to one, becomes", "coming_from.md", says),
                lambda x, a, b: numpy.isnan(table[a.astype(numpy.int64)]) &
                (b == numpy.where(numpy.signbit(case.floats(x)), negative, positive)))
    return kind


def zero_e8m0_is_nan(case):
    if case.name != "e8m0":
        return None
    return (Kind("zero to E8M0: 00 here, NaN there", "coming_from.md", "| zero to E8M0 |"),
            lambda x, a, b: (case.floats(x) == 0) & (a == 0) & (b == 0xFF))


def low_e8m0(case):
    if case.name != "e8m0" or case.source in INTEGERS:
        return None
    return (Kind("numbers from just above 2^-127 to E8M0: the nearest here, 01 there", "coming_from.md",
                 "| a number to E8M0 |"),
            lambda x, a, b: (case.floats(x) > LEAST_E8M0) & (case.floats(x) <= 1.5 * LEAST_E8M0) & (a <= 1) & (b == 1))


def subnormal_e8m0_is_nan(case):
    if case.name != "e8m0" or case.source in INTEGERS:
        return None
    return (Kind("numbers below 2^-127 to E8M0: 00 here, NaN there", "coming_from.md",
                 "numbers below 2^-127 are NaN"),
            lambda x, a, b: (case.floats(x) > 0) & (case.floats(x) < LEAST_E8M0) & (a == 0) & (b == 0xFF))


def up_e8m0(case):
    if case.name != "e8m0" or case.how.get("round") != "toward_positive":
        return None
    return (Kind("rounding up to E8M0 below 2^-126: 00 or 01 here, always 01 there", "coming_from.md",
                 "01 for all below 2^-126, 2^-127 and less included"),
            lambda x, a, b: (case.floats(x) > 0) & (case.floats(x) < 2 * LEAST_E8M0) & (a <= 1) & (b == 1))


def negative_e8m0_is_positive(case):
    if case.name != "e8m0":
        return None
    return (Kind("negative numbers to E8M0: NaN, or 00 when saturating, here; as their magnitude there",
                 "coming_from.md", "| negative to E8M0 |"),
            lambda x, a, b: numpy.signbit(case.floats(x)) & (a == (0 if case.how.get("over") == "saturate" else 0xFF)) &
            (b == case.theirs(numpy.abs(x) if x.dtype.kind != "u" else x & 0x7FFF)))


def infinity_e8m0(case):
    if case.name != "e8m0" or case.how.get("over") != "saturate":
        return None
    return (Kind("infinity to E8M0, saturating: FE here, FF there", "coming_from.md",
                 "| infinity to E8M0, saturating |"),
            lambda x, a, b: numpy.isposinf(case.floats(x)) & (a == 0xFE) & (b == 0xFF))


def check_encoding(run, name, source, theirs, kinds, how=None, what=None, size=inputs.SIZE, x=None):
    """theirs(x) are the peer's codes. The arrays' kernels are compared, and the scalar path on the first part."""
    library = run.library
    x = inputs_for(library, name, source, size) if x is None else x
    how = how or {}
    what = what or f"{source} to {name}"

    def quietly(x):
        with numpy.errstate(all="ignore"):
            return numpy.ascontiguousarray(theirs(x)).view(code_type(name))

    ours = library.pack(name, x, source, **how)
    part = x[:300_000]
    scalar = library.pack(name, part, source, use="scalar", **how)
    run.require(numpy.array_equal(scalar, ours[:part.size]), f"{what}: the scalar path differs from the kernel")
    case = Case(library, name, source, how, quietly)
    run.check(what, x, ours, quietly(x), [k for k in (kind(case) for kind in kinds) if k])


# Kinds of difference of conversions from a value format.

def nan_mask(values):
    """Which bit patterns of a float type are NaN."""
    return numpy.isnan(values.view({2: numpy.float16, 4: numpy.float32, 8: numpy.float64}[values.itemsize]))


def decoded_nan(name, target, negative_fnuz=False):
    """Kinds of difference of decoded NaN alone."""
    def both_nan(x, a, b):
        return is_wide_nan(a, target) & is_wide_nan(b, target) if target == "bfloat16" else nan_mask(a) & nan_mask(b)

    if name in FNUZ and negative_fnuz:
        return [(Kind("the NaN of an FNUZ format decodes to a positive one here, a negative one there",
                      "coming_from.md", "| NaN from FNUZ |"),
                 lambda x, a, b: (x == 0x80) & both_nan(x, a, b) &
                 (b == a | a.dtype.type(1 << (8 * a.itemsize - 1))))]
    return [(Kind("payload and sign of a decoded NaN: the quiet one of the code's sign here", "coming_from.md",
                  "| decoded NaN |"), both_nan)]


# Kinds of difference of operators.

def arithmetic_kinds(library, name, operation, own_nan=None):
    """Of T op T. own_nan: where a page says which NaN the peer's operations give; else it computes in float."""
    table = values_of(library, name)
    sign = sign_of(name)

    def decoded(codes):
        return table[codes.astype(numpy.int64)]

    def in_float(x):
        u, v = (decoded(c).astype(numpy.float32) for c in x)
        return {"+": numpy.add, "-": numpy.subtract, "*": numpy.multiply, "/": numpy.divide}[operation](u, v)

    def both_nan(a, b):
        return numpy.isnan(decoded(a)) & numpy.isnan(decoded(b))

    def nan_operand(x):
        return numpy.isnan(decoded(x[0])) | numpy.isnan(decoded(x[1]))

    if name in WITHOUT_NAN:
        return [(Kind("an invalid operation in FP6 and FP4: the largest value here, zero there", "coming_from.md",
                      "| NaN to FP6, FP4 |"),
                 lambda x, a, b: numpy.isnan(in_float(x)) & (a == sign - 1) & (b & (sign - 1) == 0))]
    if name == "e8m0":
        return [(Kind("an E8M0 result that float rounds to zero, or zero itself: 00 here, NaN there",
                      "coming_from.md", "| zero to E8M0 |"),
                 lambda x, a, b: (in_float(x) == 0) & (a == 0) & (b == 0xFF))]
    if own_nan:
        return [(Kind("which NaN a NaN, or what overflows to one, becomes", "coming_from.md", own_nan),
                 lambda x, a, b: both_nan(a, b))]
    kinds = [(Kind("which NaN a NaN operand gives: the first one's sign and payload here", "coming_from.md",
                   "| NaN of a NaN operand |"), lambda x, a, b: both_nan(a, b) & nan_operand(x)),
             (Kind("NaN of an invalid operation: positive here, negative there on x86", "coming_from.md",
                   "| 0 / 0 in the format |"),
              lambda x, a, b: both_nan(a, b) & ~nan_operand(x) & (a & sign == 0) & (b & sign != 0))]
    return kinds
