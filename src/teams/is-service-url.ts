import { isLoopback } from '../address/is-loopback.ts';

/** Whether the bot's token may be sent there. */
export function isServiceUrl(text: string, hosts: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) return false;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return hosts.some((host) => host === url.host || host === `${url.hostname}:${port}`);
}
