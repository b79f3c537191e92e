/**
 * The JSON text, or what it says where one of its members is given twice: readers differ in which of them counts, and
 * what is kept and answered must be what was judged.
 */
export function withoutDoubledMembers(text: string, value: unknown): string {
  return membersIn(text) === countMembers(value) ? text : JSON.stringify(value);
}

/** Strings with a colon behind them. Gone through by hand, because a body can be longer than a pattern can look back on. */
function membersIn(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const end = endOfString(text, start);
    if (isColonBehind(text, end)) count += 1;
    start = text.indexOf('"', end + 1);
  }
  return count;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

function isColonBehind(text: string, end: number): boolean {
  let at = end + 1;
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at += 1;
  return text[at] === ':';
}

function countMembers(value: unknown): number {
  let count = 0;
  // The list grows while it is gone through, because a value can be deeper than a stack is.
  const values = [value];
  for (const each of values) {
    if (typeof each !== 'object' || each === null) continue;
    const members: unknown[] = Object.values(each);
    if (!Array.isArray(each)) count += members.length;
    for (const member of members) values.push(member);
  }
  return count;
}
