import { z } from 'zod';
import { jsonOf } from '../contract/json-of.ts';
import type { SlackSettings } from './slack-settings.ts';

/** What a call came to. `refused`: Slack's own word for why. `failed`: nobody knows whether it was done. */
export type SlackAnswer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterSeconds?: number | undefined };

export interface SlackApiDeps {
  readonly slack: SlackSettings;
  readonly fetch: typeof fetch;
  readonly warn: (message: string, error: unknown) => void;
}

export interface SlackApi {
  /** A method of the Web API that takes JSON. */
  readonly post: (method: string, body: object) => Promise<SlackAnswer>;
  /** One that takes a form, as those that read do. */
  readonly ask: (method: string, form: Readonly<Record<string, string>>) => Promise<SlackAnswer>;
  /** Answers at the address that came with a message. */
  readonly answer: (url: string, body: object) => Promise<SlackAnswer>;
}

const TIMEOUT_MILLISECONDS = 10_000;
const MOST_ANSWER = 1024 * 1024;

const envelope = z.looseObject({ ok: z.boolean(), error: z.string().max(100).optional() });

/** Slack's Web API. Nothing of a request is in what is told of its trouble. */
export function createSlackApi({ slack, fetch: send, warn }: SlackApiDeps): SlackApi {
  const call = async (url: string, init: RequestInit): Promise<Response | string> => {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
      return await send(url, { method: 'POST', redirect: 'manual', signal, ...init });
    } catch (error) {
      return error instanceof Error ? error.name : 'The connection broke.';
    }
  };
  const callMethod = async (method: string, type: string, body: string): Promise<SlackAnswer> => {
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': `${type}; charset=utf-8` };
    const response = await call(`${slack.apiUrl}/${method}`, { headers, body });
    if (typeof response === 'string') return { kind: 'failed', cause: `${method}: ${response}` };
    const text = await textOf(response);
    const read = envelope.safeParse(jsonOf(text ?? '')).data;
    if (response.status === 429 || response.status >= 500 || !read)
      return { kind: 'failed', cause: `${method}: ${response.status}`, retryAfterSeconds: retryAfterOf(response) };
    return read.ok ? { kind: 'ok', body: read } : { kind: 'refused', code: read.error ?? 'unknown' };
  };

  return {
    post: (method, body) => callMethod(method, 'application/json', JSON.stringify(body)),
    ask: async (method, form) => {
      const body = new URLSearchParams(form).toString();
      const answer = await callMethod(method, 'application/x-www-form-urlencoded', body);
      const trouble = troubleOf(method, answer);
      if (trouble !== undefined) warn('Slack did not answer a question of the proxy.', new Error(trouble));
      return answer;
    },
    answer: async (url, body) => {
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const response = await call(url, { headers, body: JSON.stringify(body) });
      if (typeof response === 'string') return { kind: 'failed', cause: `response_url: ${response}` };
      const text = await textOf(response);
      if (response.status !== 200) return { kind: 'failed', cause: `response_url: ${response.status}` };
      const read = envelope.safeParse(jsonOf(text ?? '')).data;
      return read?.ok === false ? { kind: 'refused', code: read.error ?? 'unknown' } : { kind: 'ok', body: {} };
    },
  };
}

/** Why operators are told of an answer: who asks learns only that Slack says nothing now. */
function troubleOf(method: string, answer: SlackAnswer): string | undefined {
  if (answer.kind === 'failed') return answer.cause;
  // That somebody, or a channel, is not there is an answer.
  return answer.kind === 'refused' && !/_not_(?:found|visible)$/.test(answer.code)
    ? `${method}: ${answer.code}`
    : undefined;
}

async function textOf(response: Response): Promise<string | undefined> {
  try {
    const text = await response.text();
    return text.length > MOST_ANSWER ? undefined : text;
  } catch {
    return undefined;
  }
}

function retryAfterOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,5}$/.test(text) ? Math.min(Number(text), 3600) : undefined;
}
