import { waitIn } from '../arm/retry-after.ts';
import { type FieldError, NetcheckError } from './netcheck-error.ts';

/** An HTTP answer, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/** The answer's text as it came, with a byte order mark where it has one: spreadsheets know UTF-8 by it. */
export const textOf = ({ body }: Answer): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);

/** The JSON object in an answer, which is believed to be what the call is said to answer. Throws where there is none. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what the call answers.
export function objectOf<T extends object>(answer: Answer): T {
  const value = parsed(answer);
  if (isObject<T>(value)) return value;
  throw unexpected(answer);
}

/** The error that an answer is; `undefined` for one with a status of 2xx. */
export function errorOf(answer: Answer, now: Date): NetcheckError | undefined {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return undefined;
  const retryAfterSeconds = waitIn(headers, now);
  const body = parsed(answer);
  const error = isObject<{ error?: unknown }>(body) ? body.error : undefined;
  if (!isObject<ErrorBody>(error) || typeof error.code !== 'string') return unexpected(answer, retryAfterSeconds);
  // Azure's own refusal of a failed check comes as it came, and the proxy's code beside it.
  const code = headers.get('x-ms-error-code') ?? error.code;
  return new NetcheckError(code, textIn(error.message) ?? code, {
    ...{ status, retryAfterSeconds, target: textIn(error.target), details: faultsIn(error.details) },
    requestId: headers.get('x-ms-request-id') ?? textIn(error.requestId),
    innererror: code === error.code ? error.innererror : error,
  });
}

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly requestId?: unknown;
  readonly target?: unknown;
  readonly details?: unknown;
  readonly innererror?: unknown;
}

// Anybody may stand at the address: what is no text, or no list of faults, is left out.
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const faultsIn = (value: unknown): readonly FieldError[] | undefined =>
  Array.isArray(value) ? value.filter(isFault) : undefined;

const isFault = (value: unknown): value is FieldError =>
  isObject<Partial<Record<keyof FieldError, unknown>>>(value) &&
  typeof value.code === 'string' &&
  typeof value.message === 'string' &&
  (value.target === undefined || typeof value.target === 'string');

function unexpected(answer: Answer, retryAfterSeconds?: number): NetcheckError {
  const { status, headers } = answer;
  const type = headers.get('content-type');
  const what = isRedirect(status)
    ? 'a redirect, which is not followed: the token is for one address alone'
    : `${status} and ${type === null ? 'no content' : type}`;
  return new NetcheckError(
    'UnexpectedAnswer',
    `What answered is not the proxy, or no answer of its API: it was ${what}. Look whether url is the proxy's address, and what stands before it.`,
    { status, retryAfterSeconds, requestId: headers.get('x-ms-request-id') ?? undefined },
  );
}

/** Browsers tell no more of a redirect that is not followed than the status 0. */
const isRedirect = (status: number): boolean => status === 0 || (status >= 300 && status < 400);

function parsed(answer: Answer): unknown {
  try {
    return JSON.parse(textOf(answer));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above.
const isObject = <T extends object>(value: unknown): value is T => typeof value === 'object' && value !== null;
