import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memoryApp, sampleBody } from '../memory-app.ts';

const text = JSON.stringify({ ...sampleBody, reason: 'Prüfung' });
const utf8 = Buffer.from(text);
const powerShell = "send UTF-8, which PowerShell does with -ContentType 'application/json; charset=utf-8'.";

async function sent(body: Buffer | string, headers: Record<string, string> = {}) {
  const app = memoryApp();
  const { status, json } = await app.submit({
    body,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length), ...headers },
  });
  if (status >= 400) expect([app.store.rows(), app.queue.sent, app.actions()]).toEqual([[], [], []]);
  return { status, message: status < 400 ? app.store.rows()[0]?.reason : json.error.message };
}

describe('a body in UTF-8', () => {
  it.each([
    ...['application/json', 'application/json; charset=utf-8', 'application/json;charset="utf-8"'],
    ...["application/json;charset='utf-8'", 'Application/JSON; Charset=UTF8', 'application/json; odata=minimal'],
  ])('of the type %s is read', async (type) => {
    expect(await sent(utf8, { 'content-type': type })).toEqual({ status: 202, message: 'Prüfung' });
  });

  it('may have a byte order mark, and no encoding by name', async () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]);
    expect(await sent(marked, { 'content-encoding': 'identity' })).toEqual({ status: 202, message: 'Prüfung' });
  });
});

describe('a body in anything else', () => {
  const other = `The body is said to be in another charset than UTF-8: ${powerShell}`;
  const latin = `The body is not UTF-8, but perhaps Latin-1: ${powerShell}`;
  const wide = `The body is in UTF-16: ${powerShell}`;
  const compressed = 'The body is compressed: send it as it is, without Content-Encoding.';
  const bigEndian = Buffer.from(text, 'utf16le').swap16();

  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['said to be Latin-1', utf8, { 'content-type': 'application/json; charset=iso-8859-1' }, 415, other],
    ['said to be UTF-16', utf8, { 'content-type': 'application/json; charset="utf-16"' }, 415, other],
    ['in Latin-1', Buffer.from(text, 'latin1'), {}, 400, latin],
    ['in UTF-16 with a mark', Buffer.from(`\ufeff${text}`, 'utf16le'), {}, 400, wide],
    ['in UTF-16 with the other mark', Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian]), {}, 400, wide],
    ['in UTF-16 without a mark', Buffer.from(text, 'utf16le'), {}, 400, wide],
    ['in the other UTF-16 without a mark', bigEndian, {}, 400, wide],
    ['compressed', gzipSync(text), { 'content-encoding': 'gzip' }, 415, compressed],
    ['compressed in silence', gzipSync(text), {}, 415, compressed],
    ['said to be compressed', utf8, { 'content-encoding': 'br' }, 415, compressed],
  ])('%s is told so', async (_what, body, headers, status, message) => {
    expect(await sent(body, headers)).toEqual({ status, message });
  });
});

describe('a body that is no JSON', () => {
  const single =
    "The body has single quotes ('): JSON has double quotes around names and texts, and none around itself.";
  const bare =
    'The names of members have no double quotes, which JSON needs. Shells take them away: send the body from a file, as with curl --data-binary @file.';

  it.each([
    ['in single quotes', text.replaceAll('"', "'"), single],
    ['with single quotes around it', `'${text}'`, single],
    [
      'in curly quotes',
      text.replace('"source"', '“source”'),
      'The body has curly quotes, as word processors write them: JSON has straight ones (").',
    ],
    ['without quotes', text.replaceAll('"', ''), bare],
    ['of blanks', ' \n', 'The body is empty: send the request as JSON.'],
    ['with a comma too many', '{\n  "source": 1,\n}', 'The body is not JSON (line 3, column 1): mend its syntax.'],
  ])('%s is told how', async (_what, body, message) => {
    expect(await sent(body)).toEqual({ status: 400, message });
  });
});
