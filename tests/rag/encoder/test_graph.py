from __future__ import annotations

import math

import numpy as np
import onnxruntime
import pytest

from rag.encoder.graph import write_graph
from rag.encoder.weights import parse, read_weights

HEADS, LAYERS = 4, 2


def bert(tensors, ids):
    """Plain BERT as its paper has it, in float64, one text: the answer that the graph must come to."""
    t = {name: values.astype(np.float64) for name, values in tensors.items()}

    def norm(x, name):
        centred = x - x.mean(axis=1, keepdims=True)
        return (
            centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-12) * t[f"{name}.w"]
            + t[f"{name}.b"]
        )

    def linear(x, name):
        return x @ t[f"{name}.w"].T + t[f"{name}.b"]

    def heads(x):
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    x = norm(t["emb.word"][ids] + t["emb.pos"][: len(ids)] + t["emb.type"][0], "emb.ln")
    for layer in range(LAYERS):
        q, k, v = (heads(linear(x, f"l{layer}.{name}")) for name in "qkv")
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        attended = weights / weights.sum(axis=-1, keepdims=True) @ v
        attended = attended.transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(x + linear(attended, f"l{layer}.ao"), f"l{layer}.aln")
        inner = linear(x, f"l{layer}.fi")
        active = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
        x = norm(x + linear(active, f"l{layer}.fo"), f"l{layer}.oln")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.fixture
def rows():
    rng = np.random.default_rng(5)
    return [rng.integers(0, 17, size).tolist() for size in (2, 3, 7, 20, 48)]


def run(session, rows):
    lengths = np.array([len(row) for row in rows], np.int32)
    ids = np.ones((len(rows), lengths.max()), np.int64)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = tokens
    return session.run(None, {"input_ids": ids, "lengths": lengths})[0]


def session_of(weights, folder, *, exact):
    write_graph(weights, folder / "model.onnx", exact=exact)
    return onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])


@pytest.fixture
def weights(tiny):
    return read_weights(tiny.card, tiny.path)


def test_the_exact_graph_is_bert(tiny, weights, tmp_path, rows):
    session = session_of(weights, tmp_path, exact=True)

    vectors = run(session, rows)

    expected = np.stack([bert(tiny.tensors, row) for row in rows])
    np.testing.assert_allclose(vectors, expected, atol=2e-6)


def test_the_fast_graph_is_bert_but_for_its_rounding(tiny, weights, tmp_path, rows):
    session = session_of(weights, tmp_path, exact=False)

    vectors = run(session, rows)

    expected = np.stack([bert(tiny.tensors, row) for row in rows])
    assert np.sum(vectors * expected, axis=1).min() > 0.995
    assert np.abs(vectors - expected).max() > 1e-6  # it is the rounded one


@pytest.mark.parametrize("exact", [True, False])
def test_a_text_has_the_same_vector_alone_and_padded_beside_longer_ones(weights, tmp_path, rows, exact):
    session = session_of(weights, tmp_path, exact=exact)

    together = run(session, rows)

    np.testing.assert_allclose(together, np.concatenate([run(session, [row]) for row in rows]), atol=1e-5)


def test_rows_of_zeros_do_not_spoil_the_vector(weights, tmp_path, rows):
    content = bytearray(weights.content)
    for name in (
        "l0.v.w",
        "l0.v.b",
        "l1.fi.w",
        "l1.fi.b",
    ):  # so attention, then the inner layer, give only zeros
        entry = weights.entries[name]
        content[entry.offset : entry.offset + entry.size] = bytes(entry.size)

    session = session_of(parse(bytes(content)), tmp_path, exact=False)

    assert np.isfinite(run(session, rows)).all()
