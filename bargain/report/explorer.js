// One explorer: sliders, a map of regimes over two parameters, and the equilibria at the point. `model` is made by bargain/report/explorer.py.
function explorer(root, model) {
  const point = model.parameters.map(parameter => parameter.base);
  const colours = ["#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#0072B2", "#D55E00", "#999999"];
  const canvas = root.querySelector("canvas"), said = root.querySelector("[aria-live]"), cells = 72;
  const sign = value => (Math.abs(value) <= 1e-12 ? 2 : value < 0 ? 1 : 4);
  const holding = at => {
    const signs = model.bodies(at).map(sign);
    return model.regimes.flatMap((regime, k) => (regime.cells.some(cell => cell.every(([body, mask]) => signs[body] & mask)) ? [k] : []));
  };
  const number = value => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "");
  const escaped = text => text.replace(/[&<>"]/g, sign => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
  function rows() {
    const found = holding(point), values = model.values(point);
    const lines = found.flatMap(k => model.regimes[k].equilibria.map(e => [k, e]));
    const header = ["Regime", "Equilibrium", ...model.columns].map(text => `<th scope="col">${escaped(text)}</th>`).join("");
    const body = lines.map(([k, e]) => `<tr><td>${k + 1}</td><td>${escaped(e.outcome)}</td>${e.values.map(v => `<td>${v < 0 ? "" : number(values[v])}</td>`).join("")}</tr>`);
    const caption = found.length ? `Condition: ${found.map(k => model.regimes[k].condition).join("; ")}` : "On a border between regimes, or outside the assumptions.";
    said.innerHTML = `<p>${escaped(caption)}</p><table><thead><tr>${header}</tr></thead><tbody>${body.join("")}</tbody></table>`;
    return found;
  }
  function map() {
    const pen = canvas.getContext("2d"), [x, y] = [model.parameters[0], model.parameters[1]], size = canvas.width / cells;
    const middle = new Map();
    for (let i = 0; i < cells; i++)
      for (let j = 0; j < cells; j++) {
        const at = point.slice();
        at[0] = x.low + ((i + 0.5) / cells) * (x.high - x.low);
        at[1] = y.low + ((j + 0.5) / cells) * (y.high - y.low);
        const found = holding(at), key = found.join(",");
        pen.fillStyle = found.length ? colours[found.reduce((sum, k) => sum * 3 + k, 0) % colours.length] : "#ffffff";
        pen.fillRect(i * size, canvas.height - (j + 1) * size, size + 1, size + 1);
        if (found.length > 1 && (i + j) % 4 === 0) { pen.fillStyle = "#00000055"; pen.fillRect(i * size, canvas.height - (j + 1) * size, size / 2, size / 2); }
        const sum = middle.get(key) || [0, 0, 0];
        middle.set(key, [sum[0] + i, sum[1] + j, sum[2] + 1]);
      }
    pen.fillStyle = "#000";
    pen.font = "bold 14px sans-serif";
    pen.textAlign = "center";
    for (const [key, [i, j, count]] of middle) if (key && count > 12) pen.fillText(key.split(",").map(k => Number(k) + 1).join("+"), (i / count + 0.5) * size, canvas.height - (j / count) * size);
    const left = ((point[0] - x.low) / (x.high - x.low)) * canvas.width, top = canvas.height * (1 - (point[1] - y.low) / (y.high - y.low));
    pen.lineWidth = 2;
    pen.strokeRect(left - 5, top - 5, 10, 10);
    pen.beginPath(); pen.moveTo(left, 0); pen.lineTo(left, canvas.height); pen.moveTo(0, top); pen.lineTo(canvas.width, top); pen.lineWidth = 0.5; pen.stroke();
  }
  function show() {
    const found = rows();
    map();
    canvas.setAttribute("aria-label", `Map of regimes over ${model.parameters[0].name} and ${model.parameters[1].name}; the point is in ${found.length ? "regime " + found.map(k => k + 1).join(" and ") : "no listed regime"}.`);
  }
  root.querySelectorAll("input").forEach((slider, k) => {
    const output = root.querySelectorAll("output")[k];
    slider.addEventListener("input", () => { point[k] = Number(slider.value); output.value = number(point[k]); show(); });
  });
  canvas.addEventListener("click", event => {
    const box = canvas.getBoundingClientRect(), share = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    [0, 1].forEach(k => {
      const slider = root.querySelectorAll("input")[k], parameter = model.parameters[k];
      slider.value = parameter.low + share[k] * (parameter.high - parameter.low);
      slider.dispatchEvent(new Event("input"));
    });
  });
  show();
}
