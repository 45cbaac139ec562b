// What every part of the picture needs: elements of the page, numbers, names of months.

export function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

export function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, value);
}

export function within(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

export function month(number) {
  return new Date(Date.UTC(1970, number)).toLocaleDateString("en", {
    month: "short", year: "numeric", timeZone: "UTC",
  });
}
