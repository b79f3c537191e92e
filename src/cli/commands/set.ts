import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { CheckSet } from '../../client/answers.ts';
import type { SetRequest } from '../../client/requests.ts';
import { unlessAborted } from '../../client/world.ts';
import { renderSet } from '../../rendering/render-set.ts';
import { momentInWords, shortId, visible } from '../../rendering/visible.ts';
import { idIn } from '../../line/id-in.ts';
import { usageError } from '../cli-error.ts';
import type { Context, Outcome } from '../context.ts';
import { drawSet } from '../draw/draw-set.ts';
import { drawState } from '../draw/draw-check.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes, exitOfSet } from '../exit-codes.ts';
import { countIn } from '../options.ts';
import { createSetOfLines } from '../../meaning/create-set-of-lines.ts';
import { firstOf } from './first-of.ts';
import { comeBack, waitFor, withWayBack } from './follow.ts';

const usage = 'netcheck set run NAME|FILE, netcheck set show|rerun|cancel ID, or netcheck set list';

/** `netcheck set run|show|list|rerun|cancel` */
export async function set(context: Context): Promise<Outcome> {
  const [, verb = '', word, ...more] = context.words;
  const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (!run || more.length > 0 || (verb === 'list') === (word !== undefined)) throw usageError(`Write ${usage}.`);
  return run(context, word ?? '');
}

const verbs: Readonly<Record<string, (context: Context, word: string) => Promise<Outcome>>> = {
  run: async (context, word) => {
    const { client, options, signal, goingOn } = context;
    const reason = options.reason === undefined ? {} : { reason: options.reason };
    goingOn('It may have been accepted: netcheck set list shows it.');
    const accepted = isFile(word)
      ? await createFrom(context, await readAll(word, signal), reason)
      : await client().sets.create({ name: word, ...reason }, { signal });
    return accept(context, accepted);
  },
  rerun: async (context, word) => {
    const { client, options, signal } = context;
    context.goingOn('It may have been accepted: netcheck set list shows it.');
    return accept(
      context,
      await client().sets.rerun(setId(word), {
        signal,
        ...(options.reason !== undefined && { reason: options.reason }),
      }),
    );
  },
  show: async (context, word) => {
    const found = await context.client().sets.get(setId(word), { signal: context.signal });
    return context.options.timeout === undefined ? outcomeOf(context, found) : follow(context, found);
  },
  cancel: async (context, word) => {
    const { json, text } = outcomeOf(
      context,
      await context.client().sets.cancel(setId(word), { signal: context.signal }),
    );
    return { json, text, exit: exitCodes.ok };
  },
  list: async ({ client, options, signal, url, terminal }) => {
    const most = countIn(options, 'top', 20);
    const sets = await firstOf(client().sets.list({ signal }), most);
    const rows = sets.map((each) => {
      const { state, sentence } = renderSet(each, new URL(url()).origin);
      return [
        shortId(each.id),
        momentInWords(each.createdAt),
        visible(each.name ?? '–'),
        drawState(state, terminal.paint),
        sentence,
      ];
    });
    return {
      json: { value: sets },
      text: rows.length === 0 ? 'You have no sets.' : drawTable(rows),
      exit: exitCodes.ok,
    };
  },
};

function setId(word: string): string {
  const id = idIn(word);
  if (id !== undefined) return id;
  throw usageError(`${visible(JSON.stringify(word))} is no id of a set.`);
}

async function accept(context: Context, accepted: CheckSet): Promise<Outcome> {
  context.goingOn(undefined);
  context.terminal.note(`Set ${shortId(accepted.id)} of ${accepted.total} checks was accepted.`);
  return follow(context, accepted);
}

async function follow(context: Context, accepted: CheckSet): Promise<Outcome> {
  const { sets } = context.client();
  const ended = await waitFor<CheckSet>(context, accepted, {
    what: 'Set',
    hasEnded: ({ counts }) => counts.running === 0,
    wait: (id, signal) => sets.wait(id, { signal }),
    look: (id, signal) => sets.get(id, { signal }),
  });
  return outcomeOf(context, ended);
}

function outcomeOf(context: Context, found: CheckSet): Outcome {
  const { url, terminal } = context;
  const text = drawSet(renderSet(found, new URL(url()).origin), terminal.paint);
  return withWayBack(context, { json: found, text, exit: exitOfSet(found) }, comeBack('Set', found.id));
}

/** Names of sets have a dot now and then: a file is then meant, as the name of a file mostly has one. */
const isFile = (word: string): boolean => word === '-' || /[/.\\]/.test(word);

async function readAll(file: string, signal: AbortSignal): Promise<string> {
  try {
    return await (file === '-'
      ? unlessAborted(signal, textOf(process.stdin))
      : readFile(file, { encoding: 'utf8', signal }));
  } catch (error) {
    signal.throwIfAborted();
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function createFrom(context: Context, written: string, reason: { reason?: string }): Promise<CheckSet> {
  const { signal } = context;
  const client = context.client();
  const text = written.replace(/^\ufeff/, '');
  if (/^\s*[{[]/.test(text)) return client.sets.create({ ...readJson(text), ...reason }, { signal });
  return createSetOfLines(client, text, reason, signal);
}

function readJson(text: string): SetRequest {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw usageError(`The set is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw usageError('The JSON of a set is an object, such as {"checks": […]}.');
}
