/** What the document says of a header. */
interface KnownHeader {
  readonly description: string;
  readonly example: string;
}

/** A header as the document has it. */
export interface HeaderObject extends KnownHeader {
  readonly schema: { readonly type: 'string' };
  /** It is there each time. */
  readonly required?: boolean;
}

export const headerObject = (header: KnownHeader): HeaderObject => ({ ...header, schema: { type: 'string' } });

/** What calls take; `Accept`, `Authorization` and `Content-Type` the document says elsewhere. */
export const requestHeaders = {
  Prefer: {
    description:
      '`wait=N` holds the answer up to N seconds, at most 120, until there is an end. Ten answers are held for a requester at a time in an instance.',
    example: 'wait=60',
  },
  'Idempotency-Key': {
    description:
      '1–255 printable ASCII characters. The same key and request is answered with what came of it first; the key with another request is 422.',
    example: 'deploy-4711',
  },
  'Repeatability-Request-ID': {
    description: 'The same as `Idempotency-Key`; where both are given they must agree.',
    example: '7d3a1c52-9a0e-4a39-8a54-6a1d6fd0c9f1',
  },
  'If-None-Match': {
    description: 'An `ETag`: 304 where nothing has changed since.',
    example: '"rGNZ9PYo4aYVkMVUxgl0yVbS9hM"',
  },
  'x-netcheck-client': {
    description: 'What our own clients are. It is kept, and believed for nothing.',
    example: 'cli/1.2.3',
  },
  'x-ms-client-request-id': {
    description: 'Echoed where it is 1–128 visible ASCII characters.',
    example: '0f2b7a52-5d0c-4a43-9a3f-1f64cf2d0a55',
  },
  'MCP-Protocol-Version': { description: 'The revision of the protocol.', example: '2026-07-28' },
  'Mcp-Method': { description: 'The `method` of the message.', example: 'tools/call' },
  'Mcp-Name': { description: 'The `name` of the tool that is called.', example: 'explain_policy' },
  traceparent: {
    description: 'W3C trace context, version 00: kept in the audit and the log, and sent to Azure.',
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
} as const satisfies Readonly<Record<string, KnownHeader>>;
export type RequestHeader = keyof typeof requestHeaders;

/** What answers have. */
export const answerHeaders = {
  'x-ms-request-id': {
    description: 'What to quote to the operators; the audit has it, too.',
    example: '8f14e45f-ceea-467f-a0e6-6c2b1b9e0d5a',
  },
  'x-ms-client-request-id': {
    description: "The request's own, echoed.",
    example: '0f2b7a52-5d0c-4a43-9a3f-1f64cf2d0a55',
  },
  'x-ms-error-code': { description: 'The code of the error.', example: 'InvalidRequest' },
  'Operation-Location': {
    description: 'URL of what was accepted.',
    example: 'https://netcheck.contoso.com/api/checks/5a8e0f9e-6d3b-4b51-9b1c-2f6f0a4f7c11',
  },
  Location: {
    description: 'Of a check where its result will be; of a set its URL.',
    example: 'https://netcheck.contoso.com/api/checks/5a8e0f9e-6d3b-4b51-9b1c-2f6f0a4f7c11/result',
  },
  'Retry-After': { description: 'Seconds until asking again can be worth it.', example: '5' },
  'Preference-Applied': { description: 'There where the answer was held as preferred.', example: 'wait=60' },
  ETag: { description: 'Of this answer.', example: '"rGNZ9PYo4aYVkMVUxgl0yVbS9hM"' },
  Link: {
    description: 'Of an export the next page; of the catalog the catalog itself.',
    example: '<https://netcheck.contoso.com/api/audit?after=1772359200000>; rel="next"',
  },
  'Content-Disposition': { description: 'Names the file.', example: 'attachment; filename="audit.csv"' },
  'RateLimit-Policy': {
    description: 'Quota and window of each limit (draft-ietf-httpapi-ratelimit-headers).',
    example: '"requests";q=20;w=60, "active";q=5',
  },
  RateLimit: {
    description: 'What is left of each limit, and the seconds until there is more.',
    example: '"requests";r=12;t=31, "active";r=4;t=60',
  },
  'WWW-Authenticate': {
    description: '`Bearer`; of MCP with the address of the metadata of RFC 9728, and the scope.',
    example: 'Bearer',
  },
  Allow: { description: 'The methods that are served.', example: 'POST' },
} as const satisfies Readonly<Record<string, KnownHeader>>;
export type AnswerHeader = keyof typeof answerHeaders;

const isAnswerHeader = (name: string): name is AnswerHeader => name in answerHeaders;
export const answerHeaderNames: readonly AnswerHeader[] = Object.keys(answerHeaders).filter(isAnswerHeader);

/** Which headers an answer has: each time, or where they apply. */
export type AnswerHeaders = Readonly<Partial<Record<AnswerHeader, 'always' | 'sometimes'>>>;
