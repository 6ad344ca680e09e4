/**
 * Finds rows of the tables of a page by their words. It makes its own field, so that nothing stands there without a use
 * where no script runs; no text of the page ever becomes markup here.
 */
export const filterScript = `(() => {
  const tables = [...document.querySelectorAll('table.series')];
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows])
    .map((row) => [row, row.textContent.toLowerCase(), row.hasAttribute('data-worse')]);
  if (rows.length < 2) return;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const field = make('input', { type: 'search', placeholder: 'benchmark, metric or commit' });
  field.setAttribute('aria-label', 'find series by words');
  const box = make('input', { type: 'checkbox' });
  const label = make('label');
  label.append(box, ' only what got worse');
  const count = make('output', { className: 'quiet' });
  const bar = make('div', { className: 'find' });
  bar.append(field, label, count);
  document.querySelector('main > section').before(bar);
  const apply = () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text, worse] of rows) {
      const fits = (!box.checked || worse) && words.every((word) => text.includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown++;
    }
    count.textContent = shown === rows.length ? rows.length + ' series' : shown + ' of ' + rows.length + ' series';
  };
  field.addEventListener('input', apply);
  box.addEventListener('change', apply);
  apply();
})();
`;
