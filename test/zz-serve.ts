import { createServer, request } from 'node:http';
import { startApp } from './support/app/start-app.ts';
const app = await startApp({ SIMULATOR_SPEED: '200', AzureWebJobsStorage: '' });
const t = await (await fetch(`${app.url}/.local/token`, { method: 'POST', body: JSON.stringify({ user: 'alice', roles: ['Check.Request'] }) })).json() as {access_token: string};
const front = createServer((incoming, answer) => {
  const { host, ...headers } = incoming.headers;
  const out = request(`${app.url}${incoming.url}`, { method: incoming.method, headers: { ...headers, authorization: `Bearer ${t.access_token}` } }, (come) => { answer.writeHead(come.statusCode ?? 500, come.headers); come.pipe(answer); });
  incoming.pipe(out);
}).listen(0, '127.0.0.1', () => { console.log('FRONT', (front.address() as {port: number}).port, 'APP', app.url, t.access_token); });
process.on('SIGTERM', () => { app.stop().then(() => process.exit(0)); });
