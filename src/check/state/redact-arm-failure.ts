import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import type { OpenCheck } from './check.ts';
import type { Failure } from '../ports/network-watcher.ts';
import { withoutTexts } from './without-texts.ts';

const codeSchema = z.looseObject({ code: z.string().regex(/^[\w.-]{1,80}$/) });

/** ARM may quote the request that it refuses: the values of probe headers are taken out of what it said. */
export function redact(check: OpenCheck, failure: Failure): Failure {
  const headers = check.request.protocolConfiguration?.HTTPConfiguration?.headers ?? [];
  if (headers.length === 0) return failure;
  if (check.status === 'Running') return codeAlone(failure);
  const values = headers.map(({ value }) => value);
  const { message, innererror, answer } = failure;
  return {
    ...failure,
    message: withoutTexts(message, values),
    // A value can look like JSON, and what is left without it be none.
    ...(innererror === undefined ? {} : { innererror: jsonOf(withoutTexts(JSON.stringify(innererror), values)) }),
    ...(answer === undefined ? {} : { answer: { ...answer, body: withoutTexts(answer.body, values) } }),
  };
}

/** The values are gone since ARM accepted the check, so a quote of them could not be recognised. */
function codeAlone({ code, message, advice, innererror }: Failure): Failure {
  const said = codeSchema.safeParse(innererror).data;
  return { code, message, ...(advice ? { advice } : {}), ...(said ? { innererror: { code: said.code } } : {}) };
}
