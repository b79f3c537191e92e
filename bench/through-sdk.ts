import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startArmSimulator } from '../stand-ins/arm/start-arm-simulator.ts';
import { world } from '../stand-ins/arm/scenarios/world.ts';
import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { copyApp } from '../test/support/app/app-copy.ts';
import { askedOf, clientOf, type Endpoint, httpsBefore } from '../test/sdk/sdk.ts';

export interface ThroughSdk {
  readonly way: 'direct' | 'proxy';
  readonly seconds: number;
  readonly requests: number;
}

/** The simulator draws 50 s and more, and this makes it 20 s, with no wait of the POST. */
const TWENTY_SECONDS = (20 - 50) / (85 - 50);
const pair = world.pairs.find(({ description }) => description === 'reachable in its own network');

/** One check of 20 s at Azure's own pace by @azure/arm-network, as it is published: of Azure itself, and of the proxy. */
export async function throughSdk(): Promise<ThroughSdk[]> {
  const azurite = await startAzurite();
  const simulator = await startArmSimulator({ speed: 1, random: () => TWENTY_SECONDS });
  const copy = await copyApp();
  try {
    const app = await copy.start({
      ...{ AzureWebJobsStorage: azurite.connectionString, ARM_ENDPOINT: simulator.url, HTTPS_PORT: '0' },
      POLICY: JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] }),
    });
    const said = (pattern: RegExp): string =>
      app.terminal.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
    const file = said(/: (\/\S+https-certificate\.pem)$/);
    const front = await httpsBefore(simulator.url, file, join(dirname(file), 'https-key.pem'));
    try {
      const body = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
      const { access_token: token } = (await (
        await fetch(`${app.url}/.local/token`, { method: 'POST', body })
      ).json()) as { access_token: string };
      const certificate = readFileSync(file, 'utf8');
      const proxyUrl = said(/^By https: (\S+)$/);
      const direct = await timed('direct', { url: front.url, token: 'any', certificate });
      return [direct, await timed('proxy', { url: proxyUrl, token, certificate })];
    } finally {
      front.stop();
      await app.stop();
    }
  } finally {
    await Promise.all([simulator.stop(), azurite.stop(), copy.remove()]);
  }
}

async function timed(way: ThroughSdk['way'], endpoint: Endpoint): Promise<ThroughSdk> {
  if (!pair) throw new Error('The simulator has lost the pair.');
  const { subscription, group, name, parameters } = askedOf(pair);
  const client = clientOf('36', endpoint, subscription);
  let requests = 0;
  const count = {
    name: 'count',
    sendRequest: (request: object, next: (request: object) => Promise<object>) => {
      requests += 1;
      return next(request);
    },
  };
  client.pipeline.addPolicy(count, { afterPhase: 'Retry' });
  const begun = performance.now();
  await client.networkWatchers.beginCheckConnectivityAndWait(group, name, parameters);
  return { way, seconds: Math.round((performance.now() - begun) / 100) / 10, requests };
}
