"""What a pair of eyes would complain about, as far as it can be computed."""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops
from playwright.sync_api import Locator, expect

STORED = Path(__file__).parent / "looks"
BLOCK = 8
OTHER_SIZE, OTHER_COLOUR, OTHER_BLOCKS = 0.04, 40, 0.03

# The contrast of WCAG 2, between each piece of text and the first background behind it that covers.
UNREADABLE = """
root => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.matches('style') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const front = parse(element.closest('svg') ? style.fill : style.color);
    const [low, high] = [light(front), light(behind(element))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < LEAST) found.push(`${contrast.toFixed(1)}: ${text.slice(0, 60)}`);
  }
  return found;
}
"""
LEAST = 4.5


def unreadable(part: Locator) -> list[str]:
    """The pieces of text whose contrast is below 4.5 to 1, each with its contrast.

    `part` may be several elements, and has to be in sight.
    """
    expect(part.last).not_to_have_text("", use_inner_text=True)
    script = UNREADABLE.replace("LEAST", str(LEAST))
    found: list[str] = part.evaluate_all(f"parts => parts.flatMap({script})")
    return found


def has_the_fonts_of_the_stored() -> bool:
    """Whether this machine writes in DejaVu Sans, as the one did that took the pictures."""
    found = shutil.which("fc-match")
    if found is None:
        return False
    named = subprocess.run([found, "system-ui"], capture_output=True, text=True, check=False)
    return "DejaVu Sans" in named.stdout


def assert_looks_as_stored(part: Locator, name: str) -> None:
    """Compare a screenshot with tests/browser/looks/NAME.png, coarsely.

    The edges of letters differ between machines, so both are shrunk to blocks of 8 pixels. What
    is left shows colours, and what stands where. CONVDIMS_STORE_LOOKS=1 stores new pictures.
    """
    taken = part.screenshot(animations="disabled", caret="hide")
    stored = STORED / f"{name}.png"
    if os.environ.get("CONVDIMS_STORE_LOOKS"):
        STORED.mkdir(exist_ok=True)
        stored.write_bytes(taken)
    assert stored.is_file(), f"no stored picture {stored}; look at one, then store it"
    was, now = Image.open(stored).convert("RGB"), Image.open(BytesIO(taken)).convert("RGB")
    sizes = [abs(a - b) / a for a, b in zip(was.size, now.size, strict=True)]
    assert max(sizes) < OTHER_SIZE, f"{name} was {was.size} and is {now.size}"
    small = (was.width // BLOCK, was.height // BLOCK)
    blocks = [image.resize(small, Image.Resampling.BOX) for image in (was, now)]
    differing = np.asarray(ImageChops.difference(*blocks)).max(-1) > OTHER_COLOUR
    assert differing.mean() < OTHER_BLOCKS, f"{differing.mean():.1%} of {name} looks different"
