import { parse, type ValueNode } from '@humanwhocodes/momoa';
import type { Fault } from './fault.ts';

type Path = readonly PropertyKey[];

export type ReadDocument =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** The line of a member, from 1; of one that is not there, that of what should hold it. */
      readonly lineOf: (path: Path) => number;
      readonly faults: readonly Fault[];
    }
  | { readonly ok: false; readonly fault: string };

/** Reads JSON, with the line of each member. Of a member that is given twice JSON takes the last: here it is a fault. */
export function readDocument(text: string): ReadDocument {
  // Editors of Windows like to begin a file with a byte order mark.
  const json = text.replace(/^\uFEFF/, '');
  if (json.includes('\uFFFD')) return { ok: false, fault: 'the file is not UTF-8: save it as UTF-8' };
  const value = parseJson(json);
  if (!value.ok) return value;
  const lines = new Map<string, number>();
  const faults = [...doubleMembers(parse(json).body, [], lines)];
  return { ...value, lineOf: (path) => lineIn(lines, path), faults };
}

function parseJson(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value } as const;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, fault: `the file is not JSON: ${message}${whereInJson(text, message)}` } as const;
  }
}

/** JSON.parse counts characters, people count lines. */
function whereInJson(text: string, message: string): string {
  const position = /at position (?<at>\d+)/.exec(message)?.groups?.['at'];
  if (position === undefined) return '';
  const [before, after] = [text.slice(0, Number(position)), text.slice(Number(position))];
  const hint = /^\/[/*]/.test(after) ? '; JSON has no comments: write a member "comment" instead' : '';
  return ` (line ${before.split('\n').length}${hint})`;
}

/** Notes the line of every member, and names those that are there already. */
function* doubleMembers(node: ValueNode, path: Path, lines: Map<string, number>): Generator<Fault> {
  for (const [name, line, value] of membersOf(node)) {
    const own = [...path, name];
    const before = lines.get(keyOf(own));
    if (before === undefined) {
      lines.set(keyOf(own), line);
      yield* doubleMembers(value, own, lines);
    } else yield { path: own, message: `is given in line ${before} and again in line ${line}: leave one out` };
  }
}

function membersOf(node: ValueNode): readonly (readonly [string | number, number, ValueNode])[] {
  if (node.type === 'Array')
    return node.elements.map(({ loc, value }, index) => [index, loc.start.line, value] as const);
  if (node.type !== 'Object') return [];
  return node.members.map(
    ({ loc, name, value }) => [name.type === 'String' ? name.value : name.name, loc.start.line, value] as const,
  );
}

function lineIn(lines: ReadonlyMap<string, number>, path: Path): number {
  return lines.get(keyOf(path)) ?? (path.length === 0 ? 1 : lineIn(lines, path.slice(0, -1)));
}

const keyOf = (path: Path): string => JSON.stringify(path);
