// Shows the trial that the slider points at. The browser switches by itself between trials it has; for one that it has
// not it asks the kernel. Nothing moves, so there is nothing for prefers-reduced-motion to stop.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export default {
  render({ model, el }) {
    const labels = model.get("labels");
    const trials = new Map(model.get("trials").map((trial) => [trial.place, trial]));
    const words = model.get("words");
    const slider = make("input", {
      type: "range", min: 0, max: labels.length - 1, step: 1, value: 1, style: "flex: 0 1 420px; min-width: 120px",
    });
    const shown = make("output", { style: "font-weight: bold; min-width: 3em" });
    const name = make("label", { style: "display: flex; gap: 12px; align-items: center" });
    name.append(words.setting, slider, shown);
    const sentence = make("p", { role: "status", "aria-live": "polite", style: "min-height: 2.6em; margin: 6px 0" });
    const above = make("div", {});
    const heading = make("p", { style: "font-weight: bold; margin: 6px 0" });
    const below = make("div", {});
    const base = make("p", { style: "font-weight: bold; margin: 6px 0" }, words.base);
    const guide = make("p", { style: "font-size: 90%; margin: 0 0 8px" }, words.guide);
    el.append(make("div", { role: "group", "aria-label": words.setting }, guide, name, sentence, base, above, heading, below));

    function show() {
      const place = Number(slider.value);
      shown.textContent = labels[place];
      slider.setAttribute("aria-valuetext", labels[place]);
      const trial = trials.get(place);
      if (!trial) {
        sentence.textContent = words.running;
        model.send({ place });
        return;
      }
      sentence.textContent = trial.sentence;
      heading.textContent = trial.heading;
      if (trial.below) {
        above.innerHTML = trial.above;
        below.innerHTML = trial.below;
      }
    }
    function arrived(trial) {
      trials.set(trial.place, trial);
      if (trial.place === Number(slider.value)) show();
    }
    slider.addEventListener("input", show);
    model.on("msg:custom", arrived);
    show();
    return () => model.off("msg:custom", arrived);
  },
};
