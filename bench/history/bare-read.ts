// Reads the same pages of rows and the same blobs as a verification, and does nothing with them but parse the rows: what
// it takes is what the servers take. A program of its own, as the app is.
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { inParallel } from '../in-parallel.ts';

const argumentSchema = z.object({ pages: z.array(z.string()), blobs: z.array(z.string()) });
const agent = new Agent({ keepAlive: true });

const read = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { agent, headers: { accept: 'application/json' } }, (answer) => {
      text(answer).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });

process.on('message', (word) => {
  const { pages, blobs } = argumentSchema.parse(JSON.parse(String(word)));
  const bare = async (): Promise<void> => {
    const begun = performance.now();
    await inParallel(blobs.length, 32, (i) => read(blobs[i] ?? ''));
    for (const page of pages) JSON.parse(await read(page));
    process.send?.((performance.now() - begun) / 1000);
  };
  void bare();
});
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
