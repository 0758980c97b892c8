// The tree as a table: a treegrid with one row that has the focus, moved by arrow keys.

const ROWS_AT_ONCE = 100;

function element(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

class TreeTable {
  // ACTIONS: zoom(row), out(), select(row), copy(row).
  constructor(place, actions) {
    this.place = place;
    this.actions = actions;
    this.open = new Set();
    this.limits = new Map();
    this.focus = '0';
    place.addEventListener('keydown', event => this.key(event));
    place.addEventListener('click', event => this.click(event));
    place.addEventListener('dblclick', event => this.twice(event));
  }

  // VIEW: label, model, root, sizes (area and order), pass (leaves), columns [{title, number, text(row)}].
  show(view) {
    if (!this.view || this.view.model !== view.model) {
      this.open.clear();
      this.limits.clear();
    }
    this.view = view;
    this.open.add(view.root);
    this.focus = String(view.root);
    this.draw();
  }

  children(row) {
    const {model, order, pass, below} = this.view;
    return model.children(row)
      .filter(child => model.isFolder(child) ? below[child] > 0 || this.view.all : pass[child])
      .sort((a, b) => order(b) - order(a) || a - b);
  }

  // What is visible: {row, level, place, of} and, where a folder has more, {more: folder, level, count}.
  list() {
    const list = [];
    const waiting = [{row: this.view.root, level: 1, place: 1, of: 1}];
    while (waiting.length) {
      const item = waiting.pop();
      list.push(item);
      if (item.more === undefined && this.open.has(item.row)) waiting.push(...this.inside(item).reverse());
    }
    return list;
  }

  inside({row, level}) {
    const children = this.children(row);
    const limit = this.limits.get(row) || ROWS_AT_ONCE;
    const items = children.slice(0, limit).map((child, i) => ({row: child, level: level + 1, place: i + 1, of: children.length}));
    if (children.length > limit) items.push({more: row, level: level + 1, count: children.length - limit});
    return items;
  }

  draw() {
    const head = element('tr', {role: 'row'}, element('th', {scope: 'col', role: 'columnheader'}, 'Name'));
    for (const column of this.view.columns)
      head.append(element('th', {scope: 'col', role: 'columnheader', class: column.number ? 'n' : ''}, column.title));
    const body = element('tbody', {role: 'rowgroup'}, ...this.list().map(item => this.rowOf(item)));
    const table = element('table', {role: 'treegrid', 'aria-label': this.view.label}, element('thead', {role: 'rowgroup'}, head), body);
    this.place.replaceChildren(table);
    if (!this.rowWith(this.focus)) this.focus = String(this.view.root);
    this.rowWith(this.focus).tabIndex = 0;
  }

  rowOf(item) {
    if (item.more !== undefined) return this.moreRow(item);
    const {model, columns} = this.view;
    const folder = model.isFolder(item.row);
    const opened = this.open.has(item.row);
    const row = element('tr', {role: 'row', 'aria-level': item.level, 'aria-posinset': item.place, 'aria-setsize': item.of, tabindex: -1, 'data-key': item.row});
    if (folder) row.setAttribute('aria-expanded', opened);
    const name = element('td', {role: 'gridcell', class: 'name'},
      element('span', {class: 'twist', 'aria-hidden': 'true'}, folder ? opened ? '▾' : '▸' : ''), model.label(item.row) + (folder && item.row ? '/' : ''));
    name.style.paddingLeft = `${Math.min(item.level, 40)}em`;
    row.append(name, ...columns.map(column => element('td', {role: 'gridcell', class: column.number ? 'n' : ''}, column.text(item.row))));
    return row;
  }

  moreRow({more, level, count}) {
    const row = element('tr', {role: 'row', 'aria-level': level, tabindex: -1, 'data-key': `more-${more}`});
    const name = element('td', {role: 'gridcell', class: 'name', colspan: this.view.columns.length + 1}, `… ${count} more: Enter shows them`);
    name.style.paddingLeft = `${Math.min(level, 40)}em`;
    row.append(name);
    return row;
  }

  rowWith(key) {
    return this.place.querySelector(`tr[data-key="${key}"]`);
  }

  moveTo(row) {
    if (!row) return;
    const old = this.rowWith(this.focus);
    if (old) old.tabIndex = -1;
    this.focus = row.dataset.key;
    row.tabIndex = 0;
    row.focus();
    if (!this.focus.startsWith('more-')) this.actions.select(Number(this.focus));
  }

  redraw(key) {
    this.focus = key;
    this.draw();
    this.moveTo(this.rowWith(this.focus));
  }

  toggle(row, opened) {
    if (opened) this.open.add(row);
    else this.open.delete(row);
    this.redraw(String(row));
  }

  showMore(folder) {
    const shown = this.limits.get(folder) || ROWS_AT_ONCE;
    const next = this.children(folder)[shown];
    this.limits.set(folder, shown + ROWS_AT_ONCE);
    this.redraw(String(next));
  }

  // Opens all that is above ROW and moves to it.
  reveal(row) {
    const {model, root} = this.view;
    for (const above of model.line(row).slice(0, -1)) if (model.depth[above] >= model.depth[root]) this.open.add(above);
    this.draw();
    this.moveTo(this.rowWith(row));
  }

  right(key, row) {
    if (!this.view.model.isFolder(row)) return;
    if (this.open.has(row)) this.moveTo(this.rowWith(key).nextElementSibling);
    else this.toggle(row, true);
  }

  left(key, row) {
    if (this.view.model.isFolder(row) && this.open.has(row)) this.toggle(row, false);
    else if (row !== this.view.root) this.moveTo(this.rowWith(this.view.model.parent[row]));
  }

  enter(row) {
    if (this.view.model.isFolder(row)) this.actions.zoom(row);
    else this.actions.select(row);
  }

  key(event) {
    const at = event.target.closest('tr[data-key]');
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = at.dataset.key, row = Number(key);
    const more = key.startsWith('more-');
    const folder = more ? Number(key.slice(5)) : NOTHING;
    const steps = {
      ArrowDown: () => this.moveTo(at.nextElementSibling),
      ArrowUp: () => this.moveTo(at.previousElementSibling),
      Home: () => this.moveTo(at.parentElement.firstElementChild),
      End: () => this.moveTo(at.parentElement.lastElementChild),
      ArrowRight: () => more ? this.showMore(folder) : this.right(key, row),
      ArrowLeft: () => more ? this.moveTo(this.rowWith(folder)) : this.left(key, row),
      Enter: () => more ? this.showMore(folder) : this.enter(row),
      Backspace: () => this.actions.out(),
      c: () => { if (!more) this.actions.copy(row); },
    };
    if (!Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    steps[event.key]();
  }

  click(event) {
    const at = event.target.closest('tr[data-key]');
    if (!at) return;
    if (at.dataset.key.startsWith('more-')) this.showMore(Number(at.dataset.key.slice(5)));
    else if (event.target.closest('.twist') && at.hasAttribute('aria-expanded')) this.toggle(Number(at.dataset.key), at.getAttribute('aria-expanded') !== 'true');
    else this.moveTo(at);
  }

  twice(event) {
    const at = event.target.closest('tr[aria-expanded]');
    if (at) this.actions.zoom(Number(at.dataset.key));
  }
}
