import { z } from 'zod';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';
import {
  type AskedTarget,
  readAskedDestination,
  readAskedSource,
  type ReadTarget,
} from '../../contract/search/asked-target.ts';
import { readMoment } from '../../contract/search/moment.ts';
import { isGuid } from '../../contract/text/is-guid.ts';
import { nearest } from '../../contract/text/nearest.ts';

const MAX_CHARACTERS = 2048;
const WRONG_PORT = 'Give a port from 1 to 65535.';

/** A parameter that is given once. */
export const text = z.string().max(MAX_CHARACTERS, `Give at most ${MAX_CHARACTERS} characters.`);

/** A time, a day (its beginning, UTC), or so long ago. */
export const moment = text.transform((given, context) => {
  const read = readMoment(given);
  if (read) return read;
  const message =
    'Give a time with its offset, such as 2026-03-01T10:00:00Z or 2026-03-01T10:00:00+01:00, a day such as 2026-03-01, or how long ago: -90m, -36h, -7d.';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** How many items a page may have. */
export const top = (most: number) =>
  text
    .meta({ type: 'integer', minimum: 1, maximum: most, description: 'How many a page has at most.' })
    .regex(/^[1-9]\d{0,5}$/, `Give a number from 1 to ${most}.`)
    .transform(Number)
    .refine((count) => count <= most, `Give a number from 1 to ${most}.`);

export const position = text.describe('The position in a link, which is followed as it was given.');

/** A port that is tested. */
export const portNumber = text
  .meta({ type: 'integer', minimum: 1, maximum: 65_535 })
  .regex(/^[1-9]\d{0,4}$/, WRONG_PORT)
  .transform(Number)
  .refine((port) => port <= 65_535, WRONG_PORT);

/** The id that the proxy gave, in any letter case. */
export const guid = (what: string) => text.refine(isGuid, `Give ${what}, a UUID.`).toLowerCase();

/** The id of a check, or its first characters. */
export const checkId = text.regex(
  /^[0-9A-Fa-f]{8}[0-9A-Fa-f-]{0,28}$/,
  'Give the id of a check, a UUID, or its first 8 or more characters where it is one of your own.',
);

/** Values of a parameter that is repeated: each may have any sign. */
const repeated = <T>(read: (given: string) => Read<T>) => values(read, (given) => [given], text);

/** Values of a parameter that is repeated, or that lists them by commas. */
const listed = <T>(read: (given: string) => Read<T>, each = text) => values(read, (given) => given.split(','), each);

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** `each` is what the OpenAPI document says of a value. */
function values<T>(read: (given: string) => Read<T>, split: (given: string) => readonly string[], each: typeof text) {
  return z.union([text, z.array(each)]).transform((given, context): readonly T[] =>
    [given]
      .flat()
      .flatMap(split)
      .flatMap((part) => {
        const one = part.trim() === '' ? empty : read(part.trim());
        if (one.ok) return [one.value];
        context.addIssue({ code: 'custom', message: one.message });
        return [];
      }),
  );
}

const empty = { ok: false, message: 'Give a value, or leave this parameter out.' } as const;

const wordOf =
  <const T extends string>(words: readonly T[], more: (given: string) => string) =>
  (given: string): Read<T> => {
    const value = words.find((word) => word.toLowerCase() === given.toLowerCase());
    if (value !== undefined) return { ok: true, value };
    const near = nearest(given, words);
    const hint = more(given) || (near === undefined ? '' : ` Did you mean ${near}?`);
    return { ok: false, message: `Give one of ${words.join(', ')}.${hint}` };
  };

/** One of these words, in any letter case. `more` says what else a word could be meant as. */
export const word = <const T extends string>(words: readonly T[], more: (given: string) => string = () => '') =>
  text.meta({ enum: words }).transform((given, context): T => {
    const read = wordOf(words, more)(given.trim());
    if (read.ok) return read.value;
    context.addIssue({ code: 'custom', message: read.message });
    return z.NEVER;
  });

/** Some of these words. `more` says what else a word could be meant as. */
export const words = <const T extends string>(known: readonly T[], more: (given: string) => string = () => '') =>
  listed(wordOf(known, more), text.meta({ enum: known }));

const texts = repeated((value): Read<string> => ({ ok: true, value }));

const target =
  (read: (given: string) => ReadTarget) =>
  (given: string): Read<AskedTarget> => {
    const each = read(given);
    return each.ok ? { ok: true, value: each.target } : each;
  };

const noUdp = (given: string): string => (/^udp$/i.test(given) ? " Azure's checks know no UDP." : '');

/** How one flow is tested. */
export const protocol = word(protocolSchema.options, noUdp);

/** What every search can ask for. */
export const searchFields = {
  requester: texts.optional().describe('Object ids, `<tenantId>/<objectId>`, or display names.'),
  source: listed(target(readAskedSource)).optional().describe('Resource ids, or names of endpoints or sources.'),
  destination: repeated(target(readAskedDestination))
    .optional()
    .describe('Resource ids, addresses, or names of endpoints or machines.'),
  port: listed(readPort).optional().describe('Ports, by commas.'),
  protocol: words(protocolSchema.options, noUdp).optional().describe('Protocols, by commas.'),
  rule: texts.optional().describe('Ids of rules of the policy.'),
  from: moment.optional().describe('This time and later.'),
  to: moment.optional().describe('Before this time.'),
};

function readPort(given: string): Read<number> {
  const value = /^[1-9]\d{0,4}$/.test(given) ? Number(given) : 0;
  if (value > 0 && value <= 65_535) return { ok: true, value };
  return { ok: false, message: WRONG_PORT };
}
