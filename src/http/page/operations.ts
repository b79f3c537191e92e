import { z } from 'zod';
import { anyQuery, type Operation, refusedByHost } from '../operation.ts';

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
    pathParameters: { file: 'Its name: `client.mjs` or `netcheck.mjs`.' },
    query: anyQuery,
    requestHeaders: ['If-None-Match'],
    answers: {
      200: { description: 'The file.', headers: { ETag: 'always' }, content: { 'text/javascript': z.string() } },
      304: { description: 'It is as its ETag says.', headers: { ETag: 'always' } },
      404: { description: 'There is no such file.' },
      ...refusedByHost,
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
