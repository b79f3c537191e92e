import { TableError } from './table-error.ts';

export type Entity = Readonly<Record<string, unknown>>;

/** What a `$filter` says: the part of OData that Table storage's clients use. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | {
      readonly kind: 'compare';
      readonly name: string;
      readonly operator: Operator;
      readonly value: string | number | boolean;
    };

const operators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
type Operator = (typeof operators)[number];

const token = /\s*(?:([()])|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)(?![\w'])|([A-Za-z_]\w*)(?!'))/y;

/** Throws on what it does not know, such as GUIDs and dates: a filter that is read wrongly would measure nothing. */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  const or = (): Filter => chain('or', and);
  const and = (): Filter => chain('and', not);
  const chain = (kind: 'and' | 'or', part: () => Filter): Filter => {
    let left = part();
    while (tokens[0]?.word === kind) {
      tokens.shift();
      left = { kind, left, right: part() };
    }
    return left;
  };
  const not = (): Filter => {
    if (tokens[0]?.word !== 'not') return primary();
    tokens.shift();
    return { kind: 'not', of: not() };
  };
  const primary = (): Filter => {
    if (tokens[0]?.word !== '(') return comparison();
    tokens.shift();
    const inner = or();
    if (tokens.shift()?.word !== ')') throw new TableError('InvalidInput', `A bracket is not closed: ${text}`);
    return inner;
  };
  const comparison = (): Filter => {
    const [name, operator, literal] = tokens.splice(0, 3);
    const known = operators.find((each) => each === operator?.word);
    if (name?.word === undefined || !known || literal?.value === undefined)
      throw new TableError('InvalidInput', `Not understood: ${text}`);
    return { kind: 'compare', name: name.word, operator: known, value: literal.value };
  };
  const filter = or();
  if (tokens.length > 0) throw new TableError('InvalidInput', `There is more than a filter: ${text}`);
  return filter;
}

interface Token {
  readonly word?: string;
  readonly value?: string | number | boolean;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new TableError('InvalidInput', `Not understood at ${at}: ${text}`);
    const [, bracket, string, number, word] = found;
    if (string !== undefined) tokens.push({ value: string.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ value: Number(number) });
    else if (word === 'true' || word === 'false') tokens.push({ value: word === 'true' });
    else tokens.push({ word: bracket ?? word ?? '' });
  }
  return tokens;
}

/** A column that is not there, or is of another type, matches no comparison. */
export function matches(filter: Filter, entity: Entity): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, entity) && matches(filter.right, entity);
    case 'or':
      return matches(filter.left, entity) || matches(filter.right, entity);
    case 'not':
      return !matches(filter.of, entity);
    case 'compare': {
      const column = entity[filter.name];
      return typeof column === typeof filter.value && holds[filter.operator](compare(column, filter.value));
    }
  }
}

const holds: Readonly<Record<Operator, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** By UTF-16 units, as Table storage sorts its keys; only values of one type are compared. */
function compare(a: unknown, b: string | number | boolean): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : 1;
  return Number(a) < Number(b) ? -1 : 1;
}

/** Keys among which everything lies that a filter can match. */
export interface KeyRange {
  readonly isBefore: (key: string) => boolean;
  readonly isAfter: (key: string) => boolean;
  /** It is one key. */
  readonly isOne: boolean;
}

export function keyRange(filter: Filter | undefined, name: 'PartitionKey' | 'RowKey'): KeyRange {
  const bounds = filter ? boundsOf(filter, name) : [];
  return {
    isBefore: (key) =>
      bounds.some(([operator, bound]) =>
        operator === 'gt' ? key <= bound : (operator === 'ge' || operator === 'eq') && key < bound,
      ),
    isAfter: (key) =>
      bounds.some(([operator, bound]) =>
        operator === 'lt' ? key >= bound : (operator === 'le' || operator === 'eq') && key > bound,
      ),
    isOne: bounds.some(([operator]) => operator === 'eq'),
  };
}

/** Conditions on a key that must all hold. */
function boundsOf(filter: Filter, name: string): [Operator, string][] {
  if (filter.kind === 'and') return [...boundsOf(filter.left, name), ...boundsOf(filter.right, name)];
  if (filter.kind !== 'compare' || filter.name !== name || typeof filter.value !== 'string') return [];
  return [[filter.operator, filter.value]];
}
