/**
 * Makes drawings answer to a pointer and to arrow keys. It reads the table of data behind the drawing and says the row
 * that is nearest; without it nothing is missing. No text of a page ever becomes markup here.
 */
export const pageScript = `(() => {
  const space = 'http://www.w3.org/2000/svg';
  for (const figure of document.querySelectorAll('figure')) {
    const svg = figure.querySelector('svg');
    const data = figure.querySelector('table');
    const rows = data ? [...data.querySelectorAll('tbody tr')] : [];
    const heads = data ? [...data.querySelectorAll('thead th')].map((head) => head.textContent.trim()) : [];
    if (!svg || rows.length === 0) continue;
    const say = document.createElement('output');
    say.className = 'readout';
    figure.querySelector('.plot').after(say);
    const line = document.createElementNS(space, 'line');
    line.setAttribute('class', 'cursor');
    svg.append(line);
    const places = rows.map((row) => (row.dataset.x === undefined ? NaN : Number(row.dataset.x)));
    const placed = places.some((place) => place === place);
    let now = -1;
    const show = (index) => {
      now = Math.max(0, Math.min(rows.length - 1, index));
      const cells = [...rows[now].children].map((cell) => cell.textContent.trim());
      say.textContent = cells.map((cell, i) => (cell === '' ? '' : (heads[i] + ' ' + cell).trim())).filter(Boolean).join('   ');
      const x = places[now];
      line.style.display = x === x ? '' : 'none';
      if (x !== x) return;
      for (const [name, value] of [['x1', x], ['x2', x], ['y1', 0], ['y2', svg.viewBox.baseVal.height]]) line.setAttribute(name, value);
    };
    const hide = () => { say.textContent = ''; line.style.display = 'none'; now = -1; };
    line.style.display = 'none';
    svg.setAttribute('tabindex', '0');
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
      if (event.key === 'Escape') hide();
      else if (event.key === 'Home') show(0);
      else if (event.key === 'End') show(rows.length - 1);
      else if (step) show(now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step);
      else return;
      event.preventDefault();
    });
    svg.addEventListener('blur', hide);
    if (!placed) continue;
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      let best = 0;
      places.forEach((place, i) => { if (Math.abs(place - at) < Math.abs(places[best] - at) || places[best] !== places[best]) best = i; });
      show(best);
    });
    svg.addEventListener('pointerleave', hide);
  }
  // What is folded away is read on paper too.
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
})();
`;
