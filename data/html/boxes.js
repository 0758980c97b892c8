// The map: boxes whose areas are sizes. d3-hierarchy lays them out, this draws them.

const LEAST_PX = 6;
const LINE_PX = 18;
const ICICLE_LEVELS = 12;
const OTHER = 9; // the last colour
const LETTERS = 'ABCDEFGHI';

// Changes have colours of their own, the same in every diff.
const CHANGE_PLACES = {same: OTHER, added: 1, shrunk: 2, grown: 3, removed: 4, changed: 5, moved: 6};

// What a leaf is coloured by, as a key and in words.
const COLORINGS = {
  class: {key: (model, i) => model.class[i], text: (model, key) => model.names.classes[key]},
  layer: {key: (model, i) => model.layer[i], text: (model, key) => key === NOTHING ? 'no layer' : `layer ${key}`},
  package: {key: (model, i) => model.owner[i], text: (model, key) => key === NOTHING ? 'no package' : model.owners[key]},
  change: {key: (model, i) => model.state[i], text: (model, key) => model.names.states[key],
    place: (model, key) => CHANGE_PLACES[model.names.states[key]]},
  repository: {key: (model, i) => model.parent[i], text: (model, key) => model.path(key) || model.title},
  label: {key: (model, i) => model.owner[i], text: (model, key) => key === NOTHING ? 'no label' : model.owners[key]},
  tags: {key: (model, i) => model.state[i], text: (model, key) => model.names.states[key]},
  images: {key: (model, i) => model.owner[i], text: (model, key) => key === NOTHING ? 'several' : model.owners[key]},
  manager: {key: (model, i) => model.line(i)[0], text: (model, key) => model.label(key)},
  origin: {key: (model, i) => model.origin[i], text: (model, key) => model.names.origins[key]},
};

class Palette {
  constructor(model, kind, sizes, root) {
    this.model = model;
    this.coloring = COLORINGS[kind];
    this.totals = this.totalsOf(root, sizes);
    this.order = [...this.totals.keys()].sort((a, b) => this.totals.get(b) - this.totals.get(a) || a - b);
  }

  totalsOf(root, sizes) {
    const totals = new Map();
    for (let i = root; i < this.model.end[root]; i++) {
      if (this.model.isFolder(i) || !sizes[i]) continue;
      const key = this.coloring.key(this.model, i);
      totals.set(key, (totals.get(key) || 0) + sizes[i]);
    }
    return totals;
  }

  place(key) {
    if (this.coloring.place) return this.coloring.place(this.model, key);
    const place = this.order.indexOf(key);
    return place < 0 || place >= OTHER ? OTHER : place;
  }

  // Of a folder: what most of it is.
  placeOf(row, sizes) {
    if (!this.model.isFolder(row)) return this.place(this.coloring.key(this.model, row));
    let best = NOTHING, most = NOTHING;
    for (const [key, bytes] of this.totalsOf(row, sizes))
      if (bytes > most) [best, most] = [key, bytes];
    return this.place(best);
  }

  // [place, words, bytes] of each colour in use.
  entries() {
    const shown = this.order.slice(0, OTHER).map(key => [this.place(key), this.coloring.text(this.model, key), this.totals.get(key)]);
    const rest = this.order.slice(OTHER).reduce((sum, key) => sum + this.totals.get(key), 0);
    return rest ? [...shown, [OTHER, 'other', rest]] : shown;
  }
}

function hierarchyOf(model, root, sizes, least, levels) {
  const depth = model.depth[root];
  const inside = row => model.depth[row] - depth < levels ? model.children(row).filter(child => sizes[child] > least) : [];
  const tree = d3.hierarchy(root, inside);
  tree.each(node => { node.value = sizes[node.data]; });
  return tree.sort((a, b) => b.value - a.value || a.data - b.data);
}

function treemap(model, root, sizes, width, height) {
  const least = sizes[root] * LEAST_PX * LEAST_PX / (width * height);
  const tree = hierarchyOf(model, root, sizes, least, Infinity);
  return d3.treemap().size([width, height]).paddingInner(1).paddingOuter(2).paddingTop(LINE_PX)(tree);
}

function icicle(model, root, sizes, width, height) {
  const tree = hierarchyOf(model, root, sizes, sizes[root] * LEAST_PX / width, ICICLE_LEVELS);
  return d3.partition().size([width, height])(tree);
}

function widthOf(node) {
  return node.x1 - node.x0;
}

function heightOf(node) {
  return node.y1 - node.y0;
}

function boxOf(node, model, palette, sizes, words) {
  const box = document.createElement('div');
  const place = palette.placeOf(node.data, sizes);
  box.className = `box c${place}`;
  box.style.left = `${node.x0}px`;
  box.style.top = `${node.y0}px`;
  box.style.width = `${widthOf(node)}px`;
  box.style.height = `${heightOf(node)}px`;
  box.dataset.row = node.data;
  box.title = `${model.path(node.data) || model.title}\n${words(node.data)}`;
  if (widthOf(node) > 30 && heightOf(node) > 14)
    box.textContent = `${LETTERS[place] || ''} ${model.label(node.data)} ${words(node.data)}`;
  return box;
}

// Nodes worth a box: a folder that is too small for its insides stands for them.
function drawable(tree, view) {
  const nodes = [];
  const waiting = [tree];
  while (waiting.length) {
    const node = waiting.pop();
    if (widthOf(node) < 2 || heightOf(node) < 2) continue;
    nodes.push(node);
    if (node.children && (view === 'icicle' || widthOf(node) > 24 && heightOf(node) > LINE_PX + LEAST_PX)) waiting.push(...node.children);
  }
  return nodes;
}

function drawMap(map, view, model, root, sizes, palette, words) {
  map.className = view;
  map.setAttribute('aria-label', `${view} of ${model.path(root) || model.title}: the table below tells the same`);
  map.replaceChildren();
  if (view === 'none' || !sizes[root]) return;
  const layout = view === 'icicle' ? icicle : treemap;
  const tree = layout(model, root, sizes, map.clientWidth, map.clientHeight);
  map.append(...drawable(tree, view).map(node => boxOf(node, model, palette, sizes, words)));
}
