import type { CallOptions, CheckRequest, Client } from '../../src/client/client.ts';

export const checkId = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
export const sampleRequest: CheckRequest = {
  source: { endpoint: 'web-01' },
  destination: { address: '10.1.2.4', port: 1433 },
};

type Make = (client: Client, options: CallOptions) => Promise<unknown>;

/** The first item of a list, so that one page is asked for. */
async function first(list: AsyncIterable<unknown>): Promise<unknown> {
  for await (const item of list) return item;
  return undefined;
}

/** Every call of the client, and the request that it is. */
export const everyCall: readonly (readonly [request: string, name: string, make: Make])[] = [
  ['POST /api/checks', 'submit', (client, options) => client.submit(sampleRequest, options)],
  ['POST /api/checks', 'run', (client, options) => client.run(sampleRequest, options)],
  ['POST /api/checks?dryRun=true', 'dryRun', (client, options) => client.dryRun(sampleRequest, options)],
  [`GET /api/checks/${checkId}`, 'get', (client, options) => client.get(checkId, options)],
  [`GET /api/checks/${checkId}`, 'wait', (client, options) => client.wait(checkId, options)],
  [`GET /api/checks/${checkId}/result`, 'result', (client, options) => client.result(checkId, options)],
  ['GET /api/checks', 'list', (client, options) => first(client.list(options))],
  [`POST /api/checks/${checkId}/rerun`, 'rerun', (client, options) => client.rerun(checkId, options)],
  [`GET /api/checks/${checkId}/comparison`, 'compare', (client, options) => client.compare(checkId, options)],
  [
    'GET /api/flows?source=web-01&destination=10.1.2.4',
    'flow',
    (client, options) => client.flow({ source: 'web-01', destination: '10.1.2.4', ...options }),
  ],
  [`POST /api/checks/${checkId}/share`, 'share', (client, options) => client.share(checkId, options)],
  [`DELETE /api/checks/${checkId}/share`, 'unshare', (client, options) => client.unshare(checkId, options)],
  [`DELETE /api/checks/${checkId}`, 'cancel', (client, options) => client.cancel(checkId, options)],
  ['GET /api/me', 'me', (client, options) => client.me(options)],
  ['GET /api/sources', 'sources', (client, options) => first(client.sources(options))],
  ['POST /api/sets', 'sets.create', (client, options) => client.sets.create({ name: 'shop' }, options)],
  [`GET /api/sets/${checkId}`, 'sets.get', (client, options) => client.sets.get(checkId, options)],
  [`GET /api/sets/${checkId}`, 'sets.wait', (client, options) => client.sets.wait(checkId, options)],
  ['GET /api/sets', 'sets.list', (client, options) => first(client.sets.list(options))],
  [`POST /api/sets/${checkId}/rerun`, 'sets.rerun', (client, options) => client.sets.rerun(checkId, options)],
  [`DELETE /api/sets/${checkId}`, 'sets.cancel', (client, options) => client.sets.cancel(checkId, options)],
  ['GET /api/audit', 'audit.list', (client, options) => first(client.audit.list(options))],
  ['GET /api/audit', 'audit.export', (client, options) => first(client.audit.export({ format: 'csv', ...options }))],
  ['GET /api/audit/verification', 'audit.verification', (client, options) => client.audit.verification(options)],
];

/** Names of what an object can do, those of its parts with a dot. */
export const callsOf = (client: object): string[] =>
  Object.entries(client).flatMap(([name, part]) =>
    typeof part === 'function' ? [name] : Object.keys(part as object).map((each) => `${name}.${each}`),
  );
