"""Files that `checkpoint convert` writes, opened by the packages that they are for: each package's own dequantized
values are those of `checkpoint convert --to f32`, and in bfloat16 those of `--to bf16`. bitsandbytes, whose layout is
only read, has written the files itself."""

import json
import pathlib
import tempfile

import numpy

from checkpoint_files import convert, tensors
from comparison import Kind

TITLE = "Checkpoints that examples/checkpoint writes"
PACKAGES = ["safetensors==0.8.0", "torch==2.15.0", "compressed-tensors==0.20.1", "transformers==5.24.0",
            "nvidia-modelopt==0.47.0", "torchao==0.18.0", "gguf==0.19.0", "bitsandbytes==0.50.2", "en_dtypes==0.0.4"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0", "transformers==5.24.0", "pydantic==2.14.4", "loguru==0.7.3",
           "psutil==7.2.2", "setuptools==80.9.0", "tqdm==4.70.1", "pyyaml==6.0.4", "requests==2.34.2",
           "omegaconf==2.4.0", "pulp==3.3.2", "regex==2026.11.19", "rich==15.0.0", "scipy==1.17.1", "packaging==26.4",
           "nvidia-ml-py==13.615.71", "accelerate==1.15.0", "ml_dtypes==0.6.0"]

PAGE = "../examples/checkpoint/README.md"
ZERO_SIGN = (Kind("the code of -0: -0 here, +0 there", PAGE, "bit for bit, but for signs of zeros"),
             lambda x, a, b: (a << a.dtype.type(1) == 0) & (b == 0))


def compare(run):
    import torch
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        source = Source(run, scratch)
        compressed_tensors(run, source)
        model_optimizer(run, source)
        deepseek(run, source)
        torchao(run, source)
        gpt_oss(run, source)
        gguf(run, source)
        plain(run, source)
        upcasts(run, source)
        bitsandbytes(run, source)
    stated = (pathlib.Path(__file__).resolve().parents[3] / "examples" / "checkpoint" / "README.md").read_text()
    for package in PACKAGES:
        name, release = package.split("==")
        run.require(f"{name} {release}" in stated, f"examples/checkpoint/README.md does not name {name} {release}")


def heavy_tailed(shape, generator):
    """Student's t of 3 degrees of freedom, as bfloat16: a block of zeros, a block of tiny numbers, an outlier."""
    import torch
    values = generator.standard_t(3, shape) * 0.02
    rows = values.reshape(-1, shape[-1])
    rows[1, :32] = 0
    rows[2, 32:64] *= 2.0**-20
    rows[3, 1] = 1.5
    return torch.tensor(values, dtype=torch.float32).to(torch.bfloat16)


class Source:
    """A small Qwen2 model with weights as those of trained ones, all projections in multiples of 128; and files of
    matrices of other sizes."""

    def __init__(self, run, scratch):
        import safetensors.torch
        import torch
        import transformers
        self.program = run.program
        self.scratch = scratch
        generator = numpy.random.Generator(numpy.random.PCG64(7))
        configuration = transformers.Qwen2Config(
            vocab_size=96, hidden_size=256, intermediate_size=384, num_hidden_layers=1, num_attention_heads=2,
            num_key_value_heads=1, max_position_embeddings=64, tie_word_embeddings=False)
        model = transformers.AutoModelForCausalLM.from_config(configuration, dtype=torch.bfloat16)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if parameter.ndim == 2:
                    parameter.copy_(heavy_tailed(tuple(parameter.shape), generator))
        self.model = scratch / "model"
        model.save_pretrained(self.model)
        self.linear = [n + ".weight" for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) and n != "lm_head"]
        run.require(len(self.linear) == 7, f"the small model has {len(self.linear)} projections")
        self.matrices = scratch / "matrices.safetensors"
        safetensors.torch.save_file(
            {f"m.{i}.weight": heavy_tailed(shape, generator) for i, shape in enumerate([(200, 320), (5, 192), (130, 64)])},
            self.matrices)
        self.ragged = scratch / "ragged.safetensors"
        safetensors.torch.save_file(
            {f"m.{i}.weight": heavy_tailed(shape, generator) for i, shape in enumerate([(200, 300), (5, 140), (576, 96)])},
            self.ragged)
        self.experts = scratch / "experts.safetensors"
        safetensors.torch.save_file(
            {f"model.layers.0.mlp.experts.{name}": heavy_tailed(shape, generator)
             for name, shape in (("gate_up_proj", (2, 192, 64)), ("down_proj", (2, 64, 96)))}, self.experts)

    def written(self, what, to, layout):
        """A checkpoint in this format, and this program's own values of it: by name, in float32 and in bfloat16."""
        out = self.scratch / f"{what.stem}-{to}-{layout}{'.gguf' if layout == 'gguf' else ''}"
        if not out.exists():
            convert(self.program, what, out if layout == "gguf" else f"{out}/", to, layout)
        wide, half = (self.scratch / f"{out.name}-{to_float}.safetensors" for to_float in ("f32", "bf16"))
        convert(self.program, out, wide, "f32")
        convert(self.program, out, half, "bf16")
        return out, tensors(wide), tensors(half)


    def wide_model(self, what):
        """The same numbers as float32."""
        out = self.scratch / f"{what.stem}-as-f32.safetensors"
        if not out.exists():
            convert(self.program, what, out, "f32", "plain", "--include", "*")
        return out


def check(run, what, ours, theirs, kinds=()):
    """Bits of float32 or bfloat16 values; theirs as torch or numpy has them."""
    if not isinstance(theirs, numpy.ndarray):
        import torch
        theirs = theirs.detach().contiguous()
        theirs = (theirs.view(torch.int16) if theirs.dtype == torch.bfloat16 else theirs.view(torch.int32)).numpy()
    unsigned = {2: numpy.uint16, 4: numpy.uint32}[theirs.itemsize]
    ours, theirs = (numpy.ascontiguousarray(v).view(unsigned) for v in (ours, theirs))
    run.require(ours.shape == theirs.shape, f"{what}: shape {ours.shape} here, {theirs.shape} there")
    run.check(what, numpy.arange(ours.size, dtype=numpy.uint32), ours.reshape(-1), theirs.reshape(-1), kinds)


def joined(names, found):
    """The values of several tensors, one after another."""
    import torch
    parts = [found(name) for name in names]
    if isinstance(parts[0], numpy.ndarray):
        return numpy.concatenate([p.reshape(-1) for p in parts])
    return torch.cat([p.detach().reshape(-1) for p in parts])


def loaded(folder, **options):
    import torch
    import transformers
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, **options).state_dict()


def compressed_tensors(run, source):
    import safetensors.torch
    import torch
    from compressed_tensors.compressors import BaseCompressor
    from compressed_tensors.compressors.mx_utils import decompress_mx_scale
    from compressed_tensors.compressors.mxfp6.helpers import unpack_fp6_from_uint8
    from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8
    from compressed_tensors.quantization import QuantizationConfig
    from compressed_tensors.quantization.lifecycle.forward import dequantize
    from transformers.utils.quantization_config import CompressedTensorsConfig
    for to in ("nvfp4", "mxfp4", "mxfp6", "mxfp8", "fp8", "fp8-channel", "fp8-block"):
        files = [source.model, source.ragged if to.startswith("fp8") else source.matrices]
        for what in files:
            out, wide, half = source.written(what, to, "compressed-tensors")
            stored = safetensors.torch.load_file(out / "model.safetensors")
            config = QuantizationConfig.model_validate(
                json.loads((out / "config.json").read_text())["quantization_config"])
            scheme = config.config_groups["group_0"]
            scheme = scheme if hasattr(scheme, "weights") else None
            compressor = BaseCompressor.get_value_from_registry(config.format)
            names = [n for n in wide if any(k.startswith(n) and "weight_scale" in k for k in stored)]
            run.require(len(names) == (7 if what == source.model else 3), f"compressed-tensors {to}: {len(names)} weights")

            def module(name):
                stem = name.removesuffix("weight")
                return {k.removeprefix(stem): v for k, v in stored.items() if k.startswith(stem) and k != stem + "bias"}

            def decompressed(name):
                weight = compressor.decompress(module(name), scheme)["weight"]
                return weight

            def in_float(name):
                parts = module(name)
                rows, columns = wide[name].shape
                if to == "mxfp6":
                    codes = unpack_fp6_from_uint8(parts["weight_packed"], rows, columns)
                elif "weight_packed" in parts:
                    codes = unpack_fp4_from_uint8(parts["weight_packed"], rows, columns)
                else:
                    codes = parts["weight"]
                scale = parts["weight_scale"]
                scale = decompress_mx_scale(scale) if to.startswith("mx") else scale
                return dequantize(codes.float(), scale.float(), args=scheme.weights, dtype=torch.float32,
                                  global_scale=parts.get("weight_global_scale"))

            check(run, f"compressed-tensors {to}, {what.stem}: dequantize in float32",
                  joined(names, wide.get), joined(names, in_float))
            own = joined(names, decompressed)
            check(run, f"compressed-tensors {to}, {what.stem}: decompress",
                  joined(names, wide.get if own.dtype == torch.float32 else half.get), own)
            if what == source.model:
                state = loaded(out, quantization_config=CompressedTensorsConfig(run_compressed=False))
                check(run, f"transformers, compressed-tensors {to}: from_pretrained", joined(source.linear, half.get),
                      joined(source.linear, state.get))


def model_optimizer(run, source):
    import safetensors.torch
    import torch
    from modelopt.torch.quantization.qtensor import FP8QTensor, MXFP8QTensor, NVFP4QTensor
    for to in ("nvfp4", "mxfp8", "fp8", "fp8-channel", "fp8-block"):
        for what in [source.model] + ([] if to == "fp8-block" else [source.matrices]):
            out, wide, half = source.written(what, to, "modelopt")
            stored = safetensors.torch.load_file(out / "model.safetensors")
            names = [n for n in wide if n + "_scale" in stored]

            def dequantized(name, dtype=torch.float32):
                codes, scale, shape = stored[name], stored[name + "_scale"], torch.Size(wide[name].shape)
                if to == "nvfp4":
                    return NVFP4QTensor(shape, dtype, codes).dequantize(
                        dtype, scale=scale, double_scale=stored[name + "_scale_2"], block_sizes={-1: 16})
                if to == "mxfp8":
                    return MXFP8QTensor(shape, dtype, codes).dequantize(dtype, scale=scale)
                blocks = {"fp8": None, "fp8-channel": {-1: shape[-1]}, "fp8-block": {-1: 128, -2: 128}}[to]
                if to == "fp8-channel":
                    scale = scale.unsqueeze(-1)
                elif to == "fp8-block":
                    scale = scale.squeeze(1).squeeze(-1)
                return FP8QTensor(shape, dtype, codes).dequantize(dtype, scale=scale, block_sizes=blocks)

            run.require(len(names) == (7 if what == source.model else 3), f"Model-Optimizer {to}: {len(names)} weights")
            check(run, f"Model-Optimizer {to}, {what.stem}: dequantize in float32", joined(names, wide.get),
                  joined(names, dequantized), [ZERO_SIGN] if to == "nvfp4" else [])
            if to in ("nvfp4", "mxfp8"):
                check(run, f"Model-Optimizer {to}, {what.stem}: dequantize in bfloat16", joined(names, half.get),
                      joined(names, lambda name: dequantized(name, torch.bfloat16)), [ZERO_SIGN] if to == "nvfp4" else [])


def deepseek(run, source):
    import safetensors.torch
    from compressed_tensors.entrypoints.convert.converters.fp8block_dequantizer import FP8BlockDequantizer
    from transformers import FineGrainedFP8Config
    import torch
    for what in (source.model, source.ragged):
        out, wide, half = source.written(what, "fp8-block", "deepseek")
        stored = safetensors.torch.load_file(out / "model.safetensors")
        names = [n for n in wide if n + "_scale_inv" in stored]
        run.require(len(names) == (7 if what == source.model else 3), f"DeepSeek: {len(names)} weights")
        for dtype, ours in ((torch.float32, wide), (torch.bfloat16, half)):
            theirs = FP8BlockDequantizer(targets=tuple(n.removesuffix(".weight") for n in names), dtype=dtype).process(dict(stored))
            check(run, f"compressed-tensors, DeepSeek fp8-block, {what.stem}: FP8BlockDequantizer to {str(dtype)[6:]}",
                  joined(names, ours.get), joined(names, theirs.get))
        if what == source.model:
            state = loaded(out, quantization_config=FineGrainedFP8Config(dequantize=True))
            check(run, "transformers, DeepSeek fp8-block: from_pretrained", joined(source.linear, half.get),
                  joined(source.linear, state.get))


def torchao(run, source):
    import safetensors
    import safetensors.torch
    import torch
    from torchao.prototype.safetensors.safetensors_support import unflatten_tensor_state_dict
    for to in ("nvfp4", "mxfp4", "mxfp8"):
        for what in (source.model, source.matrices):
            out, wide, half = source.written(what, to, "torch")
            path = out / "model.safetensors"
            with safetensors.safe_open(path, "pt") as file:
                metadata = file.metadata()
            state, left = unflatten_tensor_state_dict(safetensors.torch.load_file(path), metadata)
            run.require(not left, f"torchao {to}: leaves {sorted(left)}")
            names = [n for n in wide if hasattr(state[n], "qdata")]
            run.require(len(names) == (7 if what == source.model else 3), f"torchao {to}: {len(names)} weights")
            for dtype, ours in ((torch.float32, wide), (torch.bfloat16, half)):
                check(run, f"torchao {to}, {what.stem}: dequantize to {str(dtype)[6:]}", joined(names, ours.get),
                      joined(names, lambda name: state[name].dequantize(dtype)))


def gpt_oss(run, source):
    import safetensors.torch
    import torch
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors
    out, wide, half = source.written(source.experts, "mxfp4", "gpt-oss")
    stored = safetensors.torch.load_file(out / "model.safetensors")

    def theirs(name):
        # It gives the transpose.
        return convert_moe_packed_tensors(stored[name + "_blocks"], stored[name + "_scales"],
                                          dtype=torch.bfloat16).transpose(1, 2)

    check(run, "transformers, gpt-oss mxfp4: convert_moe_packed_tensors", joined(list(half), half.get),
          joined(list(half), theirs))


def gguf(run, source):
    import gguf as package
    for to in ("q8_0", "q4_0", "q4_1", "mxfp4", "nvfp4", "f32", "f16", "bf16"):
        for what in (source.model, source.matrices):
            out = source.scratch / f"{what.stem}-{to}.gguf"
            # A model that is bfloat16 already has nothing else to convert.
            convert(source.program, source.wide_model(what) if to == "bf16" else what, out, to, "gguf",
                    *(("--include", "*") if to in ("f32", "f16", "bf16") else ()))
            wide = source.scratch / f"{out.name}-f32.safetensors"
            if to == "f32":
                convert(source.program, what, wide, "f32", "plain", "--include", "*")
            else:
                convert(source.program, out, wide, "f32", "plain", "--include", "*")
            ours = tensors(wide)
            read = {t.name: t for t in package.GGUFReader(out).tensors}
            run.require(sorted(read) == sorted(ours), f"gguf {to}: other names")
            names = sorted(n for n in read if to in ("f32", "f16", "bf16") or read[n].tensor_type.name.lower() == to)
            run.require(len(names) >= (7 if what == source.model else 3), f"gguf {to}: {len(names)} tensors")

            def theirs(name):
                found = read[name]
                values = package.quants.dequantize(found.data, found.tensor_type).astype(numpy.float32)
                run.require([*reversed(found.shape.tolist())] == [*ours[name].shape], f"gguf {to}: shape of {name}")
                return values.reshape(ours[name].shape)

            check(run, f"gguf {to}, {what.stem}: dequantize", joined(names, ours.get), joined(names, theirs))


def plain(run, source):
    import en_dtypes
    import safetensors
    import safetensors.torch
    import torch
    for to in ("fp8", "fp8-channel", "fp8-block", "mxfp8", "nvfp4", "mxfp4", "mxfp6", "hif8", "hif4"):
        what = source.model
        out, wide, _ = source.written(what, to, "plain")
        stored = safetensors.torch.load_file(out / "model.safetensors")
        names = [n for n in source.linear if n in wide]
        run.require(len(names) == 7, f"plain {to}: {len(names)} weights")
        if to in ("fp8", "fp8-channel", "fp8-block"):
            def theirs(name):
                scale = stored[name + "_scale"]
                if to == "fp8-block":
                    scale = scale.repeat_interleave(128, 0).repeat_interleave(128, 1)
                return stored[name].float() * scale
        elif to == "hif8":
            def theirs(name):
                return stored[name].numpy().view(en_dtypes.hifloat8).astype(numpy.float32) * (
                    stored[name + "_scale"].numpy() if name + "_scale" in stored else numpy.float32(1))
        else:
            continue  # opened, and no package has values for this arrangement
        check(run, f"{'en_dtypes' if to == 'hif8' else 'safetensors and torch'}, plain {to}: code times scale",
              joined(names, wide.get), joined(names, theirs))


def upcasts(run, source):
    """What is plain again is loaded by transformers and by safetensors in numpy."""
    import safetensors
    import torch
    for to, dtype in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)):
        quantized, wide, half = source.written(source.model, "nvfp4", "compressed-tensors")
        out = source.scratch / f"upcast-{to}"
        convert(source.program, quantized, f"{out}/", to)
        state = loaded(out)
        check(run, f"transformers, {to} of a quantized model: from_pretrained", joined(source.linear, half.get),
              joined(source.linear, state.get))
        if to == "f32":
            with safetensors.safe_open(out / "model.safetensors", "np") as file:
                check(run, "safetensors in numpy, f32 of a quantized model: get_tensor", joined(source.linear, wide.get),
                      joined(source.linear, file.get_tensor))


def bitsandbytes(run, source):
    import bitsandbytes.functional as package
    import safetensors.torch
    import torch
    generator = numpy.random.Generator(numpy.random.PCG64(11))
    for kind in ("nf4", "fp4"):
        for nested in (False, True):
            stored, expected = {}, {}
            # Rows of whole blocks, or an odd number of elements: with AVX-512 its release takes scales of other blocks
            # for rows of 96, and is far from what it has quantized.
            for i, shape in enumerate([(200, 128), (7, 33), (64, 320)]):
                weight = torch.tensor(generator.standard_t(3, shape) * 0.02, dtype=torch.float32).to(torch.bfloat16)
                codes, state = package.quantize_4bit(weight, blocksize=64, compress_statistics=nested, quant_type=kind)
                name = f"m.{i}.weight"
                stored[name] = codes
                stored |= {f"{name}.{k}": v for k, v in state.as_dict(packed=True).items()}
                expected[name] = {}
                for dtype in (torch.float32, torch.bfloat16):
                    state.dtype = dtype
                    expected[name][dtype] = package.dequantize_4bit(codes, state).reshape(shape)
            path = source.scratch / f"{kind}-{nested}.safetensors"
            safetensors.torch.save_file({k: v.contiguous().clone() for k, v in stored.items()}, path)
            for to, dtype in (("f32", torch.float32), ("bf16", torch.bfloat16)):
                out = source.scratch / f"{path.stem}-{to}.safetensors"
                convert(source.program, path, out, to)
                ours = tensors(out)
                check(run, f"bitsandbytes {kind}{', nested' if nested else ''}, read: dequantize_4bit to {to}",
                      joined(list(expected), ours.get), joined(list(expected), lambda name: expected[name][dtype]))
