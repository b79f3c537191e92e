import { escaped, escapeHidden } from './escape-hidden.ts';

export type Cell = string | number | boolean | undefined;

// What a spreadsheet takes for a formula, also after blanks and quotes, and some in full-width signs. An apostrophe before it
// guards against that; before an apostrophe, too, so that exactly one is to be taken away.
// https://owasp.org/www-community/attacks/CSV_Injection
const formula = `[^\\S\\t\\r\\n]*["'=+\\-@|\\uff1d\\uff0b\\uff0d\\uff20]`;
const begin = new RegExp(`^(?=[\\t\\r\\n]|${formula})`);
// Where `;` or a tab separates, or a quoted line break ends the record, a cell begins after these too: a German Excel reads
// `ok;=1+1` as two. There the sign itself is written as an escape, which cannot be taken for a guard.
const within = /(?<=[;\t\r\n][^\S\t\r\n]*)["=+\-@|\uff1d\uff0b\uff0d\uff20]/g;

/** Most cells are ids and times: looking for what there cannot be took two thirds of an export's time. */
const plain = /^(?:[\w/][\w./: -]*)?$/;

/** What Excel knows UTF-8 by. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Records as CSV (RFC 4180) with a byte order mark. Where a spreadsheet would compute, an apostrophe stands before the
 * cell; what is not to be seen, or would compute further on, is written as `\u202e`. To undo it, take one apostrophe from
 * the begin of a cell, then read the escapes.
 */
export const csvOf = (records: readonly (readonly Cell[])[]): string =>
  BYTE_ORDER_MARK + [...records.map((cells) => cells.map(written).join(',')), ''].join('\r\n');

function written(cell: Cell): string {
  const given = String(cell ?? '');
  if (plain.test(given)) return given;
  const text = shown(given).replace(within, escaped).replace(begin, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that has `\u202e` in letters keeps them apart from an escape: its backslash is written as one. */
const shown = (text: string): string => escapeHidden(text.replace(/\\(?=u[0-9a-f]{4})/g, '\\u005c'), '\t\r\n');
