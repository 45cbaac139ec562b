// Makes elements. Rule: text is set as textContent and nothing else.

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
  return target;
}

export function svgElement(name, values) {
  return attributes(document.createElementNS("http://www.w3.org/2000/svg", name), values);
}

export function within(value, least, most, otherwise = (least + most) / 2) {
  return least > most ? otherwise : Math.min(Math.max(value, least), most);
}
