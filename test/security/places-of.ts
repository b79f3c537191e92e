import { gunzipSync } from 'node:zlib';
import type { StoredText } from './stored-texts.ts';

/** Where a secret shows: as it is, escaped by JSON or a URL, and inside what is base64 or compressed. */
export function placesOf(secret: string, texts: readonly StoredText[]): string[] {
  return texts.filter(({ text }) => shows(secret, text)).map(({ place }) => place);
}

function shows(secret: string, text: string): boolean {
  if (readings(text).some((reading) => reading.includes(secret))) return true;
  return (text.match(/[\w+/-]{16,}={0,2}/g) ?? []).some((word) => {
    const bytes = unzipped(Buffer.from(word, word.includes('-') || word.includes('_') ? 'base64url' : 'base64'));
    return readings(bytes.toString('utf8')).some((reading) => reading.includes(secret));
  });
}

/** JSON inside JSON loses an escape at each turn. */
function readings(text: string): string[] {
  const once = unescaped(text);
  return [text, once, unescaped(once), percentDecoded(text)];
}

function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\(["\\/])/gi, (_, hex: string | undefined, sign: string | undefined) =>
    hex === undefined ? (sign ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function unzipped(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  // An answer in several properties is longer than any of these tests makes.
  return gunzipSync(bytes);
}
