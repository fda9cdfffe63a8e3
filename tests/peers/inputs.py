"""Inputs of the comparisons: the same ones in every run."""

import functools

import numpy

SIZE = 10_500_000  # of the inputs of one conversion, where the peer is fast enough
F32 = numpy.float32
F64 = numpy.float64


def generator(*seed):
    return numpy.random.default_rng([0x6E66, *seed])


def all_codes(bits):
    return numpy.arange(1 << bits, dtype=numpy.uint32).astype(numpy.uint16 if bits > 8 else numpy.uint8)


def all_halves():
    """Every 16-bit pattern; what it means is the caller's to say."""
    return all_codes(16)


def bfloat16_to_float32(patterns):
    return (patterns.astype(numpy.uint32) << 16).view(F32)


def float32_to_bfloat16(values):
    """Nearest even; NaN stays NaN. Patterns."""
    bits = values.view(numpy.uint32)
    rounded = ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(numpy.uint16)
    return numpy.where(numpy.isnan(values), (bits >> 16 | 0x40).astype(numpy.uint16), rounded)


def neighbours(values, reach):
    """Values and the numbers up to `reach` steps from them in their own type; finite ones."""
    kind = numpy.int64 if values.itemsize == 8 else numpy.int32
    positive = numpy.abs(values[numpy.isfinite(values)]).view(kind)
    steps = numpy.arange(-reach, reach + 1, dtype=kind)
    near = (positive[:, None] + steps).ravel()
    near = near[near >= 0].view(values.dtype)
    return numpy.concatenate([near, -near])


def specials(dtype):
    """Zeros, infinities, NaNs of both signs with several payloads, quiet and signalling, ends of the range."""
    if dtype == F32:
        patterns = [0, 1, 2, 0x3FFFFF, 0x400000, 0x400001, 0x7FFFFF, 0x800000, 0x800001, 0x7F7FFFFF, 0x7F7FFFFE,
                    0x7F000000, 0x7F000001, 0x7F400000, 0x7F800000, 0x7FC00000, 0x7FC00001, 0x7F800001,
                    0x7FFFFFFF, 0x7FA00000, 0x7FFF0000, 0x7F810000, 0x7F804000]
        bits = numpy.array(patterns, numpy.uint32)
        return numpy.concatenate([bits, bits | 0x80000000]).view(F32)
    patterns = [0, 1, 0xFFFFFFFFFFFFF, 0x10000000000000, 0x3690000000000000, 0x36A0000000000000,
                0x36A0000000000001, 0x380FFFFFFFFFFFFF, 0x3810000000000000, 0x47EFFFFFE0000000,
                0x47EFFFFFEFFFFFFF, 0x47EFFFFFF0000000, 0x47F0000000000000, 0x7FEFFFFFFFFFFFFF,
                0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000001, 0x7FF0000000000001,
                0x7FFFFFFFFFFFFFFF, 0x7FF4000000000000]
    bits = numpy.array(patterns, numpy.uint64)
    return numpy.concatenate([bits, bits | numpy.uint64(1 << 63)]).view(F64)


def boundaries(values):
    """The magnitudes of a format and what lies in the middle between two, also above the largest."""
    v = numpy.unique(numpy.abs(values[numpy.isfinite(values)]).astype(F64))
    step = v[-1] - v[-2]
    above = v[-1] + step * numpy.array([0.25, 0.5, 0.75, 1, 1.5, 2, 4])
    points = numpy.unique(numpy.concatenate([v, (v[1:] + v[:-1]) / 2, above, v[1:2] / 4, v[1:2] / 2]))
    return points


@functools.lru_cache(maxsize=2)
def _cached(key, size, values):
    source, seed = key
    return _floats(numpy.frombuffer(values, F64), source, seed, size)


def floats(values, source, seed, size=SIZE):
    """Inputs for a format with these values, as float32 or float64."""
    return _cached((source, seed), size, numpy.asarray(values, F64).tobytes())


def _floats(values, source, seed, size):
    rng = generator(seed, 32 if source == "float32" else 64)
    dtype = F32 if source == "float32" else F64
    points = boundaries(values)
    with numpy.errstate(all="ignore"):
        exact = points.astype(dtype)
        exact = exact[numpy.isfinite(exact)]
    parts = [specials(dtype), neighbours(exact, 3)]
    with numpy.errstate(all="ignore"):
        halves = all_halves()
        parts += [halves.view(numpy.float16).astype(dtype), bfloat16_to_float32(halves).astype(dtype)]
    left = size - sum(map(len, parts))
    quarter = left // 4
    if source == "float32":
        parts.append(rng.integers(0, 1 << 32, quarter, numpy.uint32).view(F32))
        near = exact[rng.integers(0, exact.size, quarter)].view(numpy.int32)
        near = numpy.maximum(near + rng.integers(-64, 65, quarter, numpy.int32), 0).view(F32)
        parts.append(near * rng.choice(numpy.array([-1, 1], F32), quarter))
    else:
        parts.append(rng.integers(0, 1 << 64, quarter, numpy.uint64).view(F64))
        # A double that float rounds onto a boundary, so that it rounds twice: a boundary and a little more or
        # less, from the last bit of a double to the last but two of a float.
        near = exact[rng.integers(0, exact.size, quarter)]
        little = numpy.ldexp(rng.choice(numpy.array([-1.0, 1.0]), quarter), -rng.integers(22, 53, quarter))
        parts.append((near + near * little) * rng.choice(numpy.array([-1.0, 1.0]), quarter))
    # Exponents around those of the format; half of these with few fraction bits, so that many are ties.
    with numpy.errstate(divide="ignore"):
        top = numpy.frexp(points[-1])[1]
        bottom = numpy.frexp(points[points > 0][0])[1]
    n = size - sum(map(len, parts))
    lowest, highest = max(bottom - 3, -148 if dtype == F32 else -1000), min(top + 1, 126)
    exponent = rng.integers(lowest, highest + 1, n)
    fraction = rng.integers(0, 1 << 23 if dtype == F32 else 1 << 52, n).astype(F64) / (1 << (23 if dtype == F32 else 52))
    few = numpy.arange(n) % 2 == 0
    fraction[few] = numpy.floor(fraction[few] * 64) / 64
    parts.append((numpy.ldexp(1 + fraction, exponent) * rng.choice(numpy.array([-1.0, 1.0]), n)).astype(dtype))
    return numpy.concatenate(parts)


def integers(values, source, seed, size=SIZE):
    """Inputs of an integer type: around the boundaries, of every length, and all short ones."""
    rng = generator(seed, 99)
    dtype = numpy.dtype(source)
    limits = numpy.iinfo(dtype)
    points = boundaries(values)
    points = points[points < limits.max]
    near = (numpy.unique(numpy.floor(points)).astype(numpy.int64)[:, None] + numpy.arange(-3, 4)).ravel()
    near = numpy.clip(near, limits.min + 1, limits.max).astype(dtype)
    short = numpy.arange(-70000, 70001).astype(dtype)
    ends = numpy.array([limits.min, limits.min + 1, limits.max - 1, limits.max], dtype)
    bits = limits.bits - 1
    n = size - near.size * 2 - short.size - ends.size
    any_length = rng.integers(0, limits.max, n, dtype) >> rng.integers(0, bits, n).astype(dtype)
    # Ones and zeros followed by a last bit: an integer that float rounds onto a boundary.
    sticky = (any_length & ~dtype.type(0xFF)) | rng.integers(0, 2, n).astype(dtype)
    any_length = numpy.where(rng.integers(0, 2, n) == 0, any_length, sticky)
    any_length *= rng.choice(numpy.array([-1, 1], dtype), n)
    return numpy.concatenate([near, -near, short, ends, any_length])


def blocks(elements, largest, seed, size=SIZE, source="float32"):
    """Rows of `elements` values for block formats whose largest element is `largest`, as float32 or patterns
    of bfloat16 or float16."""
    rng = generator(seed, elements)
    count = -(-size // elements)
    kinds = 8
    per = -(-count // kinds)
    shape = (per, elements)

    def scales(low, high):
        return numpy.ldexp(1.0, rng.integers(low, high, (per, 1)))

    normal = rng.standard_normal(shape)
    rows = [
        normal * 0.02,
        normal * scales(-20, 20) * rng.choice([0.5, 1.0, 3.0], (per, 1)),
        # Grids: full of ties under scales that are powers of two, and under others.
        rng.integers(-64, 65, shape) / 8 * scales(-6, 7),
        rng.integers(-24, 25, shape) / 4 * rng.integers(1, 16, (per, 1)) / 8,
        # A largest value near a power of two times the largest element, where the scale turns.
        numpy.clip(normal, -3, 3) / 3 * largest * scales(-30, 30) * (1 + rng.integers(-3, 4, (per, 1)) * 2.0**-23),
        # The whole range of float.
        rng.standard_normal(shape) * scales(-149, 127),
        # Zeros, of both signs, and few others.
        numpy.where(rng.random(shape) < 0.9, numpy.where(rng.random(shape) < 0.5, 0.0, -0.0), normal),
        normal.astype(numpy.float32).view(numpy.uint32).__and__(0xFFFFF000).view(numpy.float32),
    ]
    with numpy.errstate(over="ignore"):
        x = numpy.concatenate(rows).astype(F32)[:count]
    # The largest of some rows becomes the largest element exactly, and its float neighbours.
    pick = rng.integers(0, count, count // 16)
    column = rng.integers(0, elements, pick.size)
    top = (F32(largest) * numpy.ldexp(F32(1), rng.integers(-20, 20, pick.size)).astype(F32)).astype(F32)
    x[pick, column] = (top.view(numpy.int32) + rng.integers(-2, 3, pick.size, numpy.int32)).view(F32)
    special = special_rows(elements)
    x[: len(special)] = special
    x = numpy.ascontiguousarray(x)
    if source == "bfloat16":
        return float32_to_bfloat16(x)
    if source == "float16":
        with numpy.errstate(over="ignore"):
            return x.astype(numpy.float16).view(numpy.uint16)
    return x


def special_rows(elements):
    """Blocks of zeros, of constants, of subnormals, with the ends of float, infinities and NaN."""
    rows = []
    ends = [0.0, -0.0, 1.0, 2.0**-149, 2.0**-127, 2.0**-126, 2.0**-133, 1e-38, 3.4e38, 3.4028235e38, 1e38, 2.0**127,
            6.0, 7.0, 448.0, 449.0, 12.0]
    for e in ends:
        for rest in (0.0, e, -e, e / 2, -0.0):
            row = numpy.full(elements, rest, F32)
            row[0] = e
            rows.append(row)
    for e in (numpy.inf, -numpy.inf, numpy.nan, -numpy.nan):
        for rest in (0.0, 1.0, 3.4e38):
            row = numpy.full(elements, rest, F32)
            row[3] = e
            rows.append(row)
    both = numpy.zeros(elements, F32)
    both[1], both[2] = numpy.inf, numpy.nan
    rows.append(both)
    return numpy.stack(rows)
