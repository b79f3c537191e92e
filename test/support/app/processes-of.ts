import { execFileSync } from 'node:child_process';

/** Every process that runs something of a copied app, or descends from `pid`; only those with `word` in their command. */
export function processesOf({ folder }: { readonly folder: string }, pid?: number, word = ''): number[] {
  const rows = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [])
    .map(([, own, parent, args = '']) => ({
      own: Number(own),
      parent: Number(parent),
      args,
    }));
  const found = new Set(all.filter(({ own, args }) => args.includes(folder) || own === pid).map(({ own }) => own));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { own, parent } of all) if (found.has(parent)) found.add(own);
  }
  return all.filter(({ own, args }) => found.has(own) && args.includes(word)).map(({ own }) => own);
}
