import type { Fault } from './fault-proxy.ts';

const boundary = { 'content-type': 'multipart/mixed; boundary=batchresponse_1' };
const part = (head: string, body: string): string =>
  [
    '--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n',
    '--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n',
    `${head}\r\nContent-Type: application/xml\r\n\r\n${body}\r\n`,
    '--changesetresponse_1--\r\n--batchresponse_1--\r\n',
  ].join('\r\n');
const answer = (status: number, headers: Record<string, string>, body: string): Fault => ({
  ...{ kind: 'answer', status, headers, body },
});
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };
const busy = 'HTTP/1.1 503 Service Unavailable';

/** Answers that are storage's by their status alone, each with its name. */
export const oddAnswers: [string, Fault][] = [
  ['202 with an inner 503 in XML', answer(202, boundary, part(busy, '<error>busy</error>'))],
  ['202 with an inner 503 without a body', answer(202, boundary, part(busy, ''))],
  ['202 with an inner 503 in JSON over lines', answer(202, boundary, part(busy, '{\n"odata.error": {\n}}'))],
  ['202 with one part of several', answer(202, boundary, part('HTTP/1.1 204 No Content', ''))],
  ['202 without parts', answer(202, boundary, '')],
  ['200 and HTML', answer(200, html, '<html>Sign in</html>')],
  ['200 and {}', answer(200, json, '{}')],
  ['200 and null', answer(200, json, 'null')],
  ['200 and nothing', answer(200, json, '')],
  ['204', answer(204, {}, '')],
  ['404 and HTML', answer(404, html, '<html>Not found</html>')],
  ['404 and nothing', answer(404, json, '')],
];
