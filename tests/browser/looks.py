"""What a pair of eyes would complain about, as far as it can be computed."""

from playwright.sync_api import Locator, expect

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
