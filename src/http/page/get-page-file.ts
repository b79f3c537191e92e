import { readFile } from 'node:fs/promises';
import type { HttpHandler } from '@azure/functions';
import { etagOf, isKnown } from '../etag.ts';
import { pageFiles } from './operations.ts';

/** `GET /page/{file}`: a file that was built beside the app. */
export function getPageFile({ folder }: { readonly folder: URL }): HttpHandler {
  return async (request) => {
    const name = request.params['file'] ?? '';
    const headers = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    const type = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
    const body = type === undefined ? undefined : await readIfThere(new URL(name, folder));
    if (type === undefined || body === undefined) return { status: 404, headers };
    const etag = etagOf(body);
    if (isKnown(request, etag)) return { status: 304, headers: { ...headers, etag } };
    return { status: 200, headers: { ...headers, etag, 'content-type': type }, body };
  };
}

/** A build can be without one. */
async function readIfThere(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
