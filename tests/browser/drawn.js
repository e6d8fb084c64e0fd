// Every element of a picture as the page has it: what it says, where it is, how it is painted, and
// what lies over it. Boxes are left, top, right, bottom, counted from the picture's own corner.
(root, LEFT_OUT) => {
  const origin = root.getBoundingClientRect();
  const drawings = [...root.querySelectorAll("svg")];

  const relative = ({ left, top, right, bottom }) => [
    left - origin.left,
    top - origin.top,
    right - origin.left,
    bottom - origin.top,
  ];

  const linesOf = (words) =>
    words.flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].filter((line) => line.width);
    });

  // A tenth of the way from each edge and in the middle; a line at an edge of its drawing is looked
  // for within it.
  const probes = ({ left, top, right, bottom }, shares, within) =>
    shares.flatMap((down) =>
      shares.map((across) =>
        document.elementFromPoint(
          Math.min(Math.max(left + across * (right - left), within.left + 0.5), within.right - 0.5),
          Math.min(Math.max(top + down * (bottom - top), within.top + 0.5), within.bottom - 0.5)
        )
      )
    );

  // Text has to be hit itself; of a shape it is enough that nothing from outside its drawing is.
  const covering = (element, lines) => {
    const drawing = element.ownerSVGElement ?? (element.localName === "svg" ? element : null);
    const within = (drawing ?? root).getBoundingClientRect();
    const over = lines.length
      ? lines.flatMap((line) => probes(line, [0.5], within)).filter((hit) => hit !== element)
      : drawing
        ? probes(element.getBoundingClientRect(), [0.1, 0.5, 0.9], within).filter(
            (hit) => !drawing.contains(hit)
          )
        : [];
    return over.length ? over[0]?.outerHTML.slice(0, 60) ?? "nothing: it is out of sight" : "";
  };

  return [...root.querySelectorAll("*")].map((element) => {
    const style = getComputedStyle(element);
    const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const visible = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const lines = visible ? linesOf(words.filter((node) => node.data.trim())) : [];
    const shape = element.ownerSVGElement;
    return {
      tag: element.localName,
      attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
      text: words.map((node) => node.data).join(""),
      drawing: drawings.indexOf(shape ?? element),
      visible,
      left_out: element.closest(LEFT_OUT) !== null,
      box: relative(element.getBoundingClientRect()),
      frame: relative((shape ?? root).getBoundingClientRect()),
      lines: lines.map(relative),
      covered_by: visible ? covering(element, lines) : "",
      style: Object.fromEntries(
        ["color", "background-color", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"].map(
          (name) => [name, style.getPropertyValue(name)]
        )
      ),
    };
  });
}
