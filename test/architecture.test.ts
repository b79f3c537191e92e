import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

interface Import {
  /** Both relative to src. */
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** By `import()`: while the program runs. */
  readonly isLater: boolean;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8');
  return [
    ...text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from '([^']+)';|^import '([^']+)';|\bimport\('([^']+)'\)/gm),
  ].map((found) => {
    const target = found[2] ?? found[3] ?? found[4] ?? '';
    const to = target.startsWith('.') ? relative(root, resolve(root, dirname(from), target)) : target;
    return { from, to, typeOnly: found[1] !== undefined, isLater: found[4] !== undefined };
  });
});

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);
const isInternal = ({ to }: Import): boolean => /\.tsx?$/.test(to);

/** Which folders a folder may import besides itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  address: [],
  arm: [],
  contract: ['address', 'arm'],
  policy: ['address', 'arm', 'contract'],
  verdict: ['arm', 'contract'],
  line: ['address', 'arm', 'contract'],
  rendering: ['arm', 'contract', 'verdict'],
  'sign-in': ['address', 'rendering'],
  meaning: ['client', 'contract', 'line'],
  cli: ['address', 'arm', 'audit', 'client', 'contract', 'line', 'meaning', 'rendering', 'sign-in'],
  page: ['address', 'arm', 'client', 'contract', 'line', 'meaning', 'rendering', 'sign-in'],
  audit: ['contract'],
  sources: ['arm', 'contract', 'policy'],
  check: ['arm', 'contract', 'policy', 'verdict', 'audit', 'sources', 'line'],
  set: ['arm', 'contract', 'policy', 'verdict', 'audit', 'sources', 'check', 'notify'],
  chat: [
    ...['arm', 'contract', 'policy', 'verdict', 'audit', 'sources', 'check', 'set', 'notify'],
    ...['line', 'rendering'],
  ],
  slack: ['address', 'contract', 'chat', 'rendering'],
  teams: ['address', 'arm', 'contract', 'chat', 'line', 'rendering'],
  notify: ['contract', 'policy', 'check'],
  webhook: ['notify'],
  caller: ['address', 'contract'],
  'network-watcher': ['address', 'arm', 'contract', 'check'],
  'azure-inventory': ['arm', 'contract', 'policy', 'network-watcher', 'sources'],
  storage: ['arm', 'contract', 'check', 'set', 'audit', 'policy', 'sources', 'notify', 'chat', 'teams'],
  log: ['check'],
  http: [
    ...['address', 'arm', 'contract', 'check', 'set', 'audit', 'caller', 'policy', 'log', 'sources'],
    ...['line', 'rendering', 'chat', 'slack', 'teams'],
  ],
  jobs: ['contract', 'check', 'set', 'audit', 'log', 'notify', 'chat'],
  client: ['address', 'arm'],
  'settings.ts': ['address', 'policy', 'storage', 'contract', 'audit', 'webhook', 'slack', 'teams'],
  'triggers.ts': ['http'],
};

/** A flat folder has at most so many files. */
const MOST_FILES = 15;

describe('the house', () => {
  it('has imports to look at', () => {
    expect(imports.filter(isInternal).length).toBeGreaterThan(100);
  });

  it('has no wrong arrow', () => {
    const wrong = imports.filter(isInternal).filter(({ from, to }) => {
      const [folder, target] = [folderOf(from), folderOf(to)];
      return folder !== 'main.ts' && folder !== target && !arrows[folder]?.includes(target);
    });
    expect(wrong).toEqual([]);
  });

  it('is wired by main.ts, which nobody imports, and knows nothing of the CLI', () => {
    expect(imports.filter(({ to }) => to === 'main.ts' || to === 'cli/main.ts')).toEqual([]);
    expect(imports.filter(({ from, to }) => to.startsWith('cli/') && !from.startsWith('cli/'))).toEqual([]);
  });

  it('has no circle among its files', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports.filter(isInternal))
      if (!typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
    const circles: string[][] = [];
    const walk = (file: string, path: readonly string[], done: Set<string>): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (path.includes(file) || done.has(file)) return;
      for (const target of next.get(file) ?? []) walk(target, [...path, file], done);
      done.add(file);
    };
    const done = new Set<string>();
    for (const file of next.keys()) walk(file, [], done);
    expect(circles).toEqual([]);
  });

  it('loads the library of MCP with the first message: a start does not wait for it', () => {
    const atStart = new Set(['main.ts']);
    for (const file of atStart)
      for (const { from, to, typeOnly, isLater } of imports)
        if (from === file && !typeOnly && !isLater) atStart.add(to);
    const library = imports.filter(({ to }) => to.startsWith('@modelcontextprotocol/'));
    expect([...new Set(library.map(({ from }) => from))]).toEqual(['http/mcp/serve.ts']);
    expect([atStart.has('http/mcp/call-mcp.ts'), atStart.has('http/mcp/serve.ts')]).toEqual([true, false]);
  });

  it('takes @azure/functions as a value in main.ts only', () => {
    expect(
      imports.filter(({ to, typeOnly }) => to === '@azure/functions' && !typeOnly).map(({ from }) => from),
    ).toEqual(['main.ts']);
  });

  it('keeps SDKs, fetch, clock, environment and log out of its rules', () => {
    const pure = [
      ...['address', 'arm', 'contract', 'policy', 'verdict', 'audit', 'sources', 'check', 'set', 'notify'],
      ...['line', 'rendering', 'chat'],
    ];
    const rules = files.filter((file) => pure.includes(folderOf(file)));
    const wrong = rules.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /from '@azure|\bfetch\(|Date\.now\(|new Date\(\)|process\.|console\.|Math\.random|randomUUID/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps line and rendering fit for a browser: no module of Node.js, and no package', () => {
    const reached = new Set(files.filter((file) => ['line', 'rendering'].includes(folderOf(file))));
    const values = imports.filter(({ typeOnly }) => !typeOnly);
    for (const file of reached) for (const { from, to } of values) if (from === file) reached.add(to);
    expect(reached.size).toBeGreaterThan(20);
    expect([...reached].filter((file) => !file.endsWith('.ts'))).toEqual([]);
  });

  it('keeps the page fit for a browser, and small: two packages', () => {
    const reached = new Set(files.filter((file) => folderOf(file) === 'page'));
    for (const file of reached)
      for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) reached.add(to);
    const packages = [...reached].filter((file) => !/\.(?:tsx?|css)$/.test(file)).toSorted();
    expect(packages).toEqual(['oauth4webapi', 'preact', 'preact/hooks']);
  });

  it('reads the environment where a program begins only', () => {
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(root, file), 'utf8')));
    expect(readers.toSorted()).toEqual(['main.ts']);
  });

  it(`has no flat folder of more than ${MOST_FILES} files`, () => {
    const folders = files.map((file) => dirname(file));
    const held = (folder: string): number => folders.filter((each) => each === folder).length;
    expect([...new Set(folders)].filter((folder) => held(folder) > MOST_FILES)).toEqual([]);
  });

  it('knows nothing of what is never deployed, and the stand-ins know nothing of it', () => {
    expect(imports.filter(({ to }) => to.startsWith('..'))).toEqual([]);
    const standIns = fileURLToPath(new URL('../stand-ins', import.meta.url));
    const texts = readdirSync(standIns, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(texts.filter((file) => /from '[./]*\/src\//.test(readFileSync(join(standIns, file), 'utf8')))).toEqual([]);
  });
});
