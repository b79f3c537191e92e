import type { ConnectivityParameters } from '../contract/connectivity-parameters.ts';
import type { Failure } from './watcher.ts';

/** Shorter values cannot be told from chance. */
const MIN_CHARACTERS = 4;

/** ARM may quote the request that it refuses: the values of probe headers are taken out of what it said. */
export function redact(request: ConnectivityParameters, failure: Failure): Failure {
  const headers = request.protocolConfiguration?.HTTPConfiguration?.headers ?? [];
  const values = headers.map(({ value }) => value).filter((value) => value.length >= MIN_CHARACTERS);
  if (values.length === 0) return failure;
  const clean = (text: string): string => values.reduce((left, value) => withoutValue(left, value), text);
  const { message, innererror, answer } = failure;
  return {
    ...failure,
    message: clean(message),
    ...(innererror === undefined ? {} : { innererror: JSON.parse(clean(JSON.stringify(innererror))) }),
    ...(answer === undefined ? {} : { answer: { ...answer, body: clean(answer.body) } }),
  };
}

/** Plain, and as JSON writes it once and twice over: Azure quotes JSON in messages of JSON. */
function withoutValue(text: string, value: string): string {
  const once = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  return [twice, once, value].reduce((left, spelling) => left.replaceAll(spelling, '***'), text);
}
