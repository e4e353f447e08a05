from __future__ import annotations

import hashlib
import importlib
import random

import opencc
import pytest

from rag.reposts import bands, is_current, signature

WORDS = "医保改革推进门诊报销住院比例药品集采基层家庭医生签约服务县域共同体人才培养中医护理养老"


def made_up(seed: int, chars: int = 600) -> str:
    chance = random.Random(seed)
    return "".join(chance.choices(WORDS + "，。", k=chars))


def test_a_signature_does_not_change_unless_its_version_does():
    digest = hashlib.sha256(signature(made_up(1))).hexdigest()

    assert digest == "c44d9a493217ecf7e481bdb3da7bd1cb51eb7f70499002eb9dae3d06910acc13"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("，", ",").replace("。", "。\n　　"),
        lambda text: opencc.OpenCC("s2t").convert(text),
        lambda text: f"  {text}\n\n",
    ],
)
def test_width_script_and_spacing_do_not_matter(change):
    text = made_up(2)

    assert signature(change(text)) == signature(text)


@pytest.mark.parametrize("kept", [1.0, 0.8, 0.5])
def test_texts_of_which_one_holds_half_of_the_other_share_a_band(kept):
    texts = [made_up(seed) for seed in range(40)]

    sharing = [
        bool(set(bands(signature(text))) & set(bands(signature(text[: int(kept * len(text))]))))
        for text in texts
    ]

    assert sum(sharing) >= 38


def test_texts_on_other_matters_rarely_share_a_band():
    own = [set(bands(signature(made_up(seed)))) for seed in range(60)]

    assert sum(bool(a & b) for i, a in enumerate(own) for b in own[:i]) <= 5


def test_bands_fit_into_a_signed_column():
    assert all(-(2**63) <= band < 2**63 for band in bands(signature("")))
    assert len(bands(signature("一"))) == 42


def test_what_another_version_signed_is_known_and_refused():
    signed = signature("医保")
    other = bytes([signed[0] + 1]) + signed[1:]

    assert is_current(signed)
    assert not is_current(other)
    assert not is_current(signed[:-1])
    with pytest.raises(ValueError, match="sign the text again"):
        bands(other)


def test_a_long_text_is_signed_in_parts_to_the_same_end(monkeypatch):
    text = made_up(3, 5000)
    whole = signature(text)

    monkeypatch.setattr(importlib.import_module("rag.reposts.signature"), "_AT_ONCE", 700)

    assert signature(text) == whole
