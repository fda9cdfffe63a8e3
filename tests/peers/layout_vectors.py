#!/usr/bin/env python3
"""Writes tests/golden/layouts: blocks of other stacks, and the values that those stacks read from them.

Nothing here states what a stack ought to give: every expected value comes out of the stack itself, at the release
below. Run it in an environment that has the packages of PACKAGES:

    python3 -m venv build/peers/venv
    build/peers/venv/bin/pip install torch==2.15.0 bitsandbytes==0.50.2 gguf==0.19.0
    build/peers/venv/bin/python tests/peers/layout_vectors.py

Without --check the files are written; with it they are compared with what the stacks give, and a difference fails.
"""

import argparse
import csv
import importlib.metadata
import io
import pathlib
import sys

import numpy as np

from recipe_vectors import hex_of

SEED = 20261130
PACKAGES = {"torch": "2.15.0", "bitsandbytes": "0.50.2", "gguf": "0.19.0"}

# ggml's types: bytes of a block, and where its float16 numbers lie.
GGML_TYPES = {
    "Q4_0": (18, [0]), "Q4_1": (20, [0, 2]), "Q5_0": (22, [0]), "Q5_1": (24, [0, 2]), "Q8_0": (34, [0]),
    "IQ4_NL": (18, [0]), "IQ4_XS": (136, [0]), "Q2_K": (84, [80, 82]), "Q3_K": (110, [108]),
    "Q4_K": (144, [0, 2]), "Q5_K": (176, [0, 2]), "Q6_K": (210, [208]),
}
QUANTIZED = ("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0")  # those that the package itself writes
FLOAT16 = {  # float16 numbers at the ends of its range, and those that are no numbers
    "zero": 0x0000, "negative zero": 0x8000, "smallest": 0x0001, "largest subnormal": 0x03FF,
    "largest": 0x7BFF, "most negative": 0xFBFF, "one": 0x3C00,
    "infinity": 0x7C00, "negative infinity": 0xFC00, "nan": 0x7E00,
}


SCALES = {"MXFP4": 1, "NVFP4": 4}  # bytes of scales, each of which is a number of its own


def ggml():
    from gguf import GGMLQuantizationType, quants

    random = np.random.default_rng(SEED)
    rows = []

    def add(name, kind, block):
        with np.errstate(all="ignore"):
            y = quants.dequantize(block[None], GGMLQuantizationType[name]).astype(np.float32)
        rows.append([name, kind, hex_of(block, 2), hex_of(y, 8)])

    def set_half(block, place, bits):
        block[place:place + 2] = np.array([bits], "<u2").view(np.uint8)

    for name, (size, halves) in GGML_TYPES.items():
        small = size < 80
        for _ in range(24 if small else 5):  # a finite number as scale, of any size
            block = random.integers(0, 256, size, np.uint8)
            for place in halves:
                if block[place + 1] & 0x7C == 0x7C:
                    block[place + 1] &= 0xBF
            add(name, "random", block)
        for _ in range(8 if small else 3):  # scale and offset of like size, so that sums are rounded
            block = random.integers(0, 256, size, np.uint8)
            for place in halves:
                set_half(block, place, int(random.integers(0x2000, 0x4000)) | int(random.integers(2)) << 15)
            add(name, "usual", block)
        for kind, bits in FLOAT16.items():
            if not small and kind not in ("zero", "negative zero", "infinity"):
                continue
            block = random.integers(0, 256, size, np.uint8)
            set_half(block, halves[0], bits)
            for place in halves[1:]:
                set_half(block, place, bits if "zero" in kind else 0x3555)
            add(name, kind, block)
        if len(halves) == 2:
            for kind, d, m in (("infinity and its opposite", 0x7C00, 0xFC00), ("infinite offset", 0x3C00, 0x7C00),
                               ("zeros of both signs", 0x8000, 0x0000), ("zeros of both signs", 0x0000, 0x8000),
                               ("far apart", 0x7BFF, 0x0001), ("far apart", 0x0001, 0x7BFF), ("far apart", 0x4FFF, 0x8011)):
                block = random.integers(0, 256, size, np.uint8)
                set_half(block, halves[0], d)
                set_half(block, halves[1], m)
                add(name, kind, block)
        if name in QUANTIZED:
            for sigma in (0.02, 1.0, 300.0):
                x = (random.standard_normal(32) * sigma).astype(np.float32)
                add(name, "quantized", quants.quantize(x[None], GGMLQuantizationType[name]).ravel())
    for name, scales in SCALES.items():
        for first in range(0, 256, 4):
            block = random.integers(0, 256, {"MXFP4": 17, "NVFP4": 36}[name], np.uint8)
            block[:scales] = np.arange(first, first + scales) if first != 252 or scales == 4 else 255
            add(name, "every scale" if scales == 4 else "some scales", block)
    return "type,kind,block,y_f32".split(","), rows


def bitsandbytes():
    import torch
    from bitsandbytes import functional

    random = np.random.default_rng(SEED + 1)
    rows = []

    def add(kind, quant_type, blocksize, codes, absmax, count):
        table = functional.get_4bit_type(quant_type, device="cpu")
        state = functional.QuantState(absmax=torch.from_numpy(absmax), shape=torch.Size([count]), code=table,
                                      blocksize=blocksize, quant_type=quant_type, dtype=torch.float32)
        y = functional.dequantize_4bit(torch.from_numpy(codes)[:, None], quant_state=state)
        rows.append([quant_type, kind, f"{blocksize:x}", f"{count:x}", hex_of(codes, 2), hex_of(absmax, 8),
                     hex_of(table.numpy(), 8), hex_of(y.numpy(), 8)])

    for quant_type in ("nf4", "fp4"):
        for blocksize, count in ((64, 64), (64, 150), (64, 33), (32, 100), (128, 300)):
            x = torch.from_numpy((random.standard_normal(count) * 0.05).astype(np.float32))
            codes, state = functional.quantize_4bit(x, blocksize=blocksize, quant_type=quant_type)
            add("quantized", quant_type, blocksize, codes.numpy().ravel(), state.absmax.numpy(), count)
        for count in (256, 131):
            codes = random.integers(0, 256, (count + 1) // 2, np.uint8)
            blocks = (count + 31) // 32
            absmax = np.ldexp(random.uniform(1, 2, blocks), random.integers(-100, 100, blocks)).astype(np.float32)
            add("random", quant_type, 32, codes, absmax, count)
        codes = random.integers(0, 256, 6 * 16, np.uint8)
        special = np.array([0.0, 1e-38, 3.4028235e38, 1e-44, np.inf, -1.5], np.float32)
        add("special", quant_type, 32, codes, special, 6 * 32)
    return "type,kind,blocksize,count,codes,absmax_f32,table_f32,y_f32".split(","), rows


def bitsandbytes_absmax():
    import torch
    from bitsandbytes import functional

    random = np.random.default_rng(SEED + 2)
    rows = []
    for blocks, sigma in ((40, 0.05), (300, 3.0)):
        x = torch.from_numpy((random.standard_normal(64 * blocks) * sigma).astype(np.float32))
        _, state = functional.quantize_4bit(x, blocksize=64, compress_statistics=True, quant_type="nf4")
        nested = state.state2
        # As dequantize_4bit undoes it.
        absmax = functional.dequantize_blockwise(state.absmax, nested) + state.offset
        rows.append([f"{nested.blocksize:x}", hex_of(state.absmax.numpy(), 2), hex_of(nested.code.numpy(), 8),
                     hex_of(nested.absmax.numpy(), 8), hex_of(state.offset.numpy(), 8), hex_of(absmax.numpy(), 8)])
    return "blocksize,codes,table_f32,nested_absmax_f32,offset_f32,absmax_f32".split(","), rows


FILES = {"ggml": ggml, "bitsandbytes": bitsandbytes, "bitsandbytes_absmax": bitsandbytes_absmax}


def main():
    golden = pathlib.Path(__file__).resolve().parents[1] / "golden" / "layouts"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=golden, help="the folder of the files")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--only", choices=FILES, action="append", help="this file alone; may be repeated")
    options = parser.parse_args()
    for package, release in PACKAGES.items():
        found = importlib.metadata.version(package).split("+")[0]
        if found != release:
            sys.exit(f"layout_vectors.py: {package} is {found}, but must be {release}")
    failed = False
    for name, made in FILES.items():
        if options.only and name not in options.only:
            continue
        header, rows = made()
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        file = options.out / f"{name}.csv"
        if options.check:
            same = file.exists() and file.read_text() == text.getvalue()
            failed |= not same
            print(f"{file}: {'the same' if same else 'different'}")
        else:
            options.out.mkdir(parents=True, exist_ok=True)
            file.write_text(text.getvalue())
            print(f"{file}: {len(rows)} rows")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
