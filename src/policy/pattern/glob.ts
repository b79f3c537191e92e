/** Matches a whole text; `*` stands for any number of characters. Linear in the text, however many stars there are. */
export function glob(pattern: string): (text: string) => boolean {
  const [head = '', ...middle] = pattern.split('*');
  const tail = middle.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    return follows(text.slice(head.length, end), middle);
  };
}

/** Whether the parts occur in the text in this order, without overlap. The leftmost place is always the best one. */
function follows(text: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}
