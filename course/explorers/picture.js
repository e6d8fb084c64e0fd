// Shows the HTML that Python sends and tells Python which cell was chosen; it reckons nothing.

const KEYS = {
  ArrowUp: ([row, column]) => [row - 1, column],
  ArrowDown: ([row, column]) => [row + 1, column],
  ArrowLeft: ([row, column]) => [row, column - 1],
  ArrowRight: ([row, column]) => [row, column + 1],
  Home: ([row], [rows, columns], whole) => [whole ? 0 : row, 0],
  End: ([row], [rows, columns], whole) => [whole ? rows - 1 : row, columns - 1],
  PageUp: ([, column]) => [0, column],
  PageDown: ([, column], [rows]) => [rows - 1, column],
};

function inside(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}

// Makes `old` like `fresh` and touches only what differs, so that focus and scroll stay.
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, place) => {
    if (place < before.length) morph(before[place], node);
    else old.append(node);
  });
  before.slice(after.length).forEach((node) => node.remove());
}

const sizes = (grid) => [Number(grid.dataset.rows), Number(grid.dataset.columns)];

// The row and the column under the pointer, or the nearest ones when it has left the grid.
function under(event, grid) {
  const box = grid.querySelector(".cells").getBoundingClientRect();
  const [rows, columns] = sizes(grid);
  return [
    inside(Math.floor(((event.clientY - box.top) / box.height) * rows), rows),
    inside(Math.floor(((event.clientX - box.left) / box.width) * columns), columns),
  ];
}

// The one cell of a grid that Tab reaches. With `place`, another cell becomes that one.
function current(grid, place) {
  const now = grid.querySelector('[role="gridcell"][tabindex="0"]');
  if (!now || !place) return now;
  const [row, column] = place;
  const next = grid.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  if (!next) {
    // Large grids hold only the chosen cell.
    [now.dataset.row, now.dataset.column] = place;
    return now;
  }
  now.tabIndex = -1;
  next.tabIndex = 0;
  return next;
}

// ipywidgets leaves these without a name that a screen reader could say.
function nameControls(root) {
  for (const slider of root.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label")?.textContent;
    slider.querySelector('[role="slider"]')?.setAttribute("aria-label", label);
    const readout = slider.querySelector(".widget-readout");
    readout?.setAttribute("role", "textbox");
    readout?.setAttribute("aria-label", `${label}, as a number`);
  }
  for (const play of root.querySelectorAll(".widget-play")) {
    const names = ["Play or pause", "Stop", "Repeat"];
    play.querySelectorAll("button").forEach((button, place) => {
      button.title = names[place];
      button.setAttribute("aria-label", names[place]);
    });
  }
  for (const button of root.querySelectorAll(".widget-toggle-button")) {
    button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
  }
}

function watchControls(el) {
  const changes = new MutationObserver(() => nameControls(el.closest(".convdims-explorer")));
  const attached = new ResizeObserver(() => {
    const root = el.closest(".convdims-explorer");
    if (!root) return;
    attached.disconnect();
    nameControls(root);
    changes.observe(root, { childList: true, subtree: true, attributeFilter: ["class"] });
  });
  attached.observe(el);
  return () => {
    attached.disconnect();
    changes.disconnect();
  };
}

function render({ model, el }) {
  // JupyterLab's own shortcuts would take the arrow keys.
  el.dataset.lmSuppressShortcuts = "true";

  let sent = null;
  const show = () => {
    const focused = document.activeElement?.closest?.("[data-grid]");
    const fresh = document.createElement("template");
    fresh.innerHTML = model.get("value");
    morphChildren(el, fresh.content);
    if (sent && sent.at !== model.get("answered")) {
      // An older state: the keyboard goes on from where it has been moved to.
      for (const grid of el.querySelectorAll(`[data-grid="${sent.grid}"]`)) {
        current(grid, [sent.row, sent.column]);
      }
    }
    if (focused && el.contains(focused)) current(focused)?.focus({ preventScroll: true });
  };

  const choose = (grid, [row, column], event) => {
    sent = { grid: grid.dataset.grid, row, column, at: event.timeStamp };
    model.set("chosen", sent);
    model.save_changes();
  };

  let dragged = null;
  const drag = (event) => {
    const place = under(event, dragged.grid);
    if (String(place) === String(dragged.place)) return;
    dragged.place = place;
    choose(dragged.grid, place, event);
  };
  el.addEventListener("pointerdown", (event) => {
    const grid = event.target.closest("[data-grid]");
    if (!grid || event.button) return;
    event.preventDefault();
    grid.setPointerCapture(event.pointerId);
    dragged = { grid };
    drag(event);
    const keys = current(grid) ?? el.querySelector('[role="gridcell"][tabindex="0"]');
    keys?.focus({ preventScroll: true });
  });
  el.addEventListener("pointermove", (event) => dragged && drag(event));
  for (const over of ["pointerup", "pointercancel"]) {
    el.addEventListener(over, () => (dragged = null));
  }

  el.addEventListener("keydown", (event) => {
    const cell = event.target.closest('[role="gridcell"]');
    const move = KEYS[event.key];
    if (!cell || !move || event.altKey || event.metaKey) return;
    event.preventDefault();
    const grid = cell.closest("[data-grid]");
    const from = [Number(cell.dataset.row), Number(cell.dataset.column)];
    const counts = sizes(grid);
    const place = move(from, counts, event.ctrlKey).map((to, axis) => inside(to, counts[axis]));
    if (String(place) === String(from)) return;
    current(grid, place).focus();
    choose(grid, place, event);
  });

  model.on("change:value", show);
  show();
  return watchControls(el);
}

export default { render };
