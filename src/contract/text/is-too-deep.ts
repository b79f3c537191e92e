/** Real answers have some ten levels. Whoever writes, hashes or walks through thousands of them runs out of stack. */
const MAX_DEPTH = 100;

/** Whether a JSON text is nested deeper than anybody needs; a bracket within a string is none. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length && depth <= MAX_DEPTH; at++) {
    const sign = json[at];
    if (sign === '"') isInString = !isInString;
    else if (isInString) at += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
  }
  return depth > MAX_DEPTH;
}
