"""bitsandbytes: its tables. None is a format of this library yet."""

import numpy

PACKAGES = ["bitsandbytes==0.50.2", "torch==2.15.0"]
SUPPORT = ["numpy==2.4.6", "filelock==4.3.1", "typing-extensions==4.16.0", "sympy==1.14.0", "networkx==3.6.1",
           "jinja2==3.1.6", "fsspec==2026.9.0", "packaging==26.4"]


def compare(run):
    from bitsandbytes import functional
    tables = {"fp4": functional.get_4bit_type("fp4", device="cpu"), "nf4": functional.get_4bit_type("nf4", device="cpu"),
              "fp8 of 4 and 3 bits": functional.create_fp8_map(True, 4, 3, 8),
              "fp8 of 5 and 2 bits": functional.create_fp8_map(True, 5, 2, 8),
              "dynamic": functional.create_dynamic_map()}
    ours = {name: numbers(run.library.unpack(name, numpy.arange(codes, dtype=numpy.uint8), "float64").view(numpy.float64))
            for name, codes in (("fp4_e2m1", 16), ("fp4_e1m2", 16), ("fp8_e4m3", 256), ("fp8_e5m2", 256),
                                ("fp8_e4m3fnuz", 256), ("fp8_e5m2fnuz", 256), ("fp8_e4m3_ieee", 256), ("hif8", 256))}
    for table, values in tables.items():
        for name, known in ours.items():
            theirs = numbers(values.double().numpy())
            same = known.size == theirs.size and numpy.allclose(known, theirs, rtol=1e-5, atol=0)
            run.require(not same, f"the table {table} is {name}, and is not compared")
    run.note(f"Nothing to compare: none of its tables ({', '.join(tables)}) holds the values of a format of this library, up "
             "to a factor; the program looks.")


def numbers(values):
    """The distinct finite magnitudes, the largest of them 1."""
    finite = numpy.unique(numpy.abs(values[numpy.isfinite(values)]))
    return finite / finite[-1]
