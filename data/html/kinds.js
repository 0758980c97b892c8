// What pages of each kind of report differ in: sizes, colours, columns, what is told of a leaf, CSV.

const DAY_MS = 86400000;

function leafText(text) {
  return row => shown.model.isFolder(row) ? '' : text(row);
}

// Of a leaf that stands for several there is no single figure.
function singleText(text) {
  return leafText(row => shown.model.type[row] === SMALL ? '' : text(row));
}

function sizeColumn(title, column) {
  return {title, number: true, text: row => words(shown.sums[column][row])};
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

function findingOf(row) {
  return (shown.model.findings[shown.model.finding[row]] || {id: ''}).id;
}

function dayOf(row) {
  const day = shown.model.day[row];
  return day ? new Date(day * DAY_MS).toISOString().slice(0, 10) : 'undated';
}

function stateOf(row) {
  return data.states[shown.model.state[row]];
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

function imageFacts(row) {
  const {model} = shown;
  const facts = [['Label', ownerOf(row)], ['Created', dayOf(row)], ['Added', words(model.added[row])]];
  if (model.type[row] !== SMALL) facts.push(['Full', words(model.full[row])], ['Freed alone', words(model.alone[row])]);
  return [...facts, ['Per month', `${moneyText(model.month[row])} ${model.currency}`]];
}

// sizes: columns that add up, the first is shown first; more: others that do; csv: [head, value(model, row)].
const KINDS = {
  profile: {
    noun: ['file', 'files'],
    table: 'Files and folders, largest first',
    sizes: {disk: 'disk', pull: 'pull (estimated per file)', goes: 'reclaimable, on disk'},
    colors: ['class', 'layer', 'package'],
    facts: fileFacts,
    columns: () => [
      {title: 'Share', text: shareOf},
      sizeColumn('Disk', 'disk'), sizeColumn('Pull', 'pull'), sizeColumn('Can go', 'goes'),
      {title: 'Class', text: leafText(classOf)},
      {title: 'Package', text: leafText(ownerOf)},
      {title: 'Layer', number: true, text: leafText(layerOf)},
    ],
    csv: [
      ['disk_bytes', (model, i) => model.disk[i]], ['pull_bytes', (model, i) => model.pull[i]], ['reclaimable_bytes', (model, i) => model.goes[i]],
      ['layer', (model, i) => layerOf(i)], ['class', (model, i) => classOf(i)], ['owner', (model, i) => ownerOf(i)],
      ['finding', (model, i) => findingOf(i)], ['fate', (model, i) => data.fates[model.fate[i]]],
    ],
  },
  diff: {
    noun: ['file', 'files'],
    table: 'Files and folders, largest first',
    sizes: {disk: 'disk', pull: 'pull (estimated per file)'},
    colors: ['change', 'origin'],
    facts: () => [],
    before: {disk: 'diskBefore', pull: 'pullBefore'},
    columns: ({model, sums, size}) => [
      {title: 'Before', number: true, text: row => words(sums.before[row])},
      {title: 'After', number: true, text: row => words(sums[size][row])},
      {title: 'Change', number: true, text: row => changeText(sums.before[row], sums[size][row], data.units)},
      {title: 'State', text: stateOf},
      {title: 'Whose', text: row => data.origins[model.origin[row]]},
    ],
    csv: [
      ['state', (model, i) => stateOf(i)], ['origin', (model, i) => data.origins[model.origin[i]]],
      ['disk_bytes_before', (model, i) => model.diskBefore[i]], ['disk_bytes', (model, i) => model.disk[i]],
      ['pull_bytes_before', (model, i) => model.pullBefore[i]], ['pull_bytes', (model, i) => model.pull[i]],
    ],
  },
  cost: {
    noun: ['image', 'images'],
    table: 'Repositories and images, largest first',
    sizes: {attributed: 'attributed: adds up to what is stored', added: 'added by each push: adds up, too'},
    colors: ['repository', 'label', 'tags'],
    more: ['month'],
    facts: imageFacts,
    columns: ({model, sums}) => [
      {title: 'Share', text: shareOf},
      sizeColumn('Attributed', 'attributed'), sizeColumn('Added', 'added'),
      {title: 'Full', number: true, text: singleText(row => words(model.full[row]))},
      {title: 'Freed alone', number: true, text: singleText(row => words(model.alone[row]))},
      {title: `${model.currency} per month`, number: true, text: row => moneyText(sums.month[row])},
      {title: 'Created', text: singleText(dayOf)},
      {title: 'Label', text: leafText(ownerOf)},
    ],
    csv: [
      ['attributed_bytes', (model, i) => model.attributed[i]], ['marginal_bytes', (model, i) => model.added[i]],
      ['full_bytes', (model, i) => model.full[i]], ['exclusive_bytes', (model, i) => model.alone[i]],
      ['created', (model, i) => dayOf(i)], ['label', (model, i) => ownerOf(i)],
    ],
  },
  share: {
    noun: ['file', 'files'],
    table: 'Packages and folders, largest first',
    sizes: {disk: 'disk', pull: 'pull (estimated)'},
    colors: ['images', 'manager'],
    facts: row => [['In', ownerOf(row)]],
    columns: () => [
      {title: 'Share', text: shareOf},
      sizeColumn('Disk', 'disk'), sizeColumn('Pull', 'pull'),
      {title: 'In', text: leafText(ownerOf)},
    ],
    csv: [['disk_bytes', (model, i) => model.disk[i]], ['pull_bytes', (model, i) => model.pull[i]], ['images', (model, i) => ownerOf(i)]],
  },
};
