"""ONNX: the reference evaluator's Cast, with saturate 1 and 0, and every round_mode of E8M0."""

import numpy

import inputs
import values

PACKAGES = ["onnx==1.23.2"]
SUPPORT = ["numpy==2.4.6", "ml_dtypes==0.6.0", "protobuf==7.36.2", "typing-extensions==4.16.0"]

FORMATS = {"fp8_e4m3": "FLOAT8E4M3FN", "fp8_e5m2": "FLOAT8E5M2", "fp8_e4m3fnuz": "FLOAT8E4M3FNUZ",
           "fp8_e5m2fnuz": "FLOAT8E5M2FNUZ", "fp6_e3m2": "FLOAT6E3M2", "fp6_e2m3": "FLOAT6E2M3",
           "fp4_e2m1": "FLOAT4E2M1", "e8m0": "FLOAT8E8M0", "bfloat16": "BFLOAT16", "float16": "FLOAT16"}
SOURCES = {"float32": "FLOAT", "float64": "DOUBLE", "float16": "FLOAT16", "bfloat16": "BFLOAT16"}
E8M0_MODES = {"up": "toward_positive", "down": "toward_zero", "nearest": "nearest_away"}
KINDS = [values.nan_is_opposite_zero, values.nan_payload, values.infinity_e8m0, values.up_e8m0, values.low_e8m0,
         values.negative_e8m0_is_positive, values.through_float]


def cast(source, target, **attributes):
    """A function that runs a model of one Cast from arrays to arrays."""
    import onnx
    from onnx import helper
    from onnx.reference import ReferenceEvaluator
    node = helper.make_node("Cast", ["x"], ["y"], to=target, **attributes)
    graph = helper.make_graph([node], "cast", [helper.make_tensor_value_info("x", source, [None])],
                              [helper.make_tensor_value_info("y", target, [None])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", onnx.defs.onnx_opset_version())])
    evaluator = ReferenceEvaluator(model)
    return lambda x: evaluator.run(None, {"x": x})[0]


def compare(run):
    import onnx
    from onnx import TensorProto, helper
    run.note(f"Cast of opset {onnx.defs.onnx_opset_version()}.")

    def numpy_type(name):
        return helper.tensor_dtype_to_np_dtype(getattr(TensorProto, name))

    for name, theirs in FORMATS.items():
        target = getattr(TensorProto, theirs)
        codes = values.codes_of(name)
        for wide in SOURCES:
            if wide == name:
                continue
            number = getattr(TensorProto, SOURCES[wide])
            back = cast(target, number)
            with numpy.errstate(all="ignore"):
                decoded = back(codes.view(numpy_type(theirs)))
            run.check(f"{name} to {wide}", codes, run.library.unpack(name, codes, wide),
                      decoded.view(f"u{decoded.itemsize}"), values.decoded_nan(name, wide, negative_fnuz=True))
            if name == "e8m0":
                ways = [({"saturate": s, "round_mode": m}, {"over": "saturate" if s else "native", "round": ours})
                        for s in (1, 0) for m, ours in E8M0_MODES.items()]
            elif name.startswith("fp8"):
                ways = [({"saturate": s}, {"over": "saturate" if s else "native"}) for s in (1, 0)]
            else:
                ways = [({}, {})]
            for attributes, how in ways:
                convert = cast(number, target, **attributes)
                told = "".join(f", {k} {v}" for k, v in attributes.items())
                values.check_encoding(
                    run, name, wide, lambda x: convert(x.view(numpy_type(SOURCES[wide]))).view(codes.dtype), KINDS,
                    how=how, what=f"{wide} to {name}{told}")
