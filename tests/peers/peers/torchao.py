"""torchao: to_mx and to_dtype by every scale rule, nvfp4_quantize and NVFP4Tensor.dequantize."""

import numpy

import blocks
import inputs
from comparison import Kind

PACKAGES = ["torchao==0.18.0", "torch==2.15.0"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0", "setuptools==80.9.0"]

MX = ("mxfp8_e4m3", "mxfp8_e5m2", "mxfp6_e3m2", "mxfp6_e2m3", "mxfp4")
RULES = {"floor": "FLOOR", "ceil": "CEIL", "rceil": "RCEIL", "even": "EVEN"}


def compare(run):
    import torch
    torch.set_num_threads(1)
    for name in MX:
        for source in ("float32", "bfloat16"):
            x = blocks.rows(run.library, name, source)
            for rule in RULES:
                quantize_mx(run, name, source, x, rule)
        dequantize_mx(run, name)
    for source in ("float32", "bfloat16"):
        x = blocks.rows(run.library, "nvfp4", source)
        for t in (None, 12 / 2688, 1 / 2688, 3e-7, 0.02):
            nvfp4(run, source, x, t)


def tensor(x):
    import torch
    return torch.from_numpy(x).view(torch.bfloat16) if x.dtype == numpy.uint16 else torch.from_numpy(x)


def patterns(t):
    import torch
    return t.view(torch.int32 if t.itemsize == 4 else torch.int16).numpy().view(f"u{t.itemsize}")


def element_type(name):
    import torch
    from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
    return {"mxfp8_e4m3": torch.float8_e4m3fn, "mxfp8_e5m2": torch.float8_e5m2, "mxfp6_e3m2": DTYPE_FP6_E3M2,
            "mxfp6_e2m3": DTYPE_FP6_E2M3, "mxfp4": torch.float4_e2m1fn_x2}[name]


def quantize_mx(run, name, source, x, rule):
    import torch
    from torchao.prototype.mx_formats.mx_tensor import ScaleCalculationMode, to_mx
    library = run.library
    scale, codes = to_mx(tensor(x), element_type(name), 32, ScaleCalculationMode[RULES[rule]])
    codes = codes.view(torch.uint8).numpy()
    codes = blocks.unpack_codes(codes, 4, 32) if name == "mxfp4" else codes
    theirs = blocks.joined(scale.view(torch.uint8).numpy(), codes)
    ours = blocks.opened(library, name, library.quantize(name, x, source, recipe="torchao", rule=rule))
    run.check(f"{source} to {name}, {rule}", x, ours, theirs, mx_kinds(library, name, source, rule), values_in_row=32)


def mx_kinds(library, name, source, rule):
    """What 0.18.0 does otherwise than main at 36027d82, which the recipe follows. The elements that a kind's scale
    gives are computed from what the page says."""
    element, largest = blocks.ELEMENTS[name]
    emax = numpy.frexp(largest)[1] - 1
    page = "blocks.md"

    def elements(x, factor):
        with numpy.errstate(all="ignore"):
            return blocks.encoded(library, element, (blocks.numbers(x) * factor).astype(numpy.float32))

    def low(x, a, b):
        factor = numpy.float32(1.0 if rule == "rceil" else 2.0**126)
        return (a[:, 0] == 0) & (b[:, 0] == 0) & (b[:, 1:] == elements(x, factor)).all(axis=1)

    def lower_scale(x, a, b):
        """Where their scale is code 00, they multiply by 1."""
        factors = numpy.where(b[:, :1] == 0, numpy.float32(1), blocks.power(127 - b[:, :1].astype(int)))
        return blocks.by_log2(x, a, b, largest) & (b[:, 1:] == elements(x, factors)).all(axis=1)

    def infinite(x, a, b):
        with_infinity = numpy.isinf(blocks.numbers(x)).any(axis=1) & ~numpy.isnan(blocks.numbers(x)).any(axis=1)
        theirs = 0xFE if rule == "rceil" else 255 - emax
        return with_infinity & (a[:, 0] == 0xFF) & (b[:, 0] == theirs)

    def near_largest(x, a, b):
        return (a[:, 0] == 0xFF) & (b[:, 0] == 255 - emax) & (blocks.amax(x) >= (2 - 2.0**-2) * 2.0**127)

    kinds = [(Kind("scale 00 in 0.18.0: elements divided by 2^-126, by rceil multiplied by 1", page,
                   "under scale 00 elements are divided by 2^-126, by `rceil` multiplied by 1"), low),
             (Kind("an infinity in 0.18.0: scale F7, FD or their kin, by rceil FE", page,
                   "a block with an infinity gets F7 (E4M3), FD (FP4), or FE by `rceil`"), infinite)]
    if rule == "rceil" and source == "float32":
        lower = Kind("rceil in 0.18.0: the scale one lower up to 42 ulp above M * 2^k", page,
                     "an amax up to 42 ulp above M * 2^k gets the scale one lower")
        kinds.append((lower, lower_scale))
    if rule == "even":
        kinds.append((Kind("even near the largest float: FF by main at 36027d82, not in 0.18.0", page,
                           "from (2 - 2^-(m+1)) * 2^127 on"), near_largest))
    kinds.append(blocks.special_blocks(0xFF))
    return kinds


def dequantize_mx(run, name):
    import torch
    from torchao.prototype.mx_formats.mx_tensor import to_dtype
    library = run.library
    rng = inputs.generator(blocks.SEEDS[name], 17)
    count = inputs.SIZE // 32
    codes = rng.integers(0, 1 << blocks.WIDTHS[blocks.ELEMENTS[name][0]], (count, 32), numpy.uint8)
    scales = numpy.resize(inputs.all_codes(8), count)
    rows = blocks.closed(name, blocks.joined(scales, codes))
    qdata = torch.from_numpy(blocks.pack_codes(codes, 4) if name == "mxfp4" else codes)
    if name.startswith("mxfp8"):
        qdata = qdata.view(element_type(name))
    for target, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        theirs = to_dtype(qdata, torch.from_numpy(scales).view(torch.float8_e8m0fnu), element_type(name), 32, dtype)
        bits = patterns(theirs)
        run.check(f"{name} to {target}", rows, library.dequantize(name, rows, target), bits.reshape(count, 32),
                  [blocks.decoded_nan(target)], values_in_row=32)


def nvfp4(run, source, x, t):
    import torch
    from torchao.prototype.mx_formats.nvfp4_tensor import NVFP4Tensor, nvfp4_quantize
    library = run.library
    scale = None if t is None else torch.tensor(t, dtype=torch.float32)
    scales, packed = nvfp4_quantize(tensor(x), 16, scale)
    codes = packed.numpy()
    theirs = blocks.joined(scales.view(torch.uint8).numpy(), blocks.unpack_codes(codes, 4, 16))
    how = {"recipe": "torchao", "scale": 1.0 if t is None else t}
    rows = library.quantize("nvfp4", x, source, **how)
    told = "no tensor scale" if t is None else f"tensor scale {numpy.float32(t)!r}"
    run.check(f"{source} to nvfp4, {told}", x, blocks.opened(library, "nvfp4", rows), theirs,
              [blocks.special_blocks(0x7F)], values_in_row=16)
    if source == "float32":
        given = blocks.closed("nvfp4", theirs)
        for target, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
            restored = NVFP4Tensor(packed, scales, 16, torch.float32, scale).dequantize(dtype)
            bits = patterns(restored)
            run.check(f"nvfp4 to {target}, {told}", given, library.dequantize("nvfp4", given, target, **how), bits,
                      [blocks.decoded_nan(target)], values_in_row=16)
