"""compressed-tensors: scales by calculate_qparams and elements by quantize, for MXFP4, MXFP6, MXFP8, NVFP4 and FP8 with
a float scale for each 128 elements."""

import numpy

import blocks
import inputs
from comparison import Kind

PACKAGES = ["compressed-tensors==0.20.1", "torch==2.15.0"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0", "transformers==5.24.0", "pydantic==2.14.4", "loguru==0.7.3",
           "psutil==7.2.2"]

PAGE = "coming_from.md"
# The scale's rule here: docs/coming_from.md.
RULES = {"mxfp4": "even", "mxfp6_e2m3": "even", "mxfp8_e4m3": "rceil"}
BITS = {"mxfp4": 4, "mxfp6_e2m3": 6, "mxfp8_e4m3": 8}


def compare(run):
    import torch
    torch.set_num_threads(1)
    for name in RULES:
        for source in ("float32", "bfloat16"):
            mx(run, name, source)
    for source in ("float32", "bfloat16"):
        for amax in (None, 1.0, 12.0, 0.37, 3e4):
            nvfp4(run, source, amax)
    fp8(run)


def finite_rows(library, name, source):
    x = blocks.rows(library, name, source)
    return numpy.ascontiguousarray(x[numpy.isfinite(blocks.numbers(x)).all(axis=1)])


def parameters(x, arguments, global_scale=None):
    """Scales of rows that are a block each."""
    import torch
    from compressed_tensors.quantization.utils import calculate_qparams
    values = torch.from_numpy(blocks.numbers(x))
    scales, _ = calculate_qparams(values.amin(1, keepdim=True), values.amax(1, keepdim=True), arguments,
                                  global_scale=global_scale)
    return values, scales


def mx(run, name, source):
    import torch
    from compressed_tensors.quantization import QuantizationArgs
    from compressed_tensors.quantization.lifecycle.forward import quantize
    from compressed_tensors.quantization.utils.mxfp_utils import generate_mx_scales
    library = run.library
    x = finite_rows(library, name, source)
    arguments = QuantizationArgs(num_bits=BITS[name], type="float", strategy="group", group_size=32,
                                 symmetric=True, scale_dtype=torch.uint8)
    values = torch.from_numpy(blocks.numbers(x))
    codes = generate_mx_scales(values.abs().amax(1, keepdim=True), num_bits=BITS[name])
    codes = codes.round().clamp(0, 255).to(torch.uint8).numpy()
    _, scales = parameters(x, arguments)
    element = blocks.ELEMENTS[name][0]
    theirs = element_codes(library, element, quantize(values, scales, None, arguments))
    ours = blocks.opened(library, name, library.quantize(name, x, source, rule=RULES[name]))
    run.check(f"{source} to {name}, {RULES[name]}", x, ours, blocks.joined(codes, theirs), mx_kinds(library, name),
              values_in_row=32)


def mx_kinds(library, name):
    element = blocks.ELEMENTS[name][0]

    def negative_zero(x, a, b):
        """Only codes of zeros differ."""
        zero = blocks.scaled(x, b[:, 0]) == 0
        return (a[:, 0] == b[:, 0]) & (numpy.where(zero, 0, a[:, 1:]) == b[:, 1:]).all(axis=1)

    def largest_amax(x, a, b):
        return (blocks.amax(x) >= 1.75 * 2.0**127) & (b[:, 0] == 0xFF) & (b[:, 1:] & 0x1F == 0).all(axis=1)

    def one_higher(x, a, b):
        significand = numpy.frexp(blocks.amax(x))[0]
        return (significand == 0.875) & (b[:, 0] == a[:, 0] + 1) & \
            (b[:, 1:] == blocks.encoded(library, element, blocks.scaled(x, b[:, 0]))).all(axis=1)

    kinds = [(Kind("MX: an amax from 1.75 * 2^127, or what the rule rounds to 2^128, on: scale FF and zeros there", PAGE,
                   "compressed-tensors: an amax that rounds to 2^128 gives scale FF"), largest_amax)]
    if name == "mxfp4":
        kinds.append((Kind("MXFP4: -0 becomes +0 there", PAGE, "-0 becomes +0"), negative_zero))
    if name == "mxfp8_e4m3":
        kinds.append((Kind("MXFP8: the scale one higher where amax is 1.75 * 2^k", PAGE,
                           "one higher where amax is 1.75 * 2^k"), one_higher))
    return kinds


def element_codes(library, element, quantized):
    """Values of the element format that it gives as floats."""
    flat = quantized.float().contiguous().numpy()
    return library.pack(element, flat.reshape(-1)).reshape(flat.shape)


def nvfp4(run, source, amax):
    import torch
    from compressed_tensors.quantization import QuantizationArgs
    from compressed_tensors.compressors.nvfp4.helpers import quantize_and_pack_fp4
    from compressed_tensors.quantization.utils import generate_gparam
    library = run.library
    x = finite_rows(library, "nvfp4", source)
    arguments = QuantizationArgs(num_bits=4, type="float", strategy="tensor_group", group_size=16, symmetric=True,
                                 scale_dtype=torch.float8_e4m3fn)
    scale = torch.ones(1) if amax is None else generate_gparam(torch.tensor(-amax), torch.tensor(amax))
    values, scales = parameters(x, arguments, scale)
    packed = quantize_and_pack_fp4(values, scales, scale).numpy()
    theirs = blocks.joined(scales.to(torch.float8_e4m3fn).view(torch.uint8).numpy(), blocks.unpack_codes(packed, 4, 16))
    g = numpy.float32(scale.item())
    t = float(numpy.float32(1) / g)
    ours = blocks.opened(library, "nvfp4", library.quantize("nvfp4", x, source, scale=t))

    def in_float(x, a, b):
        """What the page states, computed in float32."""
        v = blocks.numbers(x)
        wanted = (g * (blocks.amax(x) / numpy.float32(6)).astype(numpy.float32)).astype(numpy.float32)
        codes = library.pack("fp8_e4m3", wanted, over="saturate")
        codes[codes == 0] = 0x20
        s = library.unpack("fp8_e4m3", codes).view(numpy.float32)
        quotients = (v / (s / g).astype(numpy.float32)[:, None]).astype(numpy.float32)
        elements = blocks.encoded(library, "fp4_e2m1", quotients)
        elements[quotients == 0] = 0
        return (b == blocks.joined(codes, elements)).all(axis=1)

    run.check(f"{source} to nvfp4, global scale {g}", x, ours, theirs,
              [(Kind("NVFP4: the scale, the quotient and the product of the scales are each rounded to float there; 20 for a "
                     "scale of zero; -0 becomes +0", PAGE, "elements are fl(x / fl(s / G))"), in_float)], values_in_row=16)


def fp8(run):
    import torch
    from compressed_tensors.quantization import QuantizationArgs
    from compressed_tensors.quantization.lifecycle.forward import quantize
    library = run.library
    x = finite_rows(library, "fp8_block", "float32")
    arguments = QuantizationArgs(num_bits=8, type="float", strategy="group", group_size=128, symmetric=True)
    values, scales = parameters(x, arguments)
    codes = quantize(values, scales, None, arguments, dtype=torch.float8_e4m3fn).view(torch.uint8).numpy()
    theirs = blocks.joined(scales.float().contiguous().numpy(), codes)

    def in_float(x, a, b):
        scale = (blocks.amax(x) / numpy.float32(448)).astype(numpy.float32)
        scale[scale == 0] = numpy.float32(2.0**-23)
        quotients = (x / scale[:, None]).astype(numpy.float32)
        return (b == blocks.joined(scale, blocks.encoded(library, "fp8_e4m3", quotients))).all(axis=1)

    run.check("float32 to FP8 under a float for 128", x, library.quantize("fp8_block", x), theirs,
              [(Kind("FP8 under float scales: x / s is rounded to float before it becomes E4M3 there; a scale of zero is "
                     "2^-23", PAGE, "FP8 under a float: fl(x / s), then E4M3"), in_float)], values_in_row=128)
