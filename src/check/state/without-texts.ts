/** Shorter texts cannot be told from chance. */
const MIN_CHARACTERS = 4;
const MIN_WITHOUT_BACKSLASHES = 2;

// One character, however a JSON text (also one within another), a URL or HTML writes it. Backslashes go with what they
// escape and are never compared, so that any number of them reads alike.
const written =
  /\\+u([0-9a-f]{4})|\\*(?:%([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#(\d{1,7});|&(amp|lt|gt|quot|apos);|([^\\]))|\\+$/gi;
const named = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

interface Sign {
  /** One unit, in lower case. */
  readonly reads: string;
  /** Where it ends in the text. */
  readonly to: number;
}

/** The text with `***` wherever it has one of the others, in whatever case and escapes. Takes linear time. */
export function withoutTexts(text: string, others: readonly string[]): string {
  const signs = signsOf(text);
  const read = signs.map(({ reads }) => reads).join('');
  const hidden = new Set<Sign | undefined>();
  for (const other of others.filter(({ length }) => length >= MIN_CHARACTERS).flatMap(readingsOf)) {
    for (let at = read.indexOf(other); at >= 0; at = read.indexOf(other, at + other.length))
      for (const sign of signs.slice(at, at + other.length)) hidden.add(sign);
  }
  if (hidden.size === 0) return text;
  const left = signs.map((sign, at) => {
    const before = signs[at - 1];
    if (hidden.has(sign)) return hidden.has(before) ? '' : '***';
    return text.slice(before?.to ?? 0, sign.to);
  });
  return [...left, text.slice(signs.at(-1)?.to ?? 0)].join('');
}

/** With and without the blanks around it, and also as it reads where what looks like an escape in it is taken for one. */
function readingsOf(text: string): string[] {
  return [text, text.trim()]
    .flatMap((each) => [
      lower(each.replaceAll('\\', '')),
      signsOf(each)
        .map(({ reads }) => reads)
        .join(''),
    ])
    .filter(({ length }) => length >= MIN_WITHOUT_BACKSLASHES);
}

function signsOf(text: string): Sign[] {
  return [...text.matchAll(written)].flatMap((found) => {
    const reads = lower(meaning(found));
    return reads === '\\' ? [] : [{ reads, to: found.index + found[0].length }];
  });
}

function meaning([, json, percent, hex, decimal, name, sign]: RegExpExecArray): string {
  const code = json ?? percent ?? hex;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  return named.get(name?.toLowerCase() ?? '') ?? sign ?? '\\';
}

/** Only of ASCII: other letters can change their length. */
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
