// The page: what is chosen stands in the address behind '#', everything else follows from it.

const controls = document.getElementById('controls');
const fields = controls.elements;
const DEFAULTS = {part: '0', view: 'treemap', size: '', color: '', layer: '', search: '', path: ''};
const SIZES = {
  false: {disk: 'disk', pull: 'pull (estimated per file)', goes: 'reclaimable, on disk'},
  true: {disk: 'disk', pull: 'pull (estimated per file)'},
};
const COLORS = {false: ['class', 'layer', 'package'], true: ['change', 'origin']};

let data, models, table, state, shown;

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
  fillSelect(fields.size, Object.entries(SIZES[data.diff]));
  fillSelect(fields.color, COLORS[data.diff].map(color => [color, color]));
  document.getElementById('part-choice').hidden = models.length < 2;
  document.getElementById('layer-choice').hidden = data.diff;
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

function measure(model, kind, layer, search) {
  const pass = model.matching(layer, search);
  const sums = {disk: model.sums(model.disk, pass), pull: model.sums(model.pull, pass), files: model.sums(model.files, pass), rows: model.sums(null, pass)};
  sums.goes = model.goes ? model.sums(model.goes, pass) : null;
  if (data.diff) sums.before = model.sums(kind === 'pull' ? model.pullBefore : model.diskBefore, pass);
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
  const text = `${sums.files[root].toLocaleString('en')} files, ${words(sums[size][root])}`;
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

function profileColumns() {
  const {model, sums} = shown;
  const leaf = (row, text) => model.isFolder(row) ? '' : text(row);
  return [
    {title: 'Share', text: shareOf},
    {title: 'Disk', number: true, text: row => words(sums.disk[row])},
    {title: 'Pull', number: true, text: row => words(sums.pull[row])},
    {title: 'Can go', number: true, text: row => words(sums.goes[row])},
    {title: 'Class', text: row => leaf(row, classOf)},
    {title: 'Package', text: row => leaf(row, ownerOf)},
    {title: 'Layer', number: true, text: row => leaf(row, layerOf)},
  ];
}

function diffColumns() {
  const {model, sums, size} = shown;
  return [
    {title: 'Before', number: true, text: row => words(sums.before[row])},
    {title: 'After', number: true, text: row => words(sums[size][row])},
    {title: 'Change', number: true, text: row => changeText(sums.before[row], sums[size][row], data.units)},
    {title: 'State', text: row => data.states[model.state[row]]},
    {title: 'Whose', text: row => data.origins[model.origin[row]]},
  ];
}

function showTable() {
  const {model, root, sums, size, pass, all} = shown;
  const order = data.diff ? row => Math.abs(sums[size][row] - sums.before[row]) : row => sums[size][row];
  table.show({model, root, pass, order, below: sums.rows, all, columns: data.diff ? diffColumns() : profileColumns()});
}

function classOf(row) {
  return data.classes[shown.model.class[row]];
}

function ownerOf(row) {
  return shown.model.owners[shown.model.owner[row]] || '';
}

function layerOf(row) {
  return shown.model.layer[row] === NOTHING ? '' : String(shown.model.layer[row]);
}

// [what, text] of a leaf of an image.
function fileFacts(row) {
  const {model} = shown;
  const layer = model.layer[row], finding = model.findings[model.finding[row]], hidden = model.hidden[row];
  const facts = [['Class', classOf(row)], ['Package', ownerOf(row)], ['Layer', layer === NOTHING ? '' : `${layer}: ${model.layers[layer]}`]];
  if (hidden !== NOTHING) facts.push(['Hidden', `${data.fates[model.fate[row]]} by layer ${hidden}: ${model.layers[hidden]}`]);
  if (finding) facts.push(['Finding', `${finding.title} [${finding.id}], ${finding.confidence}`], ['Fix', finding.fix]);
  return facts;
}

function showDetail(row) {
  const {model, sums, size} = shown;
  const facts = [['Path', model.path(row) || '/'], ['Files', sums.files[row].toLocaleString('en')], ['Size', words(sums[size][row])]];
  if (!data.diff && !model.isFolder(row)) facts.push(...fileFacts(row));
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
  const head = data.diff ? ['path', 'state', 'origin', 'disk_bytes_before', 'disk_bytes', 'pull_bytes_before', 'pull_bytes']
    : ['path', 'disk_bytes', 'pull_bytes', 'reclaimable_bytes', 'layer', 'class', 'owner', 'finding', 'fate'];
  const rows = [head];
  for (let i = root; i < model.end[root]; i++) if (pass[i]) rows.push(data.diff ? diffRow(model, i) : profileRow(model, i));
  return rows;
}

function profileRow(model, i) {
  return [model.path(i), model.disk[i], model.pull[i], model.goes[i], layerOf(i), classOf(i), ownerOf(i), (model.findings[model.finding[i]] || {id: ''}).id, data.fates[model.fate[i]]];
}

function diffRow(model, i) {
  return [model.path(i), data.states[model.state[i]], data.origins[model.origin[i]], model.diskBefore[i], model.disk[i], model.pullBefore[i], model.pull[i]];
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
  models = data.parts.map(part => new Model(part, data));
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
