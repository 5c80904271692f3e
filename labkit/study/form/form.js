// A prediction's form: native radio buttons and one button, so that keyboard and screen reader work by themselves.
let forms = 0;

function choices(legend, texts, name, chosen) {
  const set = document.createElement("fieldset");
  set.style.cssText = "border: 1px solid currentColor; border-radius: 4px; margin: 0.4em 0; padding: 0.3em 0.8em";
  const question = set.appendChild(document.createElement("legend"));
  question.textContent = legend;
  // Floating, it stands inside the border; a question of two lines would be crossed by it.
  question.style.cssText = "float: left; width: 100%; padding: 0.2em 0 0.3em; font-weight: 600";
  texts.forEach((text, at) => {
    const label = set.appendChild(document.createElement("label"));
    label.style.cssText = "clear: both; display: block; padding: 0.15em 0; cursor: pointer";
    const radio = label.appendChild(document.createElement("input"));
    Object.assign(radio, { type: "radio", name, value: String(at + 1), checked: chosen === at + 1 });
    radio.style.marginRight = "0.5em";
    label.appendChild(document.createTextNode(text));
  });
  return set;
}

function render({ model, el }) {
  const own = `labkit-prediction-${++forms}`;
  const form = el.appendChild(document.createElement("form"));
  // JupyterLab must not take the arrow keys and letters typed here as its own commands.
  form.setAttribute("data-lm-suppress-shortcuts", "true");
  form.style.cssText = "max-width: 42em; padding: 0.2em 0";
  const labels = model.get("labels");
  const [option, sure] = model.get("committed");
  form.appendChild(choices(model.get("question"), model.get("options"), `${own}-option`, option));
  form.appendChild(choices(labels.sure, model.get("sureness"), `${own}-sure`, sure));
  const button = form.appendChild(document.createElement("button"));
  button.type = "submit";
  button.className = "jupyter-button";
  button.textContent = labels.commit;
  const status = form.appendChild(document.createElement("p"));
  status.setAttribute("role", "status");

  const picked = (name) => form.querySelector(`input[name="${own}-${name}"]:checked`);
  const show = () => {
    const locked = model.get("locked");
    form.querySelectorAll("fieldset").forEach((set) => { set.disabled = locked; });
    button.disabled = locked || !picked("option") || !picked("sure");
    status.textContent = model.get("status");
  };
  form.addEventListener("change", show);
  form.addEventListener("keydown", (event) => event.stopPropagation());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.send({ option: Number(picked("option").value), sure: Number(picked("sure").value) });
  });
  model.on("change:status", show);
  model.on("change:locked", show);
  show();
}

export default { render };
