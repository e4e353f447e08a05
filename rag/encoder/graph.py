"""The encoder as an ONNX graph: token ids and lengths in, unit vectors out.

Every matrix product is done in 8-bit integers: a weight column has one scale, and so has each row of activations (each
token). A scale for the whole batch, as onnxruntime's own dynamic quantisation has it, would be less exact, and a text's
vector would depend on the texts beside it. Word rows stay in the 4-bit blocks they are published in, which is exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rag.encoder.weights import BLOCK

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from onnx import ModelProto

    from rag.encoder.weights import Weights

IDS, LENGTHS, VECTORS = "input_ids", "lengths", "vectors"
_MICROSOFT = "com.microsoft"  # onnxruntime's own operators
# Without VNNI, processors add two products in 16 bits: 2 x 255 x 64 just fits. Used everywhere, so that a text has the
# same vector on every machine.
_WEIGHT_LEVELS = 63.5
_ACTIVATION_LEVELS, _ACTIVATION_ZERO = 127, 128
_TINY = 1e-12
_OPSET, _IR_VERSION = 21, 10


def write_graph(weights: Weights, path: Path, *, exact: bool) -> None:
    """Write the graph to `path`, its tensors to `<path>.weights` (mapped into memory when loaded, not read).

    Args:
        weights: What to build it from.
        path: A file in an existing folder.
        exact: Multiply in fp32: the reference that the fast form is compared with.
    """
    import onnx

    model = _Graph(weights, exact=exact).build()
    onnx.save_model(
        model, path, save_as_external_data=True, location=f"{path.name}.weights", size_threshold=1024
    )


def _interleave(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reorder nibbles from (i, i + 16) in a byte to (2i, 2i + 1), as onnxruntime wants them."""
    low, high = packed & 15, packed >> 4
    return np.concatenate([low[:, 0::2] | low[:, 1::2] << 4, high[:, 0::2] | high[:, 1::2] << 4], axis=1)


class _Graph:
    """Collects nodes and tensors; a method adds a part and returns the name of its result."""

    def __init__(self, weights: Weights, *, exact: bool) -> None:
        import onnx

        self._onnx = onnx
        self._weights = weights
        self._shape = weights.shape
        self._exact = exact
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []

    def build(self) -> ModelProto:
        """Return the whole model."""
        helper, kinds = self._onnx.helper, self._onnx.TensorProto
        if not self._exact:
            self._constants()
        states = self._embed()
        for layer in range(self._shape.layers):
            states = self._layer(states, f"l{layer}")
        self._pool(states)
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [
                helper.make_tensor_value_info(IDS, kinds.INT64, ["batch", "tokens"]),
                helper.make_tensor_value_info(LENGTHS, kinds.INT32, ["batch"]),
            ],
            [helper.make_tensor_value_info(VECTORS, kinds.FLOAT, ["batch", self._shape.hidden])],
            self._tensors,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        model: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        return model

    def _embed(self) -> str:
        words = self._word_rows()
        hidden = self._shape.hidden
        types = self._weights.floats("emb.type").reshape(-1, hidden)
        positions = self._weights.floats("emb.pos").reshape(-1, hidden) + types[0]
        self._node("Shape", [IDS], "token_count", start=1, end=2)
        table = self._tensor("positions", positions)
        zero = self._tensor("zero", np.zeros(1, np.int64))
        rows = self._node("Slice", [table, zero, "token_count", zero], "position_rows")
        summed = self._node("Add", [words, rows], "embedded")
        norm = [self._floats("emb.ln.w"), self._floats("emb.ln.b")]
        return self._node(
            "LayerNormalization", [summed, *norm], "states", axis=-1, epsilon=self._shape.epsilon
        )

    def _word_rows(self) -> str:
        rows, hidden = len(self._weights.vocabulary.pieces), self._shape.hidden
        packed, scales = self._weights.blocks("emb.word")
        # As signed 4-bit numbers: n - 8 is n with its highest bit turned over.
        self._signed_4bit(
            "words", _interleave(packed[: rows * hidden // BLOCK]) ^ np.uint8(0x88), [rows, hidden]
        )
        by_row = scales.astype(np.float32).reshape(-1, hidden // BLOCK)[:rows]
        return self._node(
            "GatherBlockQuantized",
            ["words", IDS, self._tensor("words.scales", by_row)],
            "word_rows",
            domain=_MICROSOFT,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )

    def _layer(self, states: str, layer: str) -> str:
        hidden, heads = self._shape.hidden, self._shape.heads
        mixed = self._multiply(states, [f"{layer}.q", f"{layer}.k", f"{layer}.v"], hidden)
        biased = self._node(
            "Add", [mixed, self._biases([f"{layer}.q", f"{layer}.k", f"{layer}.v"])], f"{layer}.qkv"
        )
        parts = [f"{layer}.{part}.rows" for part in "qkv"]
        self._nodes.append(self._onnx.helper.make_node("Split", [biased], parts, axis=-1, num_outputs=3))
        attended = self._node(
            "MultiHeadAttention",
            [*parts, "", LENGTHS],
            f"{layer}.attended",
            domain=_MICROSOFT,
            num_heads=heads,
        )
        output = self._multiply(attended, [f"{layer}.ao"], hidden)
        states = self._add_and_norm(output, states, [f"{layer}.ao", f"{layer}.aln"])
        inner = self._multiply(states, [f"{layer}.fi"], hidden)
        active = self._node(
            "BiasGelu", [inner, self._biases([f"{layer}.fi"])], f"{layer}.active", domain=_MICROSOFT
        )
        output = self._multiply(active, [f"{layer}.fo"], self._shape.ffn)
        return self._add_and_norm(output, states, [f"{layer}.fo", f"{layer}.oln"])

    def _multiply(self, states: str, matrices: list[str], width: int) -> str:
        """Multiply by one matrix, or by several at once, side by side."""
        name = "+".join(matrices)
        rows = [self._weights.dequantised(f"{matrix}.w").reshape(-1, width) for matrix in matrices]
        columns = np.concatenate(rows).T
        if self._exact:
            return self._node("MatMul", [states, self._tensor(f"{name}.w", columns)], f"{name}.product")
        scales = np.maximum(np.abs(columns).max(axis=0) / _WEIGHT_LEVELS, _TINY).astype(np.float32)
        rounded = np.rint(columns / scales).astype(np.int8)
        integers, row_scales = self._quantise(states, name)
        product = self._node(
            "MatMulIntegerToFloat",
            [
                integers,
                self._tensor(f"{name}.w", rounded),
                "unit",
                self._tensor(f"{name}.scales", scales),
                "middle",
            ],
            f"{name}.scaled",
            domain=_MICROSOFT,
        )
        return self._node("Mul", [product, row_scales], f"{name}.product")

    def _quantise(self, states: str, name: str) -> tuple[str, str]:
        """Round each row to 8 bits by its own largest value; return the integers and the rows' scales."""
        sizes = self._node("Abs", [states], f"{name}.sizes")
        largest = self._node("ReduceMax", [sizes, "last_axis"], f"{name}.largest", keepdims=1)
        scales = self._node("Mul", [largest, "per_level"], f"{name}.bare_scales")
        scales = self._node("Max", [scales, "tiny"], f"{name}.row_scales")  # a row of zeros divides by it
        levels = self._node("Div", [states, scales], f"{name}.levels")
        return self._node("QuantizeLinear", [levels, "unit", "middle"], f"{name}.integers"), scales

    def _constants(self) -> None:
        self._tensor("last_axis", np.array([-1], np.int64))
        self._tensor("per_level", np.array(1 / _ACTIVATION_LEVELS, np.float32))
        self._tensor("tiny", np.array(_TINY, np.float32))
        self._tensor("unit", np.array(1, np.float32))
        self._tensor("middle", np.array(_ACTIVATION_ZERO, np.uint8))

    def _add_and_norm(self, output: str, states: str, names: list[str]) -> str:
        matrix, norm = names
        inputs = [
            output,
            states,
            self._floats(f"{norm}.w"),
            self._floats(f"{norm}.b"),
            self._biases([matrix]),
        ]
        return self._node(
            "SkipLayerNormalization", inputs, f"{norm}.states", domain=_MICROSOFT, epsilon=self._shape.epsilon
        )

    def _pool(self, states: str) -> None:
        """Take the mean over each text's own tokens, at length one."""
        one = self._tensor("one", np.ones(1, np.int64))
        scalars = [self._tensor("from", np.array(0, np.int64)), self._tensor("step", np.array(1, np.int64))]
        count = self._node("Squeeze", ["token_count"], "token_count.scalar")
        places = self._node("Range", [scalars[0], count, scalars[1]], "places")
        lengths = self._node("Cast", [LENGTHS], "lengths.wide", to=self._onnx.TensorProto.INT64)
        lengths = self._node("Unsqueeze", [lengths, one], "lengths.column")
        own = self._node("Less", [places, lengths], "own_tokens")
        own = self._node("Cast", [own], "own_tokens.float", to=self._onnx.TensorProto.FLOAT)
        # The sum will do: dividing it by the number of tokens would not turn it.
        summed = self._node(
            "MatMul", [self._node("Unsqueeze", [own, one], "own_tokens.row"), states], "summed"
        )
        self._node("LpNormalization", [self._node("Squeeze", [summed, one], "sum")], VECTORS, axis=1, p=2)

    def _node(
        self,
        operator: str,
        inputs: list[str],
        output: str,
        *,
        domain: str = "",
        **attributes: Any,  # noqa: ANN401 - each operator has its own
    ) -> str:
        self._nodes.append(
            self._onnx.helper.make_node(operator, inputs, [output], domain=domain, **attributes)
        )
        return output

    def _tensor(self, name: str, values: NDArray[Any]) -> str:
        self._tensors.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _signed_4bit(self, name: str, packed: NDArray[np.uint8], dims: list[int]) -> None:
        tensor = self._onnx.TensorProto(
            name=name, data_type=self._onnx.TensorProto.INT4, raw_data=packed.tobytes()
        )
        tensor.dims.extend(dims)
        self._tensors.append(tensor)

    def _floats(self, name: str) -> str:
        return self._tensor(name, self._weights.floats(name))

    def _biases(self, matrices: list[str]) -> str:
        values = np.concatenate([self._weights.floats(f"{matrix}.b") for matrix in matrices])
        return self._tensor("+".join(matrices) + ".b", values)
