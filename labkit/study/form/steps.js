// Texts that are read one after another, with two native buttons; the number shown goes back to the kernel.
function render({ model, el }) {
  const box = el.appendChild(document.createElement("section"));
  // JupyterLab must not take the keys pressed on these buttons as its own commands.
  box.setAttribute("data-lm-suppress-shortcuts", "true");
  box.style.cssText = "max-width: 42em; padding: 0.2em 0";
  box.addEventListener("keydown", (event) => event.stopPropagation());
  const title = box.appendChild(document.createElement("h4"));
  const text = box.appendChild(document.createElement("p"));
  text.setAttribute("role", "status");
  const [back, next] = model.get("labels").map((label, at) => {
    const button = box.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "jupyter-button";
    button.textContent = label;
    button.style.marginRight = "0.5em";
    button.addEventListener("click", () => go(at === 0 ? -1 : 1));
    return button;
  });
  let step = model.get("step");

  function show() {
    title.textContent = model.get("titles")[step - 1];
    text.replaceChildren(...model.get("texts")[step - 1].split("`").map((part, at) => {
      const node = document.createElement(at % 2 ? "code" : "span");
      node.textContent = part;
      return node;
    }));
    // aria-disabled keeps the focus on the button, where `disabled` would lose it.
    back.setAttribute("aria-disabled", String(step <= 1));
    next.setAttribute("aria-disabled", String(step >= model.get("texts").length));
  }

  function go(by) {
    const wanted = Math.min(Math.max(step + by, 1), model.get("texts").length);
    if (wanted !== step) {
      step = wanted;
      show();
      model.send({ step });
    }
  }
  show();
}

export default { render };
