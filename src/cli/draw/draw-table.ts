/** Columns side by side; the last one is as long as it is. */
export function drawTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<readonly number[]>(
    (most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, widthOf(cell))),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const padded = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - widthOf(cell)));

/** Without what colours it. */
// eslint-disable-next-line no-control-regex -- colours begin with one.
const widthOf = (cell: string): number => Array.from(cell.replace(/\u001b\[\d+m/g, '')).length;
