import { verbs } from '../line/verbs.ts';
import type { OptionName } from './options.ts';

/** What help, completion and the check of options say of a command. */
export interface Command {
  readonly usage: string;
  readonly sentence: string;
  readonly example: string;
  /** Beside those that every command takes. */
  readonly options: readonly OptionName[];
  /** Words that stand behind its name, as completion offers them. */
  readonly words?: readonly string[];
  /** By such a word, where each takes options of its own. */
  readonly optionsOf?: Readonly<Record<string, readonly OptionName[]>>;
}

const waits: readonly OptionName[] = ['no-wait', 'timeout'];

const ofLine = (verb: keyof typeof verbs, options: readonly OptionName[], usage?: string): Command => ({
  usage: usage ?? verbs[verb].usage,
  sentence: verbs[verb].sentence,
  example: verbs[verb].example,
  options,
});

/** By the first word; a check has none, and stands under the empty one. */
export const commands: Readonly<Record<string, Command>> = {
  '': {
    usage: 'SOURCE DESTINATION[:PORT] [tcp|icmp|http|https] [because REASON …]',
    sentence: 'Checks whether the destination can be reached from the source.',
    example: 'web-01 sql-01:1433',
    options: ['reason', 'dry-run', ...waits],
  },
  show: ofLine('show', ['timeout']),
  list: ofLine('list', ['top']),
  again: ofLine('again', ['reason', ...waits]),
  compare: { ...ofLine('compare', []), words: ['lastGood', 'previous'] },
  flow: ofLine('flow', []),
  share: ofLine('share', ['until', 'undo']),
  cancel: ofLine('cancel', []),
  set: {
    usage: 'set run NAME|FILE | set show|rerun|cancel ID | set list',
    sentence:
      'Checks many flows at once: a set of the policy, or a file (its name has a "/" or a ".", or is "-"): JSON as for POST /api/sets, or a check a line, with # comments.',
    example: 'set run flows.txt',
    options: ['reason', 'top', ...waits],
    words: ['run', 'show', 'list', 'rerun', 'cancel'],
    optionsOf: {
      ...{ run: ['reason', ...waits], rerun: ['reason', ...waits] },
      ...{ show: ['timeout'], list: ['top'], cancel: [] },
    },
  },
  endpoints: ofLine('endpoints', []),
  me: ofLine('me', []),
  login: {
    usage: 'login',
    sentence: 'Signs you in to the proxy, after you have confirmed its authority and scope.',
    example: 'login --url https://proxy.example.com',
    options: ['device'],
  },
  logout: {
    usage: 'logout',
    sentence: 'Forgets your tokens for the proxy, and what you confirmed of it.',
    example: 'logout',
    options: [],
  },
  audit: {
    usage:
      'audit list | audit export --out FILE | audit verify [--offline --export FILE --checkpoints FOLDER --public-key FILE]',
    sentence: 'Reads the audit, writes it into a file, or proves it; needs the role Audit.Read.',
    example: 'audit export --from 2026-03-01 --to 2026-04-01 --out march.ndjson',
    options: ['from', 'to', 'top', 'out', 'after', 'offline', 'export', 'checkpoints', 'public-key'],
    words: ['list', 'export', 'verify'],
    optionsOf: {
      ...{ list: ['from', 'to', 'top'], export: ['from', 'to', 'out', 'after'] },
      verify: ['from', 'to', 'offline', 'export', 'checkpoints', 'public-key'],
    },
  },
  mcp: {
    usage: 'mcp',
    sentence: 'Serves an assistant on this machine: hands its messages to the proxy, signed in as you.',
    example: 'mcp --url https://proxy.example.com',
    options: [],
  },
  completion: {
    usage: 'completion bash|zsh|fish|pwsh',
    sentence: 'Prints what completes commands in your shell.',
    example: 'completion bash >~/.local/share/bash-completion/completions/netcheck',
    options: [],
    words: ['bash', 'zsh', 'fish', 'pwsh'],
  },
  help: { ...ofLine('help', []) },
  version: { usage: 'version', sentence: 'The version.', example: 'version', options: [] },
};

export const commandNames: readonly string[] = Object.keys(commands).filter((name) => name !== '');
