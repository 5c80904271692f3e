// A filter policy to type: a native text field and radio buttons, a table that says at once what passes, in words.
let forms = 0;

function make(name, text, style) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (style) element.style.cssText = style;
  return element;
}

function render({ model, el }) {
  const own = `labkit-policy-${++forms}`;
  const labels = model.get("labels");
  const form = el.appendChild(make("form", "", "max-width: 56em; padding: 0.2em 0"));
  // JupyterLab must not take the keys typed here as its own commands.
  form.setAttribute("data-lm-suppress-shortcuts", "true");
  form.addEventListener("keydown", (event) => event.stopPropagation());
  form.addEventListener("submit", (event) => event.preventDefault());

  const name = form.appendChild(make("label", labels.policy, "display: block; font-weight: 600"));
  const field = name.appendChild(make("textarea", "", "display: block; width: 100%; box-sizing: border-box; font-family: monospace; margin: 0.3em 0"));
  Object.assign(field, { value: model.get("policy"), rows: 4, spellcheck: false });
  const set = form.appendChild(make("fieldset", "", "border: 1px solid currentColor; border-radius: 4px; padding: 0.2em 0.8em"));
  set.appendChild(make("legend", labels.scope));
  for (const scope of model.get("scopes")) {
    const label = set.appendChild(make("label", "", "margin-right: 1.2em; cursor: pointer"));
    const radio = label.appendChild(make("input"));
    Object.assign(radio, { type: "radio", name: `${own}-scope`, value: scope, checked: scope === model.get("scope") });
    label.append(` ${scope}`);
  }
  const status = form.appendChild(make("p", "", "min-height: 1.4em; margin: 0.5em 0; white-space: pre-wrap"));
  status.setAttribute("role", "status");
  const table = form.appendChild(make("table"));
  const head = table.appendChild(make("thead")).appendChild(make("tr"));
  for (const text of [labels.message, labels.passes, labels.why]) {
    head.appendChild(make("th", text, "text-align: left; padding: 0.2em 0.8em 0.2em 0")).scope = "col";
  }
  const body = table.appendChild(make("tbody"));

  function show() {
    const answer = model.get("answer");
    status.textContent = answer.refused || answer.count;
    body.replaceChildren(...model.get("messages").map(([message, looked], place) => {
      const row = make("tr");
      const first = row.appendChild(make("th", message, "text-align: left; vertical-align: top; font-weight: normal; padding: 0.3em 0.8em 0.3em 0"));
      first.scope = "row";
      first.appendChild(make("div", looked, "font-size: 85%; opacity: 0.8; white-space: pre-wrap"));
      const why = answer.why[place];
      const word = why === undefined ? "" : why === "" ? `✓ ${labels.passes}` : `✗ ${labels.held}`;
      const cell = "text-align: left; vertical-align: top; padding: 0.3em 0.8em 0.3em 0";
      row.append(make("td", word, `white-space: nowrap; ${cell}`), make("td", why || "", cell));
      return row;
    }));
  }
  let waiting;
  function typed() {
    clearTimeout(waiting);
    const scope = form.querySelector(`input[name="${own}-scope"]:checked`).value;
    waiting = setTimeout(() => model.send({ policy: field.value, scope }), 150);
  }
  field.addEventListener("input", typed);
  set.addEventListener("change", typed);
  model.on("change:answer", show);
  show();
  return () => { clearTimeout(waiting); model.off("change:answer", show); };
}

export default { render };
