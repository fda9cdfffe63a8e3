"""gguf: ggml's quantization in numpy, MXFP4 and Q8_0 both ways, NVFP4 to float and its scales."""

import numpy

import blocks
import inputs
from comparison import Kind

PACKAGES = ["gguf==0.19.0"]
SUPPORT = ["numpy==2.4.6", "pyyaml==6.0.4", "requests==2.34.2", "tqdm==4.70.1"]
ROW = 4096  # elements of a row: gguf works on some rows at a time


def compare(run):
    mxfp4(run)
    q8_0(run)
    nvfp4(run)


def in_rows(x):
    """The blocks as rows of a matrix, and the rest of them left out."""
    per_row = ROW // x.shape[1]
    return x[:x.shape[0] // per_row * per_row]


def quantized(x, kind, size):
    import gguf
    with numpy.errstate(all="ignore"):
        return gguf.quants.quantize(x.reshape(-1, ROW), kind).reshape(-1, size)


def dequantized(rows, kind, per_row):
    import gguf
    with numpy.errstate(all="ignore"):
        restored = gguf.quants.dequantize(numpy.ascontiguousarray(rows).reshape(-1, per_row * rows.shape[1]), kind)
    return restored.astype(numpy.float32)


def mxfp4(run):
    import gguf
    kind = gguf.GGMLQuantizationType.MXFP4
    x = in_rows(blocks.rows(run.library, "mxfp4"))
    own = run.library.quantize("mxfp4", x, recipe="ggml")
    theirs = quantized(x, kind, 17)
    run.check("float32 to mxfp4, bytes of block_mxfp4", x, run.library.to_ggml("mxfp4", own, 17, 1), theirs,
              [(Kind("an amax below 2^-125: scale 00 here, a wrapped number there", "recipes.md",
                     "convert a negative number to an unsigned one (amax_b below 2^-125), the recipe writes code 00"),
                lambda x, a, b: (blocks.amax(x) < 2.0**-125) & (a[:, 0] == 0) & (b[:, 0] != 0)),
               blocks.special_blocks(0xFF)], values_in_row=32)


def q8_0(run):
    import gguf
    kind = gguf.GGMLQuantizationType.Q8_0
    x = in_rows(blocks.rows(run.library, "q8_0"))
    theirs = quantized(x, kind, 34)
    run.check("float32 to q8_0", x, run.library.quantize("q8_0", x, recipe="ggml"), theirs, [], values_in_row=32)
    rng = inputs.generator(5, 8)
    rows = rng.integers(0, 256, (inputs.SIZE // 4096 * 128, 34), numpy.uint8)
    restored = dequantized(rows, kind, 128).reshape(-1, 32)
    run.check("q8_0 to float32", rows, run.library.dequantize("q8_0", rows, recipe="ggml"), restored.view(numpy.uint32),
              [blocks.decoded_nan("float32")], values_in_row=32)


def nvfp4(run):
    import gguf
    kind = gguf.GGMLQuantizationType.NVFP4
    library = run.library
    rng = inputs.generator(6, 8)
    count = inputs.SIZE // 4096 * 256
    codes = rng.integers(0, 16, (count, 16), numpy.uint8)
    rows = blocks.closed("nvfp4", blocks.joined(numpy.resize(inputs.all_codes(8), count), codes))
    packed = library.to_ggml("nvfp4", rows, 36, 4)
    restored = dequantized(packed, kind, 64).reshape(-1, 16)
    run.check("nvfp4 to float32, bytes of block_nvfp4", rows, library.dequantize("nvfp4", rows, recipe="ggml"),
              restored.view(numpy.uint32), [], values_in_row=16)
    # It has no quantizer of NVFP4, but the rounding of its scales.
    x = blocks.rows(library, "nvfp4")
    x = x[numpy.isfinite(x).all(axis=1)]
    scales = gguf.quants.NVFP4.fp32_to_ue4m3(numpy.abs(x).max(axis=1) / numpy.float32(6))
    ours = library.quantize("nvfp4", x, recipe="ggml")[:, :1]
    run.check("float32 to the scales of nvfp4", x, ours, scales.astype(numpy.uint8)[:, None], [], values_in_row=16)
