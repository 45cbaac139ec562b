// Moves things from one state to another in a quarter of a second; at once for who prefers that.

const TIME = 250;

export function glide(step, done) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    step(1);
    done();
    return () => {};
  }
  const begin = performance.now();
  let frame = 0;
  const tick = (now) => {
    const part = Math.min(1, Math.max(0, (now - begin) / TIME));
    step(1 - (1 - part) ** 3);
    if (part < 1) frame = requestAnimationFrame(tick);
    else done();
  };
  frame = requestAnimationFrame(tick);
  step(0);
  return () => cancelAnimationFrame(frame);
}

export function between(from, to, part) {
  return from + (to - from) * part;
}
