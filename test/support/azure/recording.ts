import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { notRun } from '../run/not-run.ts';
import type { ScriptedAnswer } from './scripted-arm.ts';

const header = z.union([z.string(), z.array(z.string()).transform((values) => values[0] ?? '')]);
const text = z.union([z.string(), z.unknown().transform((value) => JSON.stringify(value))]);
const headers = z.record(z.string(), header).default({});

export const exchangeSchema = z.object({
  method: z.string(),
  uri: z.string().default(''),
  reqBody: z.string().nullish(),
  status: z.coerce.number(),
  headers,
  body: text,
});
export type RecordedExchange = z.infer<typeof exchangeSchema>;

export const recordingSchema = z.object({ exchanges: z.array(exchangeSchema).min(1) });

/** Recordings lie beside the checkout where there are any: our own fixtures have their shape, and are always here. */
export function besideCheckout(folder = ''): { name: string; value: unknown }[] {
  const files = jsonFiles(new URL(`../../../../shared/recordings/${folder}`, import.meta.url));
  if (files.length === 0) {
    notRun(
      `recordings of Azure${folder && `, ${folder}`}`,
      'Put them into ../shared/recordings, beside the checkout. The fixtures in test/fixtures are tried all the same.',
    );
  }
  return files;
}

/** The JSON files of a folder by name; none where the folder is missing. */
export function jsonFiles(folder: URL): { name: string; value: unknown }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.map((name) => ({ name, value: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as unknown }));
}

const told = (exchange: RecordedExchange, name: string) =>
  Object.entries(exchange.headers).find(([key]) => key.toLowerCase() === name)?.[1];

/** Path and query of the Location, wherever it points to. */
export function recordedLocation(exchange: RecordedExchange): string | undefined {
  return told(exchange, 'location')?.replace(/^https?:\/\/[^/]+/, '');
}

/** Retry-After as the service sent it: one recorder wrote 0 for the service's 10. */
export function recordedRetryAfter(exchange: RecordedExchange): string | undefined {
  const value = told(exchange, 'retry-after');
  return value === '0' ? '10' : value;
}

/** The exchange's answer as the scripted server gives it, on its own origin. */
export function replayed(exchange: RecordedExchange): ScriptedAnswer {
  const location = recordedLocation(exchange);
  const retryAfter = recordedRetryAfter(exchange);
  const requestId = told(exchange, 'x-ms-request-id');
  return {
    status: exchange.status,
    body: exchange.body,
    headers: {
      ...(location === undefined ? {} : { location: `{arm}${location}` }),
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(requestId === undefined ? {} : { 'x-ms-request-id': requestId }),
    },
  };
}
