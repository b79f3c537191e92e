import { z } from 'zod';
import { anyQuery, type Operation, refusedByHost } from '../operation.ts';

/** Everything that is served from `/page/`, with its type. */
export const pageFiles: Readonly<Record<string, string>> = {
  'client.mjs': 'text/javascript; charset=utf-8',
  'netcheck.mjs': 'text/javascript; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** The page, and the files that browsers and command lines take from the proxy. */
export const pageOperations = {
  getPage: {
    method: 'GET',
    path: '',
    summary: 'Serves the page, on which a person asks and reads',
    query: anyQuery,
    answers: {
      200: { description: 'The page.', content: { 'text/html': z.string() } },
      404: { description: 'The app was built without it.' },
      ...refusedByHost,
    },
    problems: [],
  },
  getPageFile: {
    method: 'GET',
    path: 'page/{file}',
    summary: 'Serves the client, the command line and what the page needs, each as one file',
    pathParameters: { file: 'Its name: `client.mjs`, `netcheck.mjs`, or one that the page names.' },
    query: anyQuery,
    requestHeaders: ['If-None-Match'],
    answers: {
      200: {
        description: 'The file.',
        headers: { ETag: 'always' },
        content: { 'text/javascript': z.string(), 'text/css': z.string(), 'image/svg+xml': z.string() },
      },
      304: { description: 'It is as its ETag says.', headers: { ETag: 'always' } },
      404: { description: 'There is no such file.' },
      ...refusedByHost,
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
