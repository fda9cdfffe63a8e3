#!/usr/bin/env python3
"""Writes the vectors of this folder: texts of numbers and their codes, by Python's exact fractions.

usage: python3 generate.py          (the seed is below; the output is the same every time)

A format is the list of its values, written down here from its definition. A text is read by fractions.Fraction
(decimal) or by an integer and a power of two (hexadecimal); the code is that of the nearest value, ties and
overflow as the format has them. Nothing here is floating point.
"""
import random
from bisect import bisect_right
from fractions import Fraction as Q
from pathlib import Path

SEED = 20261130
here = Path(__file__).parent


def binary(e, m, bias, specials, signed=True, has_zero=True):
    """Values of the non-negative codes (None: NaN, 'inf'), and the code of -0 or None."""
    values = []
    for code in range(1 << (e + m)):
        field, fraction = code >> m, code & ((1 << m) - 1)
        if specials == "ieee" and field == (1 << e) - 1:
            values.append("inf" if fraction == 0 else None)
        elif specials == "fn" and code == (1 << (e + m)) - 1:
            values.append(None)
        elif field == 0 and has_zero:
            values.append(Q(fraction, 1 << m) * Q(2) ** (1 - bias))
        else:
            values.append((1 + Q(fraction, 1 << m)) * Q(2) ** (field - bias))
    return values


def hif8():
    values = [Q(0)] + [Q(2) ** (m - 23) for m in range(1, 8)]
    for code in range(8, 128):
        if code >= 32:
            d, f = (code >> 5) + 1, 5 - ((code >> 5) + 1)
            field = (code & 31) >> f
        else:
            d, f = (1, 3) if code >= 16 else (0, 3)
            field = (code & 15) >> 3 if d else 0
        if d == 0:
            exponent = 0
        else:
            magnitude = (1 << (d - 1)) | (field & ((1 << (d - 1)) - 1))
            exponent = -magnitude if field >> (d - 1) else magnitude
        values.append((1 + Q(code & ((1 << f) - 1), 1 << f)) * Q(2) ** exponent)
    values[0x6F] = "inf"
    return values


# name: values, width, signed, tie, where overflow goes, code of NaN by sign, whether -0 has a code
formats = {
    "fp8_e4m3": (binary(4, 3, 7, "fn"), 8, True, "even", "nan", (0x7F, 0xFF), True),
    "fp8_e5m2": (binary(5, 2, 15, "ieee"), 8, True, "even", "inf", (0x7E, 0xFE), True),
    "fp8_e3m4": (binary(3, 4, 3, "ieee"), 8, True, "even", "inf", (0x78, 0xF8), True),
    "fp8_e4m3_ieee": (binary(4, 3, 7, "ieee"), 8, True, "even", "inf", (0x7C, 0xFC), True),
    "fp8_e4m3fnuz": (binary(4, 3, 8, "none"), 8, True, "even", "nan", (0x80, 0x80), False),
    "fp8_e5m2fnuz": (binary(5, 2, 16, "none"), 8, True, "even", "nan", (0x80, 0x80), False),
    "fp8_e4m3b11fnuz": (binary(4, 3, 11, "none"), 8, True, "even", "nan", (0x80, 0x80), False),
    "fp6_e3m2": (binary(3, 2, 3, "none"), 6, True, "even", "largest", None, True),
    "fp6_e2m3": (binary(2, 3, 1, "none"), 6, True, "even", "largest", None, True),
    "fp4_e2m1": (binary(2, 1, 1, "none"), 4, True, "even", "largest", None, True),
    "fp4_e1m2": (binary(1, 2, 1, "none"), 4, True, "away", "largest", None, True),
    "hif8": (hif8(), 8, True, "away", "inf", (0x80, 0x80), False),
    "e8m0": (binary(8, 0, 127, "fn", False, False), 8, False, "away", "nan", (0xFF, 0xFF), False),
    "ue4m3": (binary(4, 3, 7, "fn", False), 7, False, "even", "nan", (0x7F, 0x7F), False),
    "ue5m3": (binary(5, 3, 15, "fn", False), 8, False, "even", "nan", (0xFF, 0xFF), False),
    "e6m2": (binary(6, 2, 48, "fn", False, False), 8, False, "even", "largest", (0xFF, 0xFF), False),
    "float16": (binary(5, 10, 15, "ieee"), 16, True, "even", "inf", (0x7E00, 0xFE00), True),
    "bfloat16": (binary(8, 7, 127, "ieee"), 16, True, "even", "inf", (0x7FC0, 0xFFC0), True),
}


class Format:
    def __init__(self, name):
        self.values, self.width, self.signed, self.tie, self.over, self.nan, self.minus_zero = formats[name]
        self.grid = sorted((v, c) for c, v in enumerate(self.values) if isinstance(v, Q))
        self.numbers = [v for v, _ in self.grid]
        top, below = self.grid[-1][0], self.grid[-2][0]
        spacing = top - below
        if name == "hif8":  # its top binade holds 2^15 and, where infinity stands, 1.5 * 2^15
            spacing = Q(2) ** 14
        if name == "e8m0":
            spacing = top
        self.beyond = top + spacing
        self.middles = [(a + b) / 2 for (a, _), (b, _) in zip(self.grid, self.grid[1:])] + [(top + self.beyond) / 2]
        self.sign_bit = 1 << (self.width - 1)

    def signed_code(self, code, negative):
        if not negative or not self.signed or (code == 0 and not self.minus_zero):
            return code
        return code | self.sign_bit

    def overflow(self, negative):
        if self.over == "nan":
            return self.nan[negative]
        code = self.values.index("inf") if self.over == "inf" else self.grid[-1][1]
        return self.signed_code(code, negative)

    def code(self, negative, x):
        """x: a magnitude, 'inf' or 'nan'."""
        if x == "nan":
            return self.nan[negative] if self.nan else self.grid[-1][1]
        if negative and not self.signed and x != 0:
            return self.nan[0]
        if x == "inf":
            return self.overflow(negative)
        above = bisect_right(self.numbers, x)
        if above == 0:  # a format without zero
            return self.grid[0][1]
        low, code = self.grid[above - 1]
        last = above == len(self.grid)
        high = self.beyond if last else self.grid[above][0]
        middle = (low + high) / 2
        up = x > middle or (x == middle and (self.tie == "away" or code % 2 != 0))
        if up and last:
            return self.overflow(negative)
        return self.signed_code(self.grid[above][1] if up else code, negative)


def decimal(x):
    """The exact decimal text of a dyadic fraction, without exponent."""
    places = x.denominator.bit_length() - 1
    digits = str(x.numerator * 5**places).rjust(places + 1, "0")
    return digits[: len(digits) - places] + ("." + digits[len(digits) - places :] if places else "")


def hexadecimal(x, shift):
    """An exact hexadecimal text of a dyadic fraction."""
    exponent = -(x.denominator.bit_length() - 1) - shift
    units = x.numerator << shift
    digits = "%x" % units
    if shift % 3 == 0:
        return "0x%sp%d" % (digits, exponent)
    return "0X%s.%sP%+d" % (digits[:1], digits[1:].upper(), exponent + 4 * (len(digits) - 1))


def value_of(text):
    """The magnitude that a text without sign stands for."""
    lower = text.lower()
    if lower.startswith("nan"):
        return "nan"
    if lower.startswith("inf"):
        return "inf"
    if lower.startswith("0x"):
        digits, _, exponent = lower[2:].partition("p")
        whole, _, fraction = digits.partition(".")
        power = max(-5000, min(5000, int(exponent or 0) - 4 * len(fraction)))  # beyond every format as well
        return Q(int(whole + fraction, 16)) * Q(2) ** power
    digits, _, exponent = lower.partition("e")
    whole, _, fraction = digits.partition(".")
    power = int(exponent or 0) - len(fraction)
    number = int(whole + fraction)
    if number == 0 or power + len(str(number)) < -500:
        return Q(0) if number == 0 else Q(1, 10**500)
    if power > 500:
        return Q(10) ** 500
    return Q(number) * Q(10) ** power


def texts_near(middle, rng):
    exact = decimal(middle)
    yield exact
    pointed = exact if "." in exact else exact + "."
    yield pointed + "0" * rng.randrange(1, 200) + "1"
    # Just below: one unit less in the last place, then nines.
    digits = pointed.replace(".", "")
    fraction = len(pointed) - pointed.index(".") - 1
    less = str(int(digits) - 1).rjust(len(digits), "0")
    yield less[: len(less) - fraction] + "." + less[len(less) - fraction :] + "9" * rng.randrange(1, 60)
    yield hexadecimal(middle, rng.randrange(6))


def main():
    for name in formats:
        rng = random.Random(f"{SEED} {name}")
        f = Format(name)
        middles = f.middles if len(f.middles) <= 256 else rng.sample(f.middles, 150) + f.middles[:10] + f.middles[-10:]
        texts = []
        for middle in middles:
            texts += texts_near(middle, rng)
        for value, _ in rng.sample(f.grid, min(len(f.grid), 40)):
            texts.append(decimal(value))
            texts.append(hexadecimal(value, rng.randrange(6)))
        top = f.grid[-1][0]
        for _ in range(200):  # any digits, at any power of ten in and around the range
            low, high = len(str(int(1 / f.grid[1][0]))), len(str(int(top)))
            digits = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 3, 7, 20, 60])))
            texts.append("%s.%se%+d" % (digits[0], digits[1:], rng.randrange(-low - 2, high + 2)))
        texts += ["0", "0.0", "00", "0e5", "0x0", "0x.0p9", "1e-400000000", "1e400000000", "1e-99999999999999999999",
                  "1e99999999999999999999", "0e99999999999999999999", "0x1p-99999999999999999999", "0x1p99999999999999999999",
                  "0." + "0" * 600 + "1e601", "1" + "0" * 600 + "e-600", "inf", "INFINITY", "nan", "NaN(1a_)"]
        texts = list(dict.fromkeys(texts))
        with open(here / f"{name}.csv", "w", encoding="ascii", newline="\n") as out:
            out.write("text,code\n")
            for text in texts:
                x = value_of(text)
                for negative in (False, True):
                    if negative and rng.random() < 0.6:
                        continue
                    out.write("%s%s,%x\n" % ("-" if negative else "", text, f.code(int(negative), x)))


main()
