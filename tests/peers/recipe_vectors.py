#!/usr/bin/env python3
"""Writes tests/golden/recipes: blocks as other stacks quantize and read them.

Nothing here states what a stack ought to give: every expected value comes out of the stack itself, at the release or
commit below. Run it in an environment that has the packages of PACKAGES; torchao's main branch and microxcaling are
read from local clones (any clone that holds the commit, bare ones too) and need no installation.

    python3 -m venv build/peers/venv
    build/peers/venv/bin/pip install torch==2.15.0 torchao==0.18.0 nvidia-modelopt==0.47.0 gguf==0.19.0
    build/peers/venv/bin/python tests/peers/recipe_vectors.py --ao CLONE --microxcaling CLONE

Without --check the files are written; with it they are compared with what the stacks give, and a difference fails.
"""

import argparse
import csv
import importlib.metadata
import io
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

SEED = 20261130
PACKAGES = {"torch": "2.15.0", "torchao": "0.18.0", "nvidia-modelopt": "0.47.0", "gguf": "0.19.0"}
COMMITS = {
    "ao": "36027d82d1ad9949597ea16002ff4940374b1b94",
    "microxcaling": "7bc41952de394f5cc5e782baf132e7c7542eb4e4",
}
PATHS = {"ao": "torchao", "microxcaling": "mx"}

# Elements of the MX formats: the library's name, the largest value, its binade, and its fraction bits.
ELEMENTS = {
    "mxfp8_e4m3": (448.0, 8, 3),
    "mxfp8_e5m2": (57344.0, 15, 2),
    "mxfp6_e3m2": (28.0, 4, 2),
    "mxfp6_e2m3": (7.5, 2, 3),
    "mxfp4": (6.0, 2, 1),
    "mxint8": (127.0 / 64, 0, 6),
}


def bfloat16(x):
    """Floats cut to bfloat16."""
    return (np.asarray(x, np.float32).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def pattern(bits):
    return np.array(bits, np.uint32).view(np.float32)[()]


def neighbours(x, steps):
    """The float `steps` after x, a positive float."""
    return pattern(int(np.float32(x).view(np.uint32)) + steps)


def hex_of(values, digits):
    kind = {8: np.uint32, 4: np.uint16, 2: np.uint8}[digits]
    return "".join(f"{v:0{digits}x}" for v in np.ascontiguousarray(values).view(kind).ravel())


def nibbles(codes):
    return "".join(f"{v:x}" for v in np.asarray(codes).ravel())


class Blocks:
    """Inputs by kind: floats that most likely decide nothing narrowly, and floats that do."""

    def __init__(self, size, seed):
        self.size = size
        self.random = np.random.default_rng(seed)

    def gauss(self, sigma=1.0):
        return (self.random.standard_normal(self.size) * sigma).astype(np.float32)

    def grid(self, step=0.125, most=64):
        return (self.random.integers(-most, most + 1, self.size) * step).astype(np.float32)

    def binades(self, low, high):
        signs = self.random.choice([-1.0, 1.0], self.size)
        return np.ldexp(signs * self.random.uniform(1, 2, self.size),
                        self.random.integers(low, high, self.size)).astype(np.float32)

    def zeros(self):
        x = np.zeros(self.size, np.float32)
        x[1::2] = -0.0
        return x

    def with_zeros(self, x):
        x = x.copy()
        x[2::4] = 0.0
        x[3::4] = -0.0
        return x

    def around(self, amax, rest):
        """`rest` under a largest magnitude of exactly amax."""
        x = np.clip(rest, -amax, amax).astype(np.float32)
        x[self.random.integers(self.size)] = amax
        return x


# torchao's NVFP4, from the release.

def nvfp4_inputs():
    blocks = Blocks(16, SEED)
    rows = []

    def add(kind, x, t=None):
        rows.append((kind, np.asarray(x, np.float32), None if t is None else np.float32(t)))

    def padded(*x):
        return np.array(list(x) + [0.0] * (16 - len(x)), np.float32)

    add("case", padded(6, 3.5, 1.75, -1.75), np.float32(12) / np.float32(2688))
    add("case", padded(5.625, 4.6875))
    # x under a scale of 288 (code 79) and of 224 (code 76), by tensor scales given as patterns.
    for t_bits, scale, x_bits in ((0x39461862, 288.0, 0x3DC30000), (0x3A492492, 224.0, 0x3F1A0000)):
        t = pattern(t_bits)
        add("case", padded(np.float32(6 * scale) * t, pattern(x_bits), -pattern(x_bits)), t)
    for i in range(60):
        x = blocks.gauss(10.0 ** blocks.random.integers(-4, 3))
        x = bfloat16(x) if i % 2 else x
        add("gauss", x, np.abs(x).max() * np.float32(blocks.random.uniform(1, 8)) / np.float32(2688))
        add("gauss", x)
    for i in range(60):
        x = blocks.grid()
        if not x.any():
            continue
        t = np.float32(blocks.random.integers(1, 200)) / np.float32(8) / np.float32(2688)
        add("grid", x, max(t, np.abs(x).max() / np.float32(2688)))
        add("grid", x)
    for i in range(40):
        x = bfloat16(blocks.gauss())
        add("bfloat16", x, np.float32(np.abs(x).max()) / np.float32(2688) * np.float32(2.0 ** (i % 5)))
    for i in range(12):
        add("zeros", blocks.with_zeros(blocks.gauss()), 2.0 ** -i)
        add("binades", blocks.binades(-12, 4), 1.0 / 300)
        add("small", blocks.gauss(2.0 ** (-6 - i)))
        add("small", blocks.gauss(2.0 ** (-100 - i)), 2.0 ** (-112 - i))
        add("large", blocks.gauss(2.0 ** (8 + i)))
        add("large", blocks.gauss(2.0 ** (100 + i)), 2.0 ** (90 + i))
    add("zeros", blocks.zeros())
    add("zeros", blocks.zeros(), 0.5)
    return rows


def torchao_nvfp4():
    import torch
    from torchao.prototype.mx_formats.kernels import unpack_uint4
    from torchao.prototype.mx_formats.nvfp4_tensor import NVFP4Tensor

    header = "kind,tensor_scale_f32,e4m3_scale_code,e2m1_codes,x_f32,y_f32,y_bf16".split(",")
    rows = []
    for kind, x, t in nvfp4_inputs():
        scale = None if t is None else torch.tensor(float(t), dtype=torch.float32)
        q = NVFP4Tensor.to_nvfp4(torch.from_numpy(x[None].copy()), per_tensor_scale=scale)
        y = q.dequantize(torch.float32).numpy()
        y16 = q.dequantize(torch.bfloat16).view(torch.uint16).numpy()
        rows.append([kind, "none" if t is None else hex_of(t, 8), hex_of(q.scale.view(torch.uint8).numpy(), 2),
                     nibbles(unpack_uint4(q.qdata).numpy()), hex_of(x, 8), hex_of(y, 8), hex_of(y16, 4)])
    return header, rows


def model_optimizer_nvfp4():
    import torch
    from modelopt.torch.quantization.qtensor.nvfp4_tensor import NVFP4QTensor

    header = "kind,tensor_scale_f32,e4m3_scale_code,e2m1_codes,x_f32".split(",")
    rows = []
    for kind, x, t in nvfp4_inputs():
        t = np.float32(1) if t is None else t
        data, scale, _ = NVFP4QTensor.quantize(torch.from_numpy(x[None].copy()), 16, None,
                                               torch.tensor(float(t), dtype=torch.float32))
        packed = data._quantized_data.numpy().ravel()
        codes = np.stack([packed & 15, packed >> 4], axis=-1)
        rows.append([kind, hex_of(t, 8), hex_of(scale.view(torch.uint8).numpy(), 2), nibbles(codes), hex_of(x, 8)])
    return header, rows


# MX: torchao's main branch and microxcaling.

def mx_inputs(element, seed):
    largest, emax, fraction_bits = ELEMENTS[element]
    blocks = Blocks(32, seed)
    rows = []
    for i in range(6):
        x = blocks.gauss(10.0 ** blocks.random.integers(-6, 7))
        rows.append(("gauss", bfloat16(x) if i % 2 else x))
    for _ in range(4):
        rows.append(("grid", blocks.with_zeros(blocks.grid(2.0 ** (emax - 6)))))
    for low in (-140, -30, 90):
        rows.append(("binades", blocks.binades(low, low + 10)))
    # Where a rule goes up: multiples of the largest element, the half ulp that even rounds, powers of two.
    for top in (largest, 2.0 ** (emax + 1) - 2.0 ** (emax - fraction_bits - 1), 2.0 ** emax):
        for exponent in (-60, 0, 40):
            edge = np.float32(np.ldexp(top, exponent))
            for steps in (-1, 0, 1):
                rows.append(("edge", blocks.around(neighbours(edge, steps), blocks.gauss(float(edge) / 3))))
    greatest = np.float32(3.4028235e38)
    even_overflows = np.float32((2 - 2.0 ** -(fraction_bits + 1)) * 2.0 ** 127)
    for amax in (greatest, even_overflows, neighbours(even_overflows, -1)):
        x = np.zeros(32, np.float32)
        x[:2] = amax, 1e38
        rows.append(("greatest", x))
    rows.append(("zeros", blocks.zeros()))
    rows.append(("subnormal", blocks.binades(-149, -127)))
    return rows


def torchao_mx():
    import torch
    from torchao.prototype.mx_formats import mx_tensor
    from torchao.prototype.mx_formats.constants import DTYPE_FP6_E2M3, DTYPE_FP6_E3M2
    from torchao.prototype.mx_formats.kernels import unpack_uint4

    modes = mx_tensor.ScaleCalculationMode
    header = "format,rule,kind,e8m0_scale_code,element_codes,x_f32".split(",")
    dtypes = {"mxfp8_e4m3": torch.float8_e4m3fn, "mxfp8_e5m2": torch.float8_e5m2, "mxfp6_e3m2": DTYPE_FP6_E3M2,
              "mxfp6_e2m3": DTYPE_FP6_E2M3, "mxfp4": torch.float4_e2m1fn_x2}
    rows = []
    for element, dtype in dtypes.items():
        for kind, x in mx_inputs(element, SEED + 1):
            for rule in ("floor", "ceil", "rceil", "even"):
                scale, data = mx_tensor.to_mx(torch.from_numpy(x[None].copy()), dtype, 32, modes(rule))
                codes = data.view(torch.uint8)
                codes = unpack_uint4(codes) if element == "mxfp4" else codes
                rows.append([element, rule, kind, hex_of(scale.view(torch.uint8).numpy(), 2),
                             hex_of(codes.numpy(), 2), hex_of(x, 8)])
    return header, rows


def microxcaling():
    import torch
    from mx.mx_ops import _quantize_mx

    formats = {"mxfp8_e4m3": "fp8_e4m3", "mxfp8_e5m2": "fp8_e5m2", "mxfp6_e3m2": "fp6_e3m2",
               "mxfp6_e2m3": "fp6_e2m3", "mxfp4": "fp4_e2m1", "mxint8": "int8"}
    header = "format,round,kind,x_f32,y_f32".split(",")
    rows = []
    for element, name in formats.items():
        for kind, x in mx_inputs(element, SEED + 2):
            for mode in ("nearest", "even", "floor"):
                y = _quantize_mx(torch.from_numpy(x[None].copy()), 8, elem_format=name, block_size=32, axes=[-1],
                                 round=mode, shared_exp_method="max", flush_fp32_subnorms=False)
                rows.append([element, mode, kind, hex_of(x, 8), hex_of(y.numpy(), 8)])
    return header, rows


# ggml, by the package that its project publishes.

def q8_0_inputs():
    blocks = Blocks(32, SEED + 3)
    rows = []

    def padded(*x):
        return np.array(list(x) + [0.0] * (32 - len(x)), np.float32)

    rows.append(("case", padded(2.84945488, 2.23217607)))
    for i in range(40):
        x = blocks.gauss(10.0 ** blocks.random.integers(-5, 5))
        rows.append(("gauss", bfloat16(x) if i % 2 else x))
    for i in range(24):
        # Multiples of halves of the scale: ties, for scales that a float16 has and for others.
        d = np.float32(blocks.random.integers(1, 2048)) * np.float32(2.0 ** -12)
        halves = blocks.random.integers(-254, 255, 32).astype(np.float32) * np.float32(0.5)
        rows.append(("ties", blocks.around(np.float32(127) * d, halves * d)))
    for exponent in (-149, -140, -130, -126, -120, -30, -24, -18, 15, 22, 24, 60, 120):
        rows.append(("binades", blocks.binades(exponent, exponent + 8 if exponent < 119 else 127)))
    for amax in (8323072.0, 8319008.0, 8321040.0, 8321039.5, 8321040.5, 3e38):  # 127 times float16's largest, ...
        rows.append(("large", blocks.around(np.float32(amax), blocks.gauss(amax / 4))))
    rows.append(("zeros", blocks.zeros()))
    rows.append(("zeros", blocks.with_zeros(blocks.gauss())))
    rows.append(("nan", padded(np.nan, 1.0, -2.0)))
    rows.append(("infinity", padded(np.inf, 1.0, -2.0)))
    rows.append(("infinity", padded(1.0, -np.inf, 3.0)))
    return rows


def ggml_q8_0():
    from gguf.quants import Q8_0

    header = "kind,f16_scale_code,element_codes,x_f32,y_f32".split(",")
    rows = []
    with np.errstate(all="ignore"):
        for kind, x in q8_0_inputs():
            block = Q8_0.quantize(x[None])
            y = Q8_0.dequantize(block)
            block = block.ravel()
            rows.append([kind, hex_of(block[:2].view(np.uint16), 4), hex_of(block[2:], 2), hex_of(x, 8),
                         hex_of(y.astype(np.float32), 8)])
    return header, rows


def ggml_mxfp4():
    from gguf.quants import MXFP4

    header = "kind,block,x_f32,y_f32".split(",")
    rows = []
    with np.errstate(all="ignore"):
        for kind, x in mx_inputs("mxfp4", SEED + 4):
            if 0 < np.abs(x).max() < 2.0 ** -125:
                continue  # the package wraps a negative exponent, which C leaves undefined
            block = MXFP4.quantize(x[None])
            rows.append([kind, hex_of(block, 2), hex_of(x, 8),
                         hex_of(MXFP4.dequantize(block).astype(np.float32), 8)])
    return header, rows


def ggml_values():
    """Random bytes as ggml reads them; every scale of NVFP4 once."""
    from gguf.quants import MXFP4, NVFP4, Q8_0

    random = np.random.default_rng(SEED + 5)
    header = "format,block,y_f32".split(",")
    rows = []
    with np.errstate(all="ignore"):
        for i in range(64):
            for name, kind, size, scales in (("nvfp4", NVFP4, 36, 4), ("mxfp4", MXFP4, 17, 1), ("q8_0", Q8_0, 34, 2)):
                block = random.integers(0, 256, size, np.uint8)
                if name == "nvfp4":
                    block[:scales] = np.arange(4 * i, 4 * i + 4) % 128  # the top bit has no meaning
                elif name == "mxfp4":
                    block[0] = 4 * i % 256 if i < 63 else 255
                elif (block[:2].view(np.uint16)[0] & 0x7C00) == 0x7C00:
                    block[1] &= 0x3F  # a number
                y = kind.dequantize(block[None]).astype(np.float32)
                rows.append([name, hex_of(block, 2), hex_of(y, 8)])
    return header, rows


FILES = {
    "torchao_nvfp4": (torchao_nvfp4, None),
    "model_optimizer_nvfp4": (model_optimizer_nvfp4, None),
    "torchao_mx": (torchao_mx, "ao"),
    "microxcaling": (microxcaling, "microxcaling"),
    "ggml_q8_0": (ggml_q8_0, None),
    "ggml_mxfp4": (ggml_mxfp4, None),
    "ggml_values": (ggml_values, None),
}


def generate(name):
    header, rows = FILES[name][0]()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def main():
    golden = pathlib.Path(__file__).resolve().parents[1] / "golden" / "recipes"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ao", help=f"a clone of pytorch/ao that holds commit {COMMITS['ao'][:8]}")
    parser.add_argument("--microxcaling", help=f"a clone of microsoft/microxcaling ({COMMITS['microxcaling'][:8]})")
    parser.add_argument("--out", type=pathlib.Path, default=golden, help="the folder of the files")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--only", choices=FILES, action="append", help="this file alone; may be repeated")
    parser.add_argument("--worker", nargs=2, metavar=("FILE", "SOURCE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:  # a process of its own for each file: two versions of torchao do not share one
        name, source = options.worker
        if source:
            sys.path.insert(0, source)
        sys.stdout.write(generate(name))
        return 0

    for package, release in PACKAGES.items():
        found = importlib.metadata.version(package).split("+")[0]
        if found != release:
            sys.exit(f"recipe_vectors.py: {package} is {found}, but must be {release}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, (_, source) in FILES.items():
            if options.only and name not in options.only:
                continue
            path = ""
            if source:
                clone = getattr(options, source)
                if clone is None:
                    print(f"{name}.csv: left out, as --{source} is not given", file=sys.stderr)
                    continue
                path = str(pathlib.Path(folder) / source)
                pathlib.Path(path).mkdir()
                archive = subprocess.run(["git", "-C", clone, "archive", COMMITS[source], PATHS[source]], check=True,
                                         stdout=subprocess.PIPE).stdout
                subprocess.run(["tar", "x", "-C", path], input=archive, check=True)
            text = subprocess.run([sys.executable, __file__, "--worker", name, path], check=True,
                                  stdout=subprocess.PIPE, text=True).stdout
            file = options.out / f"{name}.csv"
            if options.check:
                same = file.exists() and file.read_text() == text
                failed |= not same
                print(f"{file}: {'the same' if same else 'different'}")
            else:
                options.out.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
                print(f"{file}: {text.count(chr(10)) - 1} rows")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
