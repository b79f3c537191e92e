import { z } from 'zod';
import type { Operation } from '../operation.ts';

/** Everything that is served from `/page/`, with its type. */
export const pageFiles: Readonly<Record<string, string>> = {
  'client.mjs': 'text/javascript; charset=utf-8',
  'netcheck.mjs': 'text/javascript; charset=utf-8',
};

/** The files that browsers and command lines take from the proxy. */
export const pageOperations = {
  getPageFile: {
    method: 'GET',
    path: 'page/{file}',
    summary: 'Serves the client and the command line, each as one file',
    query: z.looseObject({}),
    answers: {
      200: { description: 'The file.', content: { 'text/javascript': z.string() } },
      304: { description: 'It is as its ETag says.' },
      404: { description: 'There is no such file.' },
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
