import { afterAll, expect, test } from 'vitest';
import { besideCheckout } from '../../support/azure/recording.ts';
import { sourceNamed, startArm, watcherOf } from './arm-client.ts';

interface Exchange {
  readonly method: string;
  readonly status: number | string;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

const exchanges = besideCheckout()
  .filter(({ name }) => name.startsWith('Azure_'))
  .flatMap(({ value }) => (value as { exchanges: Exchange[] }).exchanges);

const arm = await startArm();
afterAll(() => arm.arm.stop());

/** Where members are: `hops[].links[].nextHopId`. */
function places(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => places(entry, `${path}[]`));
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, inner]) => [path, ...places(inner, `${path}.${name}`)]);
}

async function checked(address: string, port: number) {
  const source = { resourceId: sourceNamed('web-01') };
  const accepted = await arm.post(watcherOf(source.resourceId), { source, destination: { address, port } });
  return { accepted, done: await arm.poll(accepted) };
}

test.skipIf(exchanges.length === 0)('answers have no member and no ARM header that was not recorded', async () => {
  const answers = await Promise.all([checked('10.1.2.4', 1433), checked('10.1.4.3', 3389), checked('10.99.0.1', 1)]);
  const results = exchanges.filter(({ body }) => body.startsWith('{'));
  const known = new Set(results.flatMap(({ body }) => places(JSON.parse(body))));
  const sent = new Set(answers.flatMap(({ done }) => places(done.body)));
  expect([...sent].filter((place) => !known.has(place))).toEqual([]);
  expect(sent).toContain('.hops[].links[].properties.roundTripTimeMin');

  const headers = new Set(
    exchanges.flatMap((exchange) => Object.keys(exchange.headers)).map((name) => name.toLowerCase()),
  );
  const ours = answers.flatMap(({ accepted, done }) => [...accepted.headers.keys(), ...done.headers.keys()]);
  const transport = ['connection', 'keep-alive'];
  expect([...new Set(ours)].filter((name) => !headers.has(name) && !transport.includes(name))).toEqual([]);
  expect(ours).toContain('retry-after');
});
