/** What is another each time: ids, times, the policy's hash. */
const changing =
  /(?<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<time>\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d:\d\d UTC on \d{4}-\d\d-\d\d)|(?<hash>\b[0-9a-f]{64}\b)/g;

/** Members that depend on how fast all goes, and on what went before. */
const measured = ['events', 'pending', 'remaining', 'resetSeconds'];

/** Which id of the examples is which of those that were answered. */
export type Ids = Map<string, string>;

/**
 * What an answer has otherwise than its example, by place. Ids may be others, but the same one always for the same; times
 * may be others, too. New ids are learnt.
 */
export function differences(example: unknown, answer: unknown, ids: Ids, place = ''): string[] {
  if (typeof example === 'string' && typeof answer === 'string')
    return sameText(example, answer, ids) ? [] : [`${place}: ${example} became ${answer}`];
  if (!isRecord(example) || !isRecord(answer)) {
    const name = place.split('/').at(-1) ?? '';
    const same = example === answer || (measured.includes(name) && typeof example === typeof answer);
    return same ? [] : [`${place}: ${String(example)} became ${String(answer)}`];
  }
  return [...new Set([...Object.keys(example), ...Object.keys(answer)])].flatMap((name) =>
    differences(example[name], answer[name], ids, `${place}/${name}`),
  );
}

/** An example's request with the ids that were answered in place of its own. */
export const withIds = (text: string, ids: Ids): string => text.replace(changing, (found) => ids.get(found) ?? found);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function sameText(example: string, answer: string, ids: Ids): boolean {
  if (example.replace(changing, kindOf) !== answer.replace(changing, kindOf)) return false;
  const [shown, come] = [example, answer].map((text) => Array.from(text.matchAll(changing)));
  return (shown ?? []).every(({ 0: mine, groups }, index) => {
    const theirs = come?.[index]?.[0] ?? '';
    if (groups?.['uuid'] === undefined) return true;
    const known = ids.get(mine) ?? theirs;
    ids.set(mine, known);
    return known === theirs;
  });
}

const kindOf = (_found: string, uuid?: string, time?: string): string => (uuid ? 'UUID' : time ? 'TIME' : 'HASH');
