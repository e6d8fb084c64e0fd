// A field for an answer; Enter or its button hands over all that was typed, at once.

function render({ model, el }) {
  el.classList.add("convdims-answer");
  el.innerHTML =
    '<form><label>Your answer <input type="text" autocomplete="off" spellcheck="false">' +
    '</label> <button class="jupyter-button" type="submit">Check</button></form>';
  const form = el.querySelector("form");
  const input = el.querySelector("input");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.set("typed", { text: input.value, at: event.timeStamp });
    model.save_changes();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    // JupyterLab cancels what Enter does in a form.
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  });
  model.on("msg:custom", ({ focus }) => {
    input.value = "";
    if (focus) input.focus();
  });
}

export default { render };
