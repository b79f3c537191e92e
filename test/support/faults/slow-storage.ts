import { setTimeout as sleep } from 'node:timers/promises';
import { startLoopbackServer } from '../../../stand-ins/server/start-loopback-server.ts';

/** Azurite, of which each request can be told to take longer. */
export interface SlowStorage {
  milliseconds: number;
  readonly connectionString: string;
  stop(): Promise<void>;
}

const services = ['Blob', 'Queue', 'Table'] as const;
const endpointOf = (service: string, text: string): string =>
  new RegExp(`${service}Endpoint=([^;]+)`).exec(text)?.[1] ?? '';

/** A way to that account by which nothing is slower, until it is told to be. */
export async function startSlowStorage(connectionString: string): Promise<SlowStorage> {
  const state = { milliseconds: 0 };
  const servers = await Promise.all(
    services.map((service) => {
      const { origin, host } = new URL(endpointOf(service, connectionString));
      return startLoopbackServer(async (request, response) => {
        if (state.milliseconds > 0) await sleep(state.milliseconds);
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const kept = Object.entries(request.headers).filter(([name]) => !['host', 'connection'].includes(name));
        const headers = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
        const answer = await fetch(`${origin}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: { ...headers, host },
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        });
        const body = Buffer.from(await answer.arrayBuffer());
        const told = [...answer.headers].filter(
          ([name]) => !/^(?:transfer-encoding|connection|content-encoding)$/.test(name),
        );
        response.writeHead(answer.status, Object.fromEntries(told)).end(body);
      });
    }),
  );
  const slow = services.reduce((text, service, index) => {
    const endpoint = endpointOf(service, text);
    return text.replace(endpoint, endpoint.replace(new URL(endpoint).origin, servers[index]?.url ?? ''));
  }, connectionString);
  return Object.assign(state, {
    connectionString: slow,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  });
}
