from __future__ import annotations

from rag.verify import verify


def test_a_figure_of_one_place_is_not_given_to_another_of_the_same_evidence():
    evidence = "衢州市建成影像中心12个。台州市探索急救改革，平均半径缩短到8公里。"

    assert verify("台州市急救平均半径缩短到8公里", evidence).supported
    assert not verify("衢州市急救平均半径缩短到8公里", evidence).supported
