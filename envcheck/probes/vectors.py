"""The vectors of an embeddings reply: read, checked, and made small enough to be kept."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from math import hypot, isclose, isfinite
from typing import TYPE_CHECKING, Final

from envcheck.errors import ReplyRejected
from envcheck.model import FailureClass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from envcheck.model import JsonValue

SKETCH: Final = 16
"""Components that are kept: enough to tell two models apart, and nothing to search with."""
MOST_DIMENSIONS: Final = 65_536
"""No model has a quarter of it; what is longer is no embedding."""
_DIGITS: Final = 4
_UNIT_WITHIN: Final = 0.01
"""How far from 1 a length may be: half precision stays nearer, and a vector that was cut short does not."""
_FLOAT_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Vector:
    """One embedding."""

    dimensions: int
    is_unit: bool
    sketch: tuple[float, ...]
    """The first components of the vector of length 1 that points the same way."""


def served_embedding(document: Mapping[str, JsonValue]) -> str | Sequence[JsonValue]:
    """Give the first embedding as it was served: a list of numbers, or base64.

    Raises:
        ReplyRejected: there is none.

    """
    match document:
        case {"data": [{"embedding": str() | list() as embedding}, *_]} if embedding:
            return embedding
        case _:
            raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "JSON, but no list of embeddings")


def vector_of(served: str | Sequence[JsonValue]) -> Vector:
    """Read an embedding.

    Raises:
        ReplyRejected: it is neither a list of finite numbers nor base64 of such.

    """
    numbers = _decoded(served) if isinstance(served, str) else _numbers(served)
    # By the largest first, for the square of a number may be larger than any that there is.
    largest = max(map(abs, numbers))
    if largest == 0:
        return Vector(len(numbers), is_unit=False, sketch=(0.0,) * min(SKETCH, len(numbers)))
    scaled = [number / largest for number in numbers]
    length = hypot(*scaled)
    sketch = tuple(round(each / length, _DIGITS) + 0.0 for each in scaled[:SKETCH])  # and no zero below zero
    return Vector(len(numbers), isclose(largest * length, 1, abs_tol=_UNIT_WITHIN), sketch)


def _numbers(served: Sequence[JsonValue]) -> list[float]:
    if len(served) > MOST_DIMENSIONS:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "an embedding of more numbers than any model has")
    numbers: list[float] = []
    for each in served:
        if isinstance(each, bool) or not isinstance(each, int | float):
            raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "an embedding that is not made of numbers")
        numbers.append(_float(each))
    return _finite(numbers)


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # JSON has whole numbers of any size
        return float("inf")


def _decoded(served: str) -> list[float]:
    """Read base64 of little-endian numbers of 32 bits, as OpenAI serves it."""
    if len(served) > 2 * _FLOAT_BYTES * MOST_DIMENSIONS:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "an embedding of more numbers than any model has")
    try:
        packed = base64.b64decode(served, validate=True)
    except (binascii.Error, ValueError):
        packed = b""
    if not packed or len(packed) % _FLOAT_BYTES:
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "an embedding that is text, and no base64 of numbers")
    return _finite(list(struct.unpack(f"<{len(packed) // _FLOAT_BYTES}f", packed)))


def _finite(numbers: list[float]) -> list[float]:
    if not all(map(isfinite, numbers)):
        raise ReplyRejected(FailureClass.RESPONSE_SHAPE, "an embedding with numbers that are not finite")
    return numbers
