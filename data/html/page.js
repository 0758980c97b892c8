// The page: what is chosen stands in the address behind '#', everything else follows from it.

const controls = document.getElementById('controls');
const fields = controls.elements;
const DEFAULTS = {part: '0', view: 'treemap', size: '', color: '', layer: '', search: '', path: ''};

let data, kind, models, table, state, shown;

function stateInAddress() {
  const found = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.keys(DEFAULTS).map(key => [key, found.get(key) ?? DEFAULTS[key]]));
}

function addressOf(wanted) {
  const differing = Object.entries(wanted).filter(([key, value]) => value !== DEFAULTS[key]);
  return '#' + new URLSearchParams(differing);
}

// PUSH: the back button returns to where it was before.
function go(changes, push) {
  const wanted = {...state, ...changes};
  const address = addressOf(wanted);
  if (address !== (location.hash || '#')) {
    if (push) location.hash = address;
    else location.replace(address);
  }
  show(wanted);
}

function words(bytes) {
  return sizeText(bytes, data.units);
}

function fillSelect(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => element('option', {value}, text)));
}

function fillControls() {
  fillSelect(fields.part, models.map((model, i) => [i, model.title]));
  fillSelect(fields.size, Object.entries(kind.sizes));
  fillSelect(fields.color, kind.colors.map(color => [color, color]));
  document.getElementById('part-choice').hidden = models.length < 2;
  document.getElementById('layer-choice').hidden = data.kind !== 'profile';
}

function fillLayers(model) {
  fillSelect(fields.layer, [['', 'all'], ...model.layers.map((instruction, i) => [i, `${i} ${instruction.slice(0, 60)}`])]);
}

// A value that the page has no choice for becomes the first one.
function choose(select, value) {
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
  return select.value;
}

function measure(model, size, layer, search) {
  const pass = model.matching(layer, search);
  const sums = {rows: model.sums(null, pass)};
  for (const column of ['files', ...Object.keys(kind.sizes), ...kind.more || []]) sums[column] = model.sums(model[column], pass);
  if (kind.before) sums.before = model.sums(model[kind.before[size]], pass);
  return {pass, sums};
}

function show(wanted) {
  const part = choose(fields.part, wanted.part);
  const model = models[part];
  if (!shown || shown.model !== model) fillLayers(model);
  state = {...wanted, part};
  choose(fields.view, state.view);
  const size = choose(fields.size, state.size), color = choose(fields.color, state.color), layer = choose(fields.layer, state.layer);
  if (fields.search.value !== state.search) fields.search.value = state.search;
  const root = Math.max(0, model.folderAt(state.path));
  shown = {model, root, size, color, ...measure(model, size, layer, state.search), all: !layer && !state.search};
  document.querySelectorAll('.part').forEach((section, i) => { section.hidden = String(i) !== part; });
  showCrumbs();
  showFound();
  showMap();
  showTable();
  showDetail(root);
}

function showCrumbs() {
  const {model, root} = shown;
  const buttons = [0, ...model.line(root)].flatMap(row => {
    const button = element('button', {type: 'button'}, model.label(row));
    button.addEventListener('click', () => go({path: model.path(row)}, true));
    if (row === root) button.setAttribute('aria-current', 'location');
    return [' / ', button];
  });
  document.getElementById('crumbs').replaceChildren(...buttons.slice(1));
}

function showFound() {
  const {sums, size, root, model, all} = shown;
  const total = model.sums(model[size], model.matching('', ''))[root];
  const text = `${sums.files[root].toLocaleString('en')} ${kind.noun[1]}, ${words(sums[size][root])}`;
  document.getElementById('found').textContent = all ? text : `${text} of ${words(total)}`;
}

function showMap() {
  const {model, root, sums, size, color} = shown;
  const sizes = sums[size];
  const palette = new Palette(model, color, sizes, root);
  const text = row => words(sizes[row]);
  drawMap(document.getElementById('map'), fields.view.value, model, root, sizes, palette, text);
  document.getElementById('legend').replaceChildren(...palette.entries().map(([place, name, bytes]) =>
    element('li', {}, element('span', {class: `swatch c${place}`}, LETTERS[place] || '·'), `${name} ${words(bytes)}`)));
}

function shareOf(row) {
  const {sums, size, root} = shown;
  const share = sums[size][root] ? sums[size][row] / sums[size][root] : 0;
  const bar = element('span', {class: 'share', 'aria-hidden': 'true'}, element('span', {}));
  bar.firstElementChild.style.width = `${share * 100}%`;
  return bar;
}

function showTable() {
  const {model, root, sums, size, pass, all} = shown;
  const order = kind.before ? row => Math.abs(sums[size][row] - sums.before[row]) : row => sums[size][row];
  table.show({label: kind.table, model, root, pass, order, below: sums.rows, all, columns: kind.columns(shown)});
}

function showDetail(row) {
  const {model, sums, size} = shown;
  const [, many] = kind.noun;
  const facts = [['Path', model.path(row) || '/'], [many[0].toUpperCase() + many.slice(1), sums.files[row].toLocaleString('en')], ['Size', words(sums[size][row])]];
  if (!model.isFolder(row)) facts.push(...kind.facts(row));
  const list = element('dl', {}, ...facts.filter(([, text]) => text).flatMap(([what, text]) => [element('dt', {}, what), element('dd', {}, text)]));
  const copyButton = element('button', {type: 'button', id: 'copy'}, 'Copy path');
  copyButton.addEventListener('click', () => copy(row));
  document.getElementById('detail').replaceChildren(list, copyButton);
}

async function copy(row) {
  const path = shown.model.path(row);
  try {
    await navigator.clipboard.writeText(path);
  } catch { // not allowed: the old way
    const text = element('textarea', {'aria-label': 'path'});
    text.value = path;
    document.body.append(text);
    text.select();
    document.execCommand('copy');
    text.remove();
  }
  document.getElementById('found').textContent = `copied: ${path}`;
}

function rowsForCsv() {
  const {model, root, pass} = shown;
  const rows = [['path', ...kind.csv.map(([head]) => head)]];
  for (let i = root; i < model.end[root]; i++) if (pass[i]) rows.push([model.path(i), ...kind.csv.map(([, value]) => value(model, i))]);
  return rows;
}

function saveCsv() {
  const url = URL.createObjectURL(new Blob([csvText(rowsForCsv())], {type: 'text/csv'}));
  element('a', {href: url, download: 'imgprof.csv'}).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function clickedBox(event) {
  const box = event.target.closest('.box');
  if (!box) return;
  const row = Number(box.dataset.row);
  if (shown.model.isFolder(row)) zoom(row);
  else table.reveal(row);
}

function zoom(row) {
  const {model, root} = shown;
  go({path: model.path(row === root ? Math.max(0, model.parent[row]) : row)}, true);
  table.moveTo(table.rowWith(shown.root));
}

function listen() {
  const kept = ['part', 'view', 'size', 'color', 'layer', 'search'];
  controls.addEventListener('submit', event => event.preventDefault());
  controls.addEventListener('input', event => {
    const changes = Object.fromEntries(kept.map(key => [key, fields[key].value]));
    if (event.target === fields.part) Object.assign(changes, {layer: '', path: ''});
    go(changes, false);
  });
  document.getElementById('csv').addEventListener('click', saveCsv);
  document.getElementById('map').addEventListener('click', clickedBox);
  addEventListener('hashchange', () => {
    const wanted = stateInAddress();
    if (addressOf(wanted) !== addressOf(state)) show(wanted);
  });
  addEventListener('resize', showMap);
}

async function unpack() {
  const packed = atob(document.getElementById('payload').content.textContent);
  const bytes = Uint8Array.from(packed, letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).json();
}

async function start() {
  data = await unpack();
  kind = KINDS[data.kind];
  models = data.parts.map(part => new Model(part, {...data, noun: kind.noun}));
  table = new TreeTable(document.getElementById('tree'), {
    zoom, select: showDetail, copy,
    out: () => zoom(shown.root),
  });
  document.getElementById('views').hidden = false;
  fillControls();
  listen();
  show(stateInAddress());
  document.body.dataset.ready = 'yes';
}

start().catch(error => {
  const trouble = document.getElementById('trouble');
  trouble.textContent = `The views cannot be shown: ${error.message}. The tables below are whole.`;
  trouble.hidden = false;
});
