// Sizes and money as imgprof prints them, and CSV fields.

const UNITS = {decimal: [1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']], iec: [1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']]};

function sizeText(bytes, units) {
  if (!UNITS[units]) return String(bytes);
  const [step, names] = UNITS[units];
  let value = bytes, unit = 0;
  while ((unit ? Math.round(value * 100) / 100 : value) >= 999.5 && unit < names.length - 1 && value >= step) {
    value /= step;
    unit++;
  }
  if (unit === 0) return `${bytes} B`;
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${names[unit]}`;
}

function changeText(before, after, units) {
  return (after > before ? '+' : after < before ? '-' : '') + sizeText(Math.abs(after - before), units);
}

// Two places; under one hundredth two significant digits.
function moneyText(billionths) {
  let unit = 1e7, places = 2;
  if (!billionths) return '0';
  while (billionths < unit * 10 && billionths < 1e7 && unit > 1) {
    unit /= 10;
    places++;
  }
  return (Math.round(billionths / unit) * unit / 1e9).toFixed(places);
}

// RFC 4180; what a spreadsheet would take for a formula gets an apostrophe.
function csvField(value) {
  let text = String(value);
  if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText(rows) {
  return rows.map(row => row.map(csvField).join(',') + '\r\n').join('');
}
