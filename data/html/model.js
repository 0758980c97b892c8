// One image, what changed between two, or what is stored or shared: rows in preorder, a column for each of their properties.
// A row is its number; 0 is the root.

// Types of rows: what is neither stands for itself.
const FOLDER = 0;
const SMALL = 2; // a leaf that stands for several
const NOTHING = -1;

class Model {
  constructor(part, names) {
    this.title = part.title;
    this.currency = part.currency;
    this.layers = part.layers || [];
    this.owners = part.owners || [];
    this.findings = part.findings || [];
    this.names = names;
    Object.assign(this, part.rows);
    this.count = this.depth.length;
    this.link();
    if (this.goes) this.goes = this.goes.map((bytes, i) => bytes === NOTHING ? this.disk[i] : bytes);
  }

  // parent: the row above; end: the first row behind all that is below.
  link() {
    this.parent = new Int32Array(this.count).fill(NOTHING);
    this.end = new Int32Array(this.count).fill(this.count);
    const open = [];
    for (let i = 0; i < this.count; i++) {
      while (open.length > this.depth[i]) this.end[open.pop()] = i;
      if (open.length) this.parent[i] = open[open.length - 1];
      open.push(i);
    }
  }

  isFolder(i) {
    return this.type[i] === FOLDER;
  }

  label(i) {
    if (i === 0) return this.title;
    if (this.type[i] !== SMALL) return this.name[i];
    const files = this.files[i];
    const unchanged = this.state && this.names.states[this.state[i]] === 'same';
    const [one, many] = this.names.noun;
    if (!files) return '(links and devices)';
    return `(${files} ${unchanged ? 'unchanged' : 'small'} ${files === 1 ? one : many})`;
  }

  path(i) {
    const names = [];
    for (let row = i; row > 0; row = this.parent[row]) names.push(this.label(row));
    return names.reverse().join('/');
  }

  // From the root, without it, down to the row itself.
  line(i) {
    const rows = [];
    for (let row = i; row > 0; row = this.parent[row]) rows.push(row);
    return rows.reverse();
  }

  children(i) {
    const rows = [];
    if (this.isFolder(i)) for (let row = i + 1; row < this.end[i]; row = this.end[row]) rows.push(row);
    return rows;
  }

  folderAt(path) {
    let at = 0;
    for (const name of path ? path.split('/') : []) {
      const next = this.children(at).find(row => this.isFolder(row) && this.name[row] === name);
      if (next === undefined) return NOTHING;
      at = next;
    }
    return at;
  }

  // Lower-case paths, made when somebody first searches.
  get searchable() {
    if (!this.lowerPaths) {
      this.lowerPaths = [''];
      for (let i = 1; i < this.count; i++) {
        const above = this.lowerPaths[this.parent[i]];
        this.lowerPaths.push((above ? above + '/' : '') + this.label(i).toLowerCase());
      }
    }
    return this.lowerPaths;
  }

  // Which leaves pass: of this layer ('' for any), with this text in their paths.
  matching(layer, text) {
    const pass = new Uint8Array(this.count);
    const wanted = text.toLowerCase();
    const paths = wanted ? this.searchable : null;
    for (let i = 0; i < this.count; i++)
      pass[i] = !this.isFolder(i) && (layer === '' || this.layer[i] === Number(layer)) && (!paths || paths[i].includes(wanted));
    return pass;
  }

  // A column summed upwards over the leaves that pass; without one, their number.
  sums(column, pass) {
    const sums = new Float64Array(this.count);
    for (let i = this.count - 1; i >= 0; i--) {
      if (pass[i]) sums[i] += column ? column[i] : 1;
      if (i > 0) sums[this.parent[i]] += sums[i];
    }
    return sums;
  }
}
