/** `a, b or c`; of many the first few, and how many more there are. */
export function listed(entries: readonly string[], most = Infinity): string {
  const shown = entries.length > most ? [...entries.slice(0, most), `${entries.length - most} more`] : entries;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`;
}
