import type { FieldError } from '../client/netcheck-error.ts';
import { NetcheckError } from '../client/netcheck-error.ts';
import type { Client } from '../client/client.ts';
import type { Ask } from '../line/line.ts';
import { type AskRequest, isNoMachine, type KnownEndpoint } from '../line/requests-of.ts';
import { nearest } from '../contract/text/nearest.ts';

/** Endpoints that the person may name; they are asked for where a word could be one. */
export async function endpointsFor(
  client: Client,
  asks: readonly Ask[],
  signal: AbortSignal,
): Promise<readonly KnownEndpoint[]> {
  const isPlain = asks.every(({ source, destination }) => [source, destination].every((word) => /[/:]/.test(word)));
  return isPlain ? [] : (await client.me({ signal })).endpoints;
}

/**
 * Sends requests with the likeliest meaning of each; where the proxy knows no machine of a name, with the next one.
 * `placeOf` is where faults of a request are told, such as `checks[3].`.
 */
export async function askByMeaning<T>(
  meanings: readonly (readonly AskRequest[])[],
  placeOf: (index: number) => string,
  send: (requests: readonly AskRequest[]) => Promise<T>,
): Promise<{ readonly answer: T; readonly requests: readonly AskRequest[] }> {
  let chosen = meanings.map(() => 0);
  for (;;) {
    const requests = meanings.flatMap((each, index) => each[chosen[index] ?? 0] ?? []);
    try {
      return { answer: await send(requests), requests };
    } catch (error) {
      if (!(error instanceof NetcheckError) || error.code !== 'InvalidRequest') throw error;
      const next = chosen.map((at, index) => {
        const request = requests[index];
        const faults = faultsAt(error.details, placeOf(index));
        return request && at + 1 < (meanings[index]?.length ?? 0) && isNoMachine(request, faults) ? at + 1 : at;
      });
      if (next.every((at, index) => at === chosen[index])) throw error;
      chosen = next;
    }
  }
}

const faultsAt = (details: readonly FieldError[], place: string) =>
  details.flatMap(({ code, message, target }) =>
    target?.startsWith(place) === true ? [{ code, message, target: target.slice(place.length) }] : [],
  );

/** The same error, with the source that was probably meant by a name that nothing has. */
export async function withNearestSource(
  error: unknown,
  client: Client,
  asks: readonly Ask[],
  endpoints: readonly KnownEndpoint[],
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof NetcheckError)) return error;
  const isUnknown = error.details.some(
    ({ code, target }) => code === 'UnknownName' && /(?:^|\.)source(?:\.name)?$/.test(target ?? ''),
  );
  if (!isUnknown) return error;
  const known = [...endpoints.map(({ name }) => name)];
  for await (const page of client.sources({ top: 500, signal }).pages()) {
    known.push(...page.value.map(({ name }) => name));
    break;
  }
  const near = asks.flatMap(({ source }) => (known.includes(source) ? [] : (nearest(source, known) ?? [])))[0];
  if (near === undefined) return error;
  return new NetcheckError(error.code, error.message, {
    ...{ status: error.status, requestId: error.requestId },
    details: error.details.map((each) => ({ ...each, message: `${each.message} Did you mean "${near}"?` })),
  });
}
