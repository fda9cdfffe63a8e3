"""The library under test, through the shared library of tests/peers/library."""

import ctypes
import os

import numpy

SCALARS = {"float32": 0, "float64": 1, "bfloat16": 2, "float16": 3, "int32": 4, "int64": 5}
SCALAR_BITS = {"float32": 32, "float64": 64, "bfloat16": 16, "float16": 16, "int32": 32, "int64": 64}
# In the order of the library's enumerations.
ROUNDINGS = ("native", "nearest_even", "nearest_away", "toward_zero", "toward_positive", "toward_negative",
             "to_odd", "stochastic", "hybrid")
OVERFLOWS = ("native", "saturate")
RULES = ("native", "floor", "ceil", "rceil", "even", "search_mse", "four_over_six")
RECIPES = ("native", "transformer_engine", "torchao", "model_optimizer", "ggml", "hif4_bf16", "microxcaling")
ISAS = ("automatic", "scalar")
OPERATIONS = ("+", "-", "*", "/")
WIDE = {"bfloat16", "float16"}  # formats whose codes take two bytes


class Options(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int32) for name in ("round", "over", "rule", "recipe", "use")] + [
        ("scale", ctypes.c_float), ("seed", ctypes.c_uint64), ("first_index", ctypes.c_uint64)]


def options(round="native", over="native", rule="native", recipe="native", use="automatic", scale=1.0, seed=0):
    return Options(ROUNDINGS.index(round), OVERFLOWS.index(over), RULES.index(rule), RECIPES.index(recipe),
                   ISAS.index(use), scale, seed, 0)


def bits_of(values):
    """The bit patterns of an array, whatever its type."""
    return values.view({1: numpy.uint8, 2: numpy.uint16, 4: numpy.uint32, 8: numpy.uint64}[values.itemsize])


def code_type(name):
    return numpy.uint16 if name in WIDE else numpy.uint8


class Library:
    def __init__(self, path):
        self.calls = ctypes.CDLL(os.path.abspath(path))
        self.calls.peers_error.restype = ctypes.c_char_p
        self.calls.peers_best_isa.restype = ctypes.c_char_p
        self.best_isa = self.calls.peers_best_isa().decode()

    def _call(self, name, *arguments):
        def converted(a):
            if isinstance(a, numpy.ndarray):
                assert a.flags.c_contiguous
                return ctypes.c_void_p(a.ctypes.data)
            if isinstance(a, str):
                return a.encode()
            if isinstance(a, Options):
                return ctypes.byref(a)
            if a is None:
                return ctypes.c_void_p(None)
            return a if not isinstance(a, int) else ctypes.c_size_t(a)

        if getattr(self.calls, name)(*map(converted, arguments)) != 0:
            raise RuntimeError(f"{name}: {self.calls.peers_error().decode()}")

    def pack(self, name, values, source="float32", **how):
        """Codes of an array of values; `source` says what its bits mean."""
        assert values.itemsize * 8 == SCALAR_BITS[source], (values.dtype, source)
        codes = numpy.empty(values.size, code_type(name))
        self._call("peers_pack", name, ctypes.c_int(SCALARS[source]), values, codes, values.size, options(**how))
        return codes

    def unpack(self, name, codes, target="float32"):
        """Bit patterns of the values of an array of codes."""
        out = numpy.empty(codes.size, f"u{SCALAR_BITS[target] // 8}")
        self._call("peers_unpack", name, codes, ctypes.c_int(SCALARS[target]), out, codes.size, options())
        return out

    def round_to(self, name, values, source="float32", random=None, **how):
        """Codes of an array of values, one call of round_to each."""
        codes = numpy.empty(values.size, code_type(name))
        self._call("peers_round", name, ctypes.c_int(SCALARS[source]), values, random, codes, values.size,
                   options(**how))
        return codes

    def arithmetic(self, name, operation, a, b):
        codes = numpy.empty(a.size, code_type(name))
        self._call("peers_arithmetic", name, ctypes.c_int(OPERATIONS.index(operation)), a, b, codes, a.size)
        return codes

    def block_shape(self, name):
        """Elements and bytes of a block."""
        elements, size = ctypes.c_size_t(), ctypes.c_size_t()
        if self.calls.peers_block_shape(name.encode(), ctypes.byref(elements), ctypes.byref(size)) != 0:
            raise RuntimeError(self.calls.peers_error().decode())
        return elements.value, size.value

    def quantize(self, name, values, source="float32", **how):
        """One row of bytes a block."""
        elements, size = self.block_shape(name)
        assert values.size % elements == 0
        blocks = numpy.empty((values.size // elements, size), numpy.uint8)
        self._call("peers_quantize", name, ctypes.c_int(SCALARS[source]), values, values.size, blocks,
                   options(**how))
        return blocks

    def dequantize(self, name, blocks, target="float32", **how):
        """Bit patterns of the values, one row a block."""
        elements, size = self.block_shape(name)
        out = numpy.empty((blocks.size // size, elements), f"u{SCALAR_BITS[target] // 8}")
        self._call("peers_dequantize", name, blocks, ctypes.c_int(SCALARS[target]), out, out.size, options(**how))
        return out

    def to_ggml(self, name, blocks, bytes_of_one, blocks_in_one):
        out = numpy.empty((blocks.shape[0] // blocks_in_one, bytes_of_one), numpy.uint8)
        self._call("peers_to_ggml", name, blocks, blocks.shape[0], out)
        return out
