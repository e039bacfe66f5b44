"""The colours of the theme against the grounds they stand on, by WCAG 2.2's contrast ratio."""

from __future__ import annotations

import tomllib

import pytest

from corpus.paths import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
AA = 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_the_one_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_links_and_the_accent_can_be_read_on_both_grounds(mode: str) -> None:
    colours = THEME[mode]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        for name in colours.keys() - {"backgroundColor", "secondaryBackgroundColor", "borderColor", "codeBackgroundColor"}:
            assert contrast(colours[name], colours[ground]) >= AA, (mode, name, ground)
    assert contrast(colours["codeTextColor"], colours["codeBackgroundColor"]) >= AA


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_captions_can_be_read_which_are_the_text_at_six_tenths(mode: str) -> None:
    colours = THEME[mode]
    for name in ("backgroundColor", "secondaryBackgroundColor"):
        ground, text = (bytes.fromhex(colours[key][1:]) for key in (name, "textColor"))
        faded = "#" + bytes(round(0.6 * ink + 0.4 * paper) for ink, paper in zip(text, ground, strict=True)).hex()
        assert contrast(faded, colours[name]) >= AA, (mode, name)


def test_no_font_is_downloaded() -> None:
    assert "fontFaces" not in THEME
    assert not any("http" in str(value) for value in THEME.values())
