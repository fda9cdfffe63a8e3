"""What the comparisons of block formats share: rows of scale and element codes, and what a scale makes of values."""

import numpy

import inputs
from comparison import Kind
from inputs import bfloat16_to_float32

ELEMENTS = {"mxfp8_e4m3": ("fp8_e4m3", 448.0), "mxfp8_e5m2": ("fp8_e5m2", 57344.0), "mxfp6_e3m2": ("fp6_e3m2", 28.0),
            "mxfp6_e2m3": ("fp6_e2m3", 7.5), "mxfp4": ("fp4_e2m1", 6.0), "nvfp4": ("fp4_e2m1", 6.0),
            "mxint8": (None, 127 / 64), "q8_0": (None, 127.0), "fp8_block": ("fp8_e4m3", 448.0)}
WIDTHS = {"fp8_e4m3": 8, "fp8_e5m2": 8, "fp6_e3m2": 6, "fp6_e2m3": 6, "fp4_e2m1": 4, None: 8}
SCALE_BYTES = {"q8_0": 2, "fp8_block": 4}
SEEDS = {name: 100 + i for i, name in enumerate(ELEMENTS)}


def rows(library, name, source="float32", size=inputs.SIZE):
    """Inputs, a block a row; patterns where the source has 16 bits."""
    return inputs.blocks(library.block_shape(name)[0], ELEMENTS[name][1], SEEDS[name], size, source)


def numbers(x):
    """Rows of a 16-bit source are bfloat16 here: as float32."""
    return bfloat16_to_float32(x) if x.dtype == numpy.uint16 else x


def unpack_codes(packed, width, elements):
    """One code a byte of a dense little-endian stream, a row at a time."""
    if width == 8:
        return packed
    if width == 4:
        return numpy.stack([packed & 15, packed >> 4], axis=-1).reshape(packed.shape[0], -1)
    bits = numpy.unpackbits(packed, axis=1, bitorder="little")[:, :elements * width]
    return numpy.packbits(bits.reshape(-1, elements, width), axis=-1, bitorder="little")[..., 0]


def pack_codes(codes, width):
    if width == 8:
        return codes
    if width == 4:
        return codes[:, 0::2] | codes[:, 1::2] << 4
    bits = numpy.unpackbits(codes[..., None], axis=-1, bitorder="little")[..., :width]
    return numpy.packbits(bits.reshape(codes.shape[0], -1), axis=1, bitorder="little")


def opened(library, name, blocks):
    """Blocks as rows of the scale's bytes and one code a byte."""
    scale = SCALE_BYTES.get(name, 1)
    elements = library.block_shape(name)[0]
    codes = unpack_codes(blocks[:, scale:], WIDTHS[ELEMENTS[name][0]], elements)
    return numpy.concatenate([blocks[:, :scale], codes], axis=1)


def closed(name, opened_rows):
    """The reverse of opened."""
    scale = SCALE_BYTES.get(name, 1)
    return numpy.ascontiguousarray(numpy.concatenate(
        [opened_rows[:, :scale], pack_codes(opened_rows[:, scale:], WIDTHS[ELEMENTS[name][0]])], axis=1))


def joined(scales, codes):
    """A peer's scale codes and element codes as rows as opened gives them."""
    scales = numpy.ascontiguousarray(scales).reshape(codes.shape[0], -1)
    return numpy.concatenate([scales.view(numpy.uint8).reshape(codes.shape[0], -1), codes], axis=1)


def encoded(library, element, scaled, **how):
    """Element codes of scaled values; they saturate."""
    flat = numpy.ascontiguousarray(scaled, numpy.float32).reshape(-1)
    return library.pack(element, flat, over="saturate", **how).reshape(scaled.shape)


def power(exponent):
    """2^exponent as float32, subnormals included."""
    return numpy.ldexp(numpy.float32(1), exponent.astype(numpy.int32)).astype(numpy.float32)


def amax(x):
    with numpy.errstate(invalid="ignore"):
        return numpy.abs(numbers(x)).max(axis=1)


def ulps_above(x, scale_codes, largest):
    """By how many float steps amax lies above largest * 2^(code - 127)."""
    limit = (numpy.float32(largest) * power(scale_codes.astype(int) - 127)).astype(numpy.float32)
    return amax(x).view(numpy.int32).astype(numpy.int64) - limit.view(numpy.int32)


def by_log2(x, a, b, largest):
    """Their scale is one lower, by a float logarithm: amax is up to 42 ulp above the largest value that it holds."""
    ulps = ulps_above(x, b[:, 0], largest)
    return (a[:, 0] == b[:, 0] + 1) & (ulps > 0) & (ulps <= 42)


def scaled(x, scale_codes):
    """x / 2^(code - 127) in float, by the reciprocal, which is exact."""
    with numpy.errstate(all="ignore"):
        return (numbers(x) * power(127 - scale_codes.astype(int))[:, None]).astype(numpy.float32)


# Kinds of difference.

def special_blocks(nan_scale):
    """A block with a NaN or an infinity, where the recipe has this library's NaN block."""
    def covers(x, a, b):
        return (a[:, 0] == nan_scale) & (a[:, 1:] == 0).all(axis=1) & ~numpy.isfinite(numbers(x)).all(axis=1)
    return (Kind("a block with NaN or infinity: a NaN block here, what the float arithmetic gives there", "recipes.md",
                 "NaN blocks are those of"), covers)


def decoded_nan(target):
    """Elements that differ are NaN in both."""
    def is_nan(bits):
        if target == "bfloat16":
            return (bits & 0x7FFF) > 0x7F80
        return numpy.isnan(bits.view({4: numpy.float32, 2: numpy.float16}[bits.itemsize]))
    return (Kind("payload and sign of a decoded NaN: the quiet one of the code's sign here", "coming_from.md",
                 "| decoded NaN |"), lambda x, a, b: ((a == b) | is_nan(a) & is_nan(b)).all(axis=1))
