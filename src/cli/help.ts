import { commandNames, type Command, commands } from './commands.ts';
import { commonOptions, optionHelp, type OptionName } from './options.ts';
import { drawTable } from './draw/draw-table.ts';

/** What there is to be known: of one command, or of all. */
export function helpText(name?: string): string {
  const command = name === undefined ? undefined : commands[name];
  return command === undefined ? allText() : commandText(command);
}

function allText(): string {
  const rows = Object.values(commands).map(({ usage, sentence }) => `  netcheck ${usage}\n      ${sentence}`);
  return [
    'Whether an Azure machine can reach something, asked of a Connectivity Check Proxy.',
    rows.join('\n'),
    `Options of every command:\n${optionRows(commonOptions)}`,
    `Exit codes:\n${exitRows}`,
    'More of a command: netcheck COMMAND --help',
  ].join('\n\n');
}

function commandText({ usage, sentence, example, options }: Command): string {
  return [
    `netcheck ${usage}`,
    sentence,
    optionRows([...options, ...commonOptions]),
    `Example:\n  netcheck ${example}`,
  ].join('\n\n');
}

const optionRows = (names: readonly OptionName[]): string =>
  drawTable(
    names.map((name) => {
      const [placeholder, sentence] = optionHelp[name];
      return [`  --${name}${placeholder === '' ? '' : ` ${placeholder}`}`, sentence];
    }),
  );

const exitRows = drawTable(
  [
    ['0', 'reachable, or done'],
    ['1', 'error'],
    ['2', 'not understood'],
    ['3', 'unreachable or degraded'],
    ['4', 'not signed in'],
    ['5', 'refused by policy or a limit'],
    ['6', 'inconclusive, failed or canceled'],
    ['7', 'still running'],
    ['130', 'interrupted'],
  ].map(([code = '', meaning = '']) => [`  ${code}`, meaning]),
);

/** The same for programs. */
export const helpJson = (name?: string): unknown => ({
  commands: (name === undefined ? ['', ...commandNames] : [name]).flatMap((each) => {
    const command = commands[each];
    return command
      ? [{ usage: `netcheck ${command.usage}`, sentence: command.sentence, example: `netcheck ${command.example}` }]
      : [];
  }),
});
