import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { completions } from '../../src/cli/completion.ts';
import { optionNames } from '../../src/cli/options.ts';

const run = promisify(execFile);

/** What bash would offer for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = [
    completions['bash'] ?? '',
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_netcheck',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout } = await run('bash', ['-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('Completion', () => {
  it('offers commands, their words and options in bash', async () => {
    expect(await offered('netcheck', '')).toEqual(commandNames);
    expect(await offered('netcheck', 'sh')).toEqual(['show', 'share']);
    expect(await offered('netcheck', 'set', 're')).toEqual(['rerun']);
    expect(await offered('netcheck', 'audit', '')).toEqual(['list', 'export', 'verify']);
    expect(await offered('netcheck', 'list', '--js')).toEqual(['--json']);
    expect(await offered('netcheck', 'web-01', '')).toEqual([]);
  });

  it('knows all commands in every shell', () => {
    for (const script of Object.values(completions))
      for (const name of [...commandNames, ...optionNames]) expect(script).toContain(name);
  });
});
