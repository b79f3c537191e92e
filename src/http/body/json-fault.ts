/** What is wrong with a text that `JSON.parse` does not read, and what to do, in a sentence. */
export function jsonFault(text: string, error: SyntaxError): string {
  const start = text.trimStart();
  if (start === '') return 'The body is empty: send the request as JSON.';
  if (/^'|^[[{]\s*'/.test(start))
    return "The body has single quotes ('): JSON has double quotes around names and texts, and none around itself.";
  if (/^[\u2018-\u201f]|^[[{]\s*[\u2018-\u201f]/.test(start))
    return 'The body has curly quotes, as word processors write them: JSON has straight ones (").';
  if (/^\{\s*[a-z]\w*\s*:/i.test(start))
    return 'The names of members have no double quotes, which JSON needs. Shells take them away: send the body from a file, as with curl --data-binary @file.';
  return `The body is not JSON${placeOf(text, error.message)}: mend its syntax.`;
}

/** `JSON.parse` counts characters, and only at times; people count lines. */
function placeOf(text: string, message: string): string {
  const position = /at position (?<at>\d+)/.exec(message)?.groups?.['at'];
  if (position === undefined) return '';
  const lines = text.slice(0, Number(position)).split('\n');
  return ` (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
}
