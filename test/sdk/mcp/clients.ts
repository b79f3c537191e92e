import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const load = createRequire(import.meta.url);

/** `npm ci --prefix test/sdk` installs them. */
export const isInstalled = existsSync(new URL('../node_modules/@modelcontextprotocol/client', import.meta.url));

export interface Tool {
  readonly name: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
  readonly annotations?: object;
}

export interface Result {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
}

/** What is used of a client of either generation. */
export interface Client {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ readonly tools: readonly Tool[] }>;
  callTool(call: { readonly name: string; readonly arguments?: object }): Promise<Result>;
  getInstructions(): string | undefined;
  close(): Promise<void>;
}

type ClientClass = new (about: { name: string; version: string }, options?: object) => Client;
type HttpClass = new (url: URL, options: object) => unknown;
type StdioClass = new (options: object) => unknown;

interface Library {
  readonly Client: ClientClass;
  readonly Http: HttpClass;
  readonly Stdio: StdioClass;
  readonly options: object;
}

/** The clients of the protocol: by what each is called, and the revisions that it speaks. */
export const generations = {
  'version 2, newest revision': () => versionTwo({ versionNegotiation: { mode: 'auto' } }),
  'version 2, revision before': () => versionTwo({}),
  'version 1': versionOne,
} as const;
export type Generation = keyof typeof generations;

async function versionTwo(options: object): Promise<Library> {
  const { Client, StreamableHTTPClientTransport: Http } = (await importOf('@modelcontextprotocol/client')) as {
    Client: ClientClass;
    StreamableHTTPClientTransport: HttpClass;
  };
  const { StdioClientTransport: Stdio } = (await importOf('@modelcontextprotocol/client/stdio')) as {
    StdioClientTransport: StdioClass;
  };
  return { Client, Http, Stdio, options };
}

async function versionOne(): Promise<Library> {
  const of = async (part: string) =>
    (await importOf(`@modelcontextprotocol/sdk/client/${part}.js`)) as Record<string, unknown>;
  const [client, http, stdio] = await Promise.all(['index', 'streamableHttp', 'stdio'].map(of));
  return {
    Client: client?.['Client'] as ClientClass,
    Http: http?.['StreamableHTTPClientTransport'] as HttpClass,
    Stdio: stdio?.['StdioClientTransport'] as StdioClass,
    options: {},
  };
}

const importOf = (name: string): Promise<unknown> => import(pathToFileURL(load.resolve(name)).href);

export async function overHttp(generation: Generation, url: string, token: string): Promise<Client> {
  const { Client: Made, Http, options } = await generations[generation]();
  const client = new Made({ name: 'try-out', version: '1.2.3' }, options);
  await client.connect(
    new Http(new URL(`${url}/mcp`), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  );
  return client;
}

/** Through the command line, in a process of its own. */
export async function overStdio(
  generation: Generation,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Client> {
  const { Client: Made, Stdio, options } = await generations[generation]();
  const client = new Made({ name: 'try-out', version: '1.2.3' }, options);
  const [program = '', ...args] = command;
  await client.connect(new Stdio({ command: program, args, env, stderr: 'pipe' }));
  return client;
}
