"""nvidia-modelopt: the quantized tensors NVFP4, MXFP8, MXFP4 and FP8 in blocks of 128, both ways."""

import numpy

import blocks
import inputs
from comparison import Kind

PACKAGES = ["nvidia-modelopt==0.47.0", "torch==2.15.0"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0", "setuptools==80.9.0", "tqdm==4.70.1", "pyyaml==6.0.4",
           "omegaconf==2.4.0", "pulp==3.3.2", "pydantic==2.14.4", "regex==2026.11.19", "rich==15.0.0",
           "safetensors==0.8.0", "scipy==1.17.1", "packaging==26.4", "nvidia-ml-py==13.615.71"]

PAGE = "coming_from.md"
LOWER = Kind("a scale by a float logarithm: one lower up to 42 ulp above M * 2^k", PAGE,
             "Model-Optimizer's MX scales go by a float logarithm")


def compare(run):
    import torch
    torch.set_num_threads(1)
    for source in ("float32", "bfloat16", "float16"):
        for t in (1 / 2688, 12 / 2688, 1.0, 0.003):
            nvfp4(run, source, t)
    for source in ("float32", "bfloat16"):
        mxfp8(run, source)
        mxfp4(run, source)
    fp8(run)


def tensor(x, source):
    import torch
    return torch.from_numpy(x.copy()) if source == "float32" else torch.from_numpy(x.copy()).view(getattr(torch, source))


def numbers(x, source):
    return x.view(numpy.float16).astype(numpy.float32) if source == "float16" else blocks.numbers(x)


def finite_rows(library, name, source):
    x = blocks.rows(library, name, source)
    return numpy.ascontiguousarray(x[numpy.isfinite(numbers(x, source)).all(axis=1)])


def nvfp4(run, source, t):
    import torch
    from modelopt.torch.quantization.qtensor import NVFP4QTensor
    library = run.library
    x = finite_rows(library, "nvfp4", source)
    scale2 = torch.tensor(t, dtype=torch.float32)
    quantized, scales, _ = NVFP4QTensor.quantize(tensor(x, source), 16, None, scale2)
    packed = quantized._quantized_data.numpy()
    codes = blocks.unpack_codes(packed, 4, 16)
    theirs = blocks.joined(scales.view(torch.uint8).numpy(), codes)
    how = {"recipe": "model_optimizer", "scale": t}
    rows = library.quantize("nvfp4", x, source, **how)
    told = f"tensor scale {numpy.float32(t)}"
    run.check(f"{source} to nvfp4, {told}", x, blocks.opened(library, "nvfp4", rows), theirs, [], values_in_row=16)
    if source == "float32":
        given = blocks.closed("nvfp4", theirs)
        restored = quantized.dequantize(torch.float32, scale=scales, double_scale=scale2, block_sizes={-1: 16})
        run.check(f"nvfp4 to float32, {told}", given, library.dequantize("nvfp4", given, **how),
                  restored.numpy().view(numpy.uint32),
                  [(Kind("NVFP4 to float: s * t is rounded to float first there, and -0 is read as 0", "recipes.md",
                         "Model-Optimizer 0.47.0 reads fl(fl(t s) * element)"),
                    lambda x, a, b: (b == decoded_in_float(library, x, t)).all(axis=1))], values_in_row=16)


def decoded_in_float(library, rows, t):
    opened = blocks.opened(library, "nvfp4", rows)
    s = library.unpack("fp8_e4m3", numpy.ascontiguousarray(opened[:, 0])).view(numpy.float32)
    codes = numpy.where(opened[:, 1:] == 8, 0, opened[:, 1:]).astype(numpy.uint8)
    values = library.unpack("fp4_e2m1", codes.reshape(-1)).view(numpy.float32).reshape(codes.shape)
    return (values * (s * numpy.float32(t)).astype(numpy.float32)[:, None]).astype(numpy.float32).view(numpy.uint32)


def mxfp8(run, source):
    import torch
    from modelopt.torch.quantization.qtensor import MXFP8QTensor
    library = run.library
    x = finite_rows(library, "mxfp8_e4m3", source)
    quantized, scales = MXFP8QTensor.quantize(tensor(x, source))
    theirs = blocks.joined(scales.numpy(), quantized._quantized_data.view(torch.uint8).numpy())
    ours = library.quantize("mxfp8_e4m3", x, source, rule="rceil")


    def lower_scale(x, a, b):
        elements = blocks.encoded(library, "fp8_e4m3", blocks.scaled(x, b[:, 0]))
        return blocks.by_log2(x, a, b, 448) & (b[:, 1:] == elements).all(axis=1)

    run.check(f"{source} to mxfp8_e4m3, rceil", x, ours, theirs,
              [(LOWER, lower_scale)] if source == "float32" else [], values_in_row=32)
    if source == "float32":
        restored = quantized.dequantize(torch.float32, scale=scales)
        run.check("mxfp8_e4m3 to float32", theirs, library.dequantize("mxfp8_e4m3", theirs),
                  restored.numpy().view(numpy.uint32), [], values_in_row=32)


def mxfp4(run, source):
    import torch
    from modelopt.torch.quantization.qtensor import MXFP4QTensor
    library = run.library
    x = finite_rows(library, "mxfp4", source)
    quantized, scales = MXFP4QTensor.quantize(tensor(x, source), 32)
    codes = blocks.unpack_codes(quantized._quantized_data.numpy(), 4, 32)
    theirs = blocks.joined(scales.numpy(), codes)
    ours = blocks.opened(library, "mxfp4", library.quantize("mxfp4", x, source, rule="rceil"))

    def elements(x, b):
        """By thresholds: a tie goes toward zero; what is not positive has a sign."""
        v = blocks.scaled(x, b[:, 0])
        codes = numpy.searchsorted([0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5], numpy.abs(v).ravel()).reshape(v.shape)
        return numpy.where(v > 0, codes, codes | 8)

    def own_elements(x, a, b):
        return (a[:, 0] == b[:, 0]) & (b[:, 1:] == elements(x, b)).all(axis=1)

    def lower_scale(x, a, b):
        return blocks.by_log2(x, a, b, 6) & (b[:, 1:] == elements(x, b)).all(axis=1)

    kinds = [(Kind("MXFP4: ties go toward zero and zero is -0 there", PAGE,
                   "MXFP4 of Model-Optimizer: ties toward zero, and every zero is -0"), own_elements)]
    run.check(f"{source} to mxfp4, rceil", x, ours, theirs,
              [*kinds, (LOWER, lower_scale)] if source == "float32" else kinds, values_in_row=32)
    if source == "float32":
        given = blocks.closed("mxfp4", theirs)
        restored = quantized.dequantize(torch.float32, scale=scales, block_sizes={-1: 32})
        run.check("mxfp4 to float32", given, library.dequantize("mxfp4", given),
                  restored.numpy().view(numpy.uint32), [], values_in_row=32)


def fp8(run):
    import torch
    from modelopt.torch.quantization.qtensor import FP8QTensor
    library = run.library
    x = finite_rows(library, "fp8_block", "float32")
    quantized, scales = FP8QTensor.quantize(tensor(x, "float32"), block_sizes={-1: 128})
    theirs = blocks.joined(scales.contiguous().numpy(), quantized._quantized_data.view(torch.uint8).numpy())

    def in_float(x, a, b):
        scale = (blocks.amax(x) / numpy.float32(448)).astype(numpy.float32)
        quotients = (x / scale[:, None]).astype(numpy.float32)
        elements = blocks.encoded(library, "fp8_e4m3", quotients)
        return (b == blocks.joined(scale, elements)).all(axis=1)

    run.check("float32 to FP8 under a float for 128", x, library.quantize("fp8_block", x), theirs,
              [(Kind("FP8 under float scales: x / s is rounded to float before it becomes E4M3 there; under a scale of zero "
                     "all are NaN", PAGE, "FP8 under a float: fl(x / s), then E4M3"), in_float)], values_in_row=128)
    restored = quantized.dequantize(torch.float32, scale=scales, block_sizes={-1: 128})
    run.check("FP8 under a float for 128 to float32", theirs, library.dequantize("fp8_block", theirs),
              restored.numpy().view(numpy.uint32), [blocks.decoded_nan("float32")], values_in_row=128)
