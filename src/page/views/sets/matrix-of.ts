import type { RenderedMember } from '../../../rendering/render-set.ts';

/** What was asked from one source, by column. */
export interface MatrixRow {
  readonly source: string;
  readonly cells: readonly (RenderedMember | undefined)[];
}

export interface MatrixTable {
  /** `sql-01: TCP port 1433` */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Sources by destinations. Absent where most of it would be empty, or one flow was asked twice: a list says more then. */
export function matrixOf(members: readonly RenderedMember[]): MatrixTable | undefined {
  const columnOf = ({ destination, way }: RenderedMember): string =>
    way === '' ? destination : `${destination}: ${way}`;
  const columns = [...new Set(members.map(columnOf))];
  const sources = [...new Set(members.map(({ source }) => source))];
  const places = new Map(members.map((member) => [JSON.stringify([member.source, columnOf(member)]), member]));
  const isDense = sources.length * columns.length <= 2 * members.length;
  if (!isDense || places.size < members.length || members.length < 2) return undefined;
  const rows = sources.map((source) => ({
    source,
    cells: columns.map((column) => places.get(JSON.stringify([source, column]))),
  }));
  return { columns, rows };
}
