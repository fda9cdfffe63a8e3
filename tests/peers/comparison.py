"""One peer's comparisons: what was compared, what differed, and whether a page says so."""

import dataclasses
import sys
import time

import numpy

SHOWN = 8  # of the differences that no kind covers


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of difference. `page` of docs/ says it in the words `says`; tests hold the page to that."""
    name: str
    page: str
    says: str


def as_text(v):
    if isinstance(v, numpy.floating):
        width = {2: numpy.uint16, 4: numpy.uint32, 8: numpy.uint64}[v.itemsize]
        return f"{float(v)!r} ({v.view(width):x})"
    return f"{v:x}" if isinstance(v, numpy.unsignedinteger) else str(v)


def example(x, a, b):
    """One difference: an element, or of a row its amax, what it begins with, and the first element that differs."""
    if a.ndim == 0:
        xs = ", ".join(map(as_text, x)) if isinstance(x, tuple) else as_text(x)
        return f"    {xs}: here {as_text(a)}, there {as_text(b)}"
    first = int(numpy.flatnonzero(a != b)[0])
    text = f"here {as_text(a[first])}, there {as_text(b[first])}"
    if a.dtype != numpy.uint8:  # decoded values
        return f"    block {x.tobytes().hex()}: at {first} {text}"
    before = len(a) - len(x)  # bytes of a scale before the elements, where there is a byte an element
    at = f"{as_text(x[first - before])} at {first - before}" if 0 < before <= first else f"byte {first}"
    with numpy.errstate(invalid="ignore"):
        largest = as_text(numpy.abs(x).max()) if x.dtype.kind == "f" else f"{(x & 0x7FFF).max():x}"
    return f"    amax {largest}, first bytes {as_text(a[0])} and {as_text(b[0])}, {at}: {text}"


class Comparison:
    def __init__(self, peer, library, program=""):
        self.peer = peer
        self.library = library
        self.program = program  # of examples/checkpoint
        self.rows = []
        self.seen = {}
        self.failures = []
        self.notes = []
        self.started = time.monotonic()

    def note(self, text):
        """Something for the report that is no comparison, as what the peer does not have."""
        self.notes.append(text)

    def check(self, what, inputs, ours, theirs, kinds=(), values_in_row=1):
        """Compares element by element, or row by row where the results have rows.

        kinds: pairs of a Kind and a function of the inputs, our results and theirs, all where they differ, that
        says which differences are of the kind. The first kind that covers a difference counts it.
        """
        assert ours.shape == theirs.shape, (what, ours.shape, theirs.shape)
        assert ours.dtype == theirs.dtype, (what, ours.dtype, theirs.dtype)
        unequal = ours != theirs
        if ours.ndim > 1:
            unequal = unequal.any(axis=tuple(range(1, ours.ndim)))
        at = numpy.flatnonzero(unequal)
        a, b = ours[at], theirs[at]
        x = tuple(i[at] for i in inputs) if isinstance(inputs, tuple) else inputs[at]
        left = numpy.ones(at.size, bool)
        found = {}
        for kind, covers in kinds:
            if not left.any():
                break
            with numpy.errstate(all="ignore"):
                mask = numpy.broadcast_to(covers(x, a, b), left.shape) & left
            if mask.any():
                found[kind.name] = found.get(kind.name, 0) + int(mask.sum())
                self.seen[kind] = self.seen.get(kind, 0) + int(mask.sum())
                left &= ~mask
        for kind, _ in kinds:
            self.seen.setdefault(kind, 0)
        self.rows.append({"what": what, "compared": int(ours.shape[0]), "values": int(ours.shape[0] * values_in_row),
                          "different": int(at.size), "kinds": found})
        status = f"{self.peer}: {what}: {ours.shape[0]} compared, {at.size} differ"
        if left.any():
            examples = [example(tuple(v[i] for v in x) if isinstance(x, tuple) else x[i], a[i], b[i])
                        for i in numpy.flatnonzero(left)[:SHOWN]]
            self.failures.append(f"{what}: {int(left.sum())} of {ours.shape[0]} differ and no page says so\n" +
                                 "\n".join(examples))
            status += f", {int(left.sum())} of NO STATED KIND\n" + "\n".join(examples)
        print(f"[{time.monotonic() - self.started:6.1f} s] {status}", flush=True)

    def require(self, holds, what):
        if not holds:
            self.failures.append(what)
            print(f"{self.peer}: {what}", file=sys.stderr, flush=True)

    def result(self):
        for kind, count in self.seen.items():
            if count == 0:
                self.failures.append(f"no input showed the difference '{kind.name}' that {kind.page} states")
        return {"peer": self.peer, "rows": self.rows, "notes": self.notes, "failures": self.failures,
                "seconds": time.monotonic() - self.started, "best_isa": self.library.best_isa,
                "kinds": [dataclasses.asdict(k) | {"count": n} for k, n in self.seen.items()]}
