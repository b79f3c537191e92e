import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { HttpHandler } from '@azure/functions';
import { etagOf, isKnown } from '../etag.ts';
import { pageFiles } from './operations.ts';
import { readBuilt } from './read-built.ts';

/** One way to send a file. */
interface Form {
  readonly body: Buffer;
  readonly etag: string;
}

interface Served {
  readonly plain: Form;
  readonly zipped: Form;
}

const zip = promisify(gzip);

/** `GET /page/{file}`: a file that was built beside the app, read when somebody asks first. */
export function getPageFile({ folder }: { readonly folder: URL }): HttpHandler {
  const served = new Map<string, Served>();
  return async (request) => {
    const name = request.params['file'] ?? '';
    const fixed = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    const type = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
    const file = type === undefined ? undefined : (served.get(name) ?? (await readServed(new URL(name, folder))));
    if (type === undefined || file === undefined) return { status: 404, headers: fixed };
    served.set(name, file);
    const isZipped = takesGzip(request.headers.get('accept-encoding') ?? '');
    const { body, etag } = isZipped ? file.zipped : file.plain;
    const headers = { ...fixed, etag, vary: 'accept-encoding' };
    if (isKnown(request, etag)) return { status: 304, headers };
    const encoding = isZipped ? { 'content-encoding': 'gzip' } : {};
    return { status: 200, headers: { ...headers, ...encoding, 'content-type': type }, body };
  };
}

async function readServed(file: URL): Promise<Served | undefined> {
  const body = await readBuilt(file);
  if (body === undefined) return undefined;
  const zipped = await zip(body, { level: 9 });
  return { plain: { body, etag: etagOf(body) }, zipped: { body: zipped, etag: etagOf(zipped) } };
}

/** `gzip;q=0` is a no. */
const takesGzip = (accepted: string): boolean =>
  /(?:^|,)\s*gzip\s*(?:;\s*q=(?:1|0\.0*[1-9]\d*)[^,]*)?(?:,|$)/i.test(accepted);
