import { parseArgs } from 'node:util';
import { usageError } from './cli-error.ts';

const optionTypes = {
  url: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean' },
  reason: { type: 'string' },
  'dry-run': { type: 'boolean' },
  'no-wait': { type: 'boolean' },
  timeout: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  device: { type: 'boolean' },
  top: { type: 'string' },
  until: { type: 'string' },
  undo: { type: 'boolean' },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  after: { type: 'string' },
  offline: { type: 'boolean' },
  export: { type: 'string' },
  checkpoints: { type: 'string' },
  'public-key': { type: 'string' },
} as const;

export type OptionName = keyof typeof optionTypes;
export type Options = Partial<ReturnType<typeof parseArgs<{ options: typeof optionTypes }>>['values']>;

export const optionNames = Object.keys(optionTypes);

/** What every command takes. */
export const commonOptions: readonly OptionName[] = ['url', 'token', 'json', 'quiet', 'help'];

/** What an option is for, as help and completion say it. */
export const optionHelp: Readonly<Record<OptionName, readonly [placeholder: string, sentence: string]>> = {
  url: ['URL', 'the proxy; else NETCHECK_URL, else (where no token is given) the one that you are signed in to'],
  token: ['TOKEN', 'an access token for it; better NETCHECK_TOKEN, which other users of the machine do not see'],
  json: ['', 'one JSON document on standard output, also of errors'],
  quiet: ['', 'nothing by the way on standard error'],
  help: ['', 'this help'],
  version: ['', 'the version'],
  reason: ['TEXT', 'for the audit'],
  'dry-run': ['', 'what policy says, without running anything'],
  'no-wait': ['', 'ends as soon as it is accepted'],
  timeout: ['SECONDS', 'waits as long at most; 300 where it is not said'],
  device: ['', 'signs in by a code that is typed on another device'],
  top: ['COUNT', 'how many; 20 where it is not said'],
  until: ['TIME', 'until when it is shared; 7 days where it is not said'],
  undo: ['', 'takes the share back'],
  from: ['TIME', 'a time, or a day (its beginning, UTC), included'],
  to: ['TIME', 'the same, not included'],
  out: ['FILE', 'ends in .csv or .ndjson, and says what is written'],
  after: ['POSITION', 'goes on where an interrupted export ended, as that one told'],
  offline: ['', 'from files alone'],
  export: ['FILE', 'what netcheck audit export wrote, as .ndjson'],
  checkpoints: ['FOLDER', 'the blobs of the container audit-checkpoints'],
  'public-key': ['FILE', 'of the signing key, in PEM; several in one file, where it was rotated'],
};

export interface Arguments {
  readonly words: readonly string[];
  readonly options: Options;
}

/** Reads the command line. Throws for what is no option. */
export function readArguments(given: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...given], options: optionTypes, allowPositionals: true });
    return { words: positionals, options: values };
  } catch (error) {
    throw usageError(
      `${error instanceof Error ? error.message.split('. To specify')[0] : String(error)}.`.replace(/\.\.$/, '.'),
    );
  }
}

/** A whole number that an option must be. */
export function countIn(options: Options, name: 'timeout' | 'top', otherwise: number): number {
  const text = options[name];
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw usageError(`--${name} is a whole number from 1 on.`);
}
