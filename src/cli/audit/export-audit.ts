import { access, type FileHandle, open, rename } from 'node:fs/promises';
import { asCliError, CliError, usageError } from '../cli-error.ts';
import type { Api, Page } from './api.ts';

const LINE_FEED = 10;

interface Order {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The position at which an interrupted export goes on; its pages are in the `.part` file. */
  readonly after: string | undefined;
  /** Ends in .csv or .ndjson. */
  readonly out: string;
  readonly progress: (text: string) => void;
  /** Told what to do where it is interrupted now. */
  readonly goingOn: (advice: string) => void;
}

/**
 * Joins the pages of an export into one file, a page in memory at a time. Until it is whole the file is named `.part`;
 * where a page cannot be had, that has the pages before it, and the error says how to go on.
 */
export async function exportAudit(api: Api, order: Order): Promise<void> {
  const { out, after } = order;
  if (!/\.(csv|ndjson)$/.test(out)) throw usageError('Give --out a name that ends in .csv or .ndjson.');
  if (after !== undefined) await access(`${out}.part`);
  const file = await open(`${out}.part`, after === undefined ? 'w' : 'a', 0o600);
  try {
    await writePages(api, order, file);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${out}.part`, out);
}

async function writePages(
  api: Api,
  { from, to, after, out, progress, goingOn }: Order,
  file: FileHandle,
): Promise<void> {
  const isCsv = out.endsWith('.csv');
  const query = new URLSearchParams(Object.entries({ from, to, after }).filter(isGiven));
  let [pages, size] = [0, (await file.stat()).size];
  for (let path: string | undefined = `/api/audit?${query.toString()}`; path !== undefined;) {
    goingOn(adviceAt(path, `${out}.part`));
    const page: Page = await pageOf(api, path, isCsv, `${out}.part`);
    // Every page of CSV has its header, in one line.
    const begin = isCsv && size > 0 ? page.body.indexOf(LINE_FEED) + 1 : 0;
    await file.appendFile(page.body.subarray(begin));
    [pages, size, path] = [pages + 1, size + page.body.length - begin, page.next];
    progress(`${pages} pages, ${(size / 1_000_000).toFixed(1)} MB`);
  }
}

const isGiven = (pair: [string, string | undefined]): pair is [string, string] => pair[1] !== undefined;

/** Where it cannot be had, what came until then is whole pages, and their end is known. */
async function pageOf(api: Api, path: string, isCsv: boolean, part: string): Promise<Page> {
  try {
    return await api.get(path, isCsv ? 'text/csv' : 'application/x-ndjson');
  } catch (error) {
    throw withAdvice(error, adviceAt(path, part));
  }
}

/** What is to be done where the page at the path does not come. */
function adviceAt(path: string, part: string): string {
  const after = new URLSearchParams(path.split('?')[1]).get('after');
  return after === null
    ? 'Nothing was exported: start again.'
    : `${part} has what came until then. To go on, give the same command and --after ${after}`;
}

function withAdvice(error: unknown, advice: string): CliError {
  const { code, message, exit, more } = asCliError(error);
  return new CliError(code, `${message}\n${advice}`, exit, more);
}
