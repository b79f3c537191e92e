import { nearest } from '../contract/text/nearest.ts';
import type { Line } from '../line/line.ts';
import { parseLine } from '../line/parse-line.ts';
import { usageError } from './cli-error.ts';
import { commandNames, commands } from './commands.ts';
import { audit } from './commands/audit.ts';
import { check } from './commands/check.ts';
import { again, cancel, compare, list, share, show } from './commands/checks.ts';
import { endpoints } from './commands/endpoints.ts';
import { flow } from './commands/flow.ts';
import { login, logout } from './commands/login.ts';
import { mcp } from './commands/mcp.ts';
import { me } from './commands/me.ts';
import { set } from './commands/set.ts';
import { completions } from './completion.ts';
import type { Context, Outcome } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { helpJson, helpText } from './help.ts';
import { commonOptions, countIn, type OptionName, optionNames } from './options.ts';

/** Commands that are no line of the grammar that all clients share. */
const own: Readonly<Record<string, (context: Context) => Promise<Outcome>>> = {
  set,
  audit,
  login: alone(login),
  logout: alone(logout),
  mcp: alone(mcp),
  completion: completion,
  version: alone(({ version }) => Promise.resolve(told({ version }, version))),
  help: async ({ words: [, name, ...more] }) => {
    if (more.length > 0 || (name !== undefined && !commandNames.includes(name))) throw unknown(more[0] ?? name ?? '');
    return Promise.resolve(help(name));
  },
};

/** Does what the words ask for. */
export async function dispatch(context: Context): Promise<Outcome> {
  const { words, options } = context;
  const name = commandOf(words);
  if (options.version === true) return told({ version: context.version }, context.version);
  if (options.help === true) return help(name === '' && words.length === 0 ? undefined : name);
  if (words.length === 0) throw usageError(helpText());
  refuseOptions(name, words[1] ?? '', Object.keys(options).filter(isOption));
  // Before anything is asked for, which could not be taken back.
  countIn(options, 'timeout', 1);
  countIn(options, 'top', 1);
  return own[name]?.(context) ?? runLine(context, readLine(words));
}

const commandOf = ([first = '']: readonly string[]): string => {
  const name = first.toLowerCase();
  return commandNames.includes(name) ? name : '';
};

const isOption = (name: string): name is OptionName => optionNames.includes(name);

/** An option that would be passed over could have been what matters to who gave it. */
function refuseOptions(name: string, word: string, given: readonly OptionName[]): void {
  const command = commands[name];
  const own = command?.optionsOf && Object.hasOwn(command.optionsOf, word) ? command.optionsOf[word] : undefined;
  const taken = [...(own ?? command?.options ?? []), ...commonOptions];
  const odd = given.find((each) => !taken.includes(each));
  const what = name === '' ? 'A check' : `netcheck ${name}${own ? ` ${word}` : ''}`;
  if (odd !== undefined)
    throw usageError(`${what} takes no --${odd}: see netcheck ${name === '' ? '' : `${name} `}--help`);
}

function readLine(words: readonly string[]): Line {
  const [first = '', ...more] = words;
  if (more.length === 0 && commandOf(words) === '') throw unknown(first);
  const read = parseLine(words.join(' '));
  if (read.ok) return read.line;
  throw usageError(read.message);
}

function unknown(word: string) {
  const near = nearest(word, commandNames);
  return usageError(
    `There is no command "${word}": ${near === undefined ? 'see netcheck help.' : `did you mean netcheck ${near}?`}`,
  );
}

async function runLine(context: Context, line: Line): Promise<Outcome> {
  if ('id' in line) return runOnCheck(context, line);
  switch (line.verb) {
    case 'check':
      return check(context, line);
    case 'flow':
      return flow(context, line);
    case 'endpoints':
      return endpoints(context, line);
    case 'list':
      return list(context);
    case 'me':
      return me(context);
    case 'set':
    case 'help':
    case 'link':
      throw unknown(line.verb);
  }
}

async function runOnCheck(context: Context, line: Extract<Line, { readonly id: string }>): Promise<Outcome> {
  switch (line.verb) {
    case 'show':
      return show(context, line);
    case 'cancel':
      return cancel(context, line);
    case 'again':
      return again(context, line);
    case 'compare':
      return compare(context, line);
    case 'share':
      return share(context, line);
  }
}

const told = (json: unknown, text: string): Outcome => ({ json, text, exit: exitCodes.ok });

const help = (name: string | undefined): Outcome => told(helpJson(name), helpText(name));

/** A command that is one word. */
function alone(run: (context: Context) => Promise<Outcome>): (context: Context) => Promise<Outcome> {
  return (context) => {
    const [, more] = context.words;
    if (more !== undefined) throw usageError(`"${more}" is too much.`);
    return run(context);
  };
}

function completion({ words: [, shell = '', ...more] }: Context): Promise<Outcome> {
  const script = more.length === 0 && Object.hasOwn(completions, shell) ? completions[shell] : undefined;
  if (script === undefined) throw usageError('Write netcheck completion bash, zsh, fish or pwsh.');
  return Promise.resolve(told({ shell, script }, script));
}
