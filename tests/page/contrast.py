"""How far texts stand out from what is behind them: https://www.w3.org/TR/WCAG22/#contrast-minimum."""

FAINT = """() => {
  const rgb = (css) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = (color) => {
    const [r, g, b] = color.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    if (!element) return [255, 255, 255, 1];
    const own = rgb(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const known = new Map();
  const ratio = (element) => {
    const { color, backgroundColor } = getComputedStyle(element);
    const back = behind(element);
    const key = `${color} on ${back.join()}`;
    if (!known.has(key)) {
      const [a, b] = [light(over(rgb(color), back)), light(back)].sort((x, y) => y - x);
      known.set(key, (a + 0.05) / (b + 0.05));
    }
    return known.get(key);
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (element.closest("option, script, style, :disabled, [inert]") || element.closest("[aria-hidden=true]")) continue;
    const found = ratio(element);
    const name = `${element.tagName.toLowerCase()}.${element.className}`;
    if (found < 4.5) faint.add(`${name}: “${words.slice(0, 30)}” ${found.toFixed(2)}`);
  }
  return [...faint].sort();
}"""
"""Every text that is seen and whose contrast is less than 4.5 : 1, as a function for the page."""
