import { type Answer, expectAsDocumented, findOperation } from './expect-as-documented.ts';

const apps = new Set<string>();

let isWatched = false;

/**
 * From now on, every answer that a test fetches from this app has to be as the OpenAPI document says. To be called off
 * when it has ended: another server can get its port.
 */
export function holdAnswersOf(url: string): () => void {
  if (!isWatched) watchFetch();
  isWatched = true;
  const { origin } = new URL(url);
  apps.add(origin);
  return () => apps.delete(origin);
}

function watchFetch(): void {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const asked = input instanceof Request ? input : { method: 'GET', url: String(input) };
    const { origin, pathname } = new URL(asked.url);
    if (apps.has(origin) && isOfApi(pathname)) {
      const { status, headers } = answer;
      hold(init?.method ?? asked.method, pathname, { status, headers, text: await answer.clone().text() });
    }
    return answer;
  };
}

/** What the document has no call for is the host's to refuse. */
function hold(method: string, pathname: string, answer: Answer): void {
  const operation = findOperation(method, pathname);
  if (operation && !isHostsOwn(answer)) expectAsDocumented(operation, answer);
  if (!operation && !isHostsOwn(answer)) throw new Error(`The OpenAPI document knows no ${method} ${pathname}.`);
}

const isOfApi = (pathname: string): boolean =>
  /^\/(?:api|\.well-known|page|mcp|metadata|subscriptions|tenants)(?:\/|$)/i.test(pathname);

/** How the Functions host refuses by itself, and what it answers for a function that breaks down. */
const isHostsOwn = ({ status, headers, text }: Answer): boolean =>
  [400, 404, 413, 414, 431, 500].includes(status) && text === '' && !headers.has('x-ms-request-id');
