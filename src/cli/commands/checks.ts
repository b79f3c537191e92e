import type { Check } from '../../client/answers.ts';
import type { Line } from '../../line/line.ts';
import { renderComparison } from '../../rendering/render-comparison.ts';
import { renderRow } from '../../rendering/render-list.ts';
import { shareInWords } from '../../rendering/share-in-words.ts';
import { shortId, visible } from '../../rendering/visible.ts';
import { usageError } from '../cli-error.ts';
import type { Context, Outcome } from '../context.ts';
import { drawState } from '../draw/draw-check.ts';
import { drawTable } from '../draw/draw-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { countIn } from '../options.ts';
import { reasonOf } from './check.ts';
import { firstOf } from './first-of.ts';
import { followCheck, outcomeOf } from './follow.ts';

type Verb<V extends Line['verb']> = Extract<Line, { verb: V }>;

/** As it stands now; with `--timeout` it is waited for. */
export async function show(context: Context, { id }: { readonly id: string }): Promise<Outcome> {
  const check = await context.client().get(id, { signal: context.signal });
  return context.options.timeout === undefined ? outcomeOf(context, check) : followCheck(context, check);
}

export async function again(context: Context, { id, reason: inLine }: Verb<'again'>): Promise<Outcome> {
  const { options, terminal, signal, goingOn } = context;
  const reason = reasonOf(inLine, options.reason);
  goingOn('It may have been accepted: netcheck list shows it.');
  const check = await context.client().rerun(id, { signal, ...(reason !== undefined && { reason }) });
  goingOn(undefined);
  terminal.note(`Check ${shortId(check.id)} was accepted.`);
  return followCheck(context, check);
}

export async function cancel(context: Context, { id }: { readonly id: string }): Promise<Outcome> {
  const check = await context.client().cancel(id, { signal: context.signal });
  return { json: check, text: visible(check.verdict.summary), exit: exitCodes.ok };
}

export async function share(context: Context, { id, to }: Verb<'share'>): Promise<Outcome> {
  const { client, options, signal } = context;
  if (options.undo === true) {
    if (to !== undefined || options.until !== undefined)
      throw usageError(
        '--undo takes the whole share back: give the id alone. Who shares again replaces the last share.',
      );
    const check = await client().unshare(id, { signal });
    return { json: check, text: `Check ${shortId(check.id)} is shared with nobody.`, exit: exitCodes.ok };
  }
  const { until } = options;
  const check = await client().share(id, { signal, ...(to && { to }), ...(until !== undefined && { until }) });
  return { json: check, text: sharedInWords(context, check), exit: exitCodes.ok };
}

function sharedInWords({ url }: Context, { id, sharedWith }: Check): string {
  const shared = sharedWith ? shareInWords(sharedWith) : 'shared with nobody';
  return `Check ${shortId(id)} is ${shared}.\n${new URL(url()).origin}/#/checks/${visible(id)}`;
}

export async function compare(context: Context, { id, with: other }: Verb<'compare'>): Promise<Outcome> {
  const { client, signal, url, terminal } = context;
  const comparison = await client().compare(id, { signal, ...(other !== undefined && { with: other }) });
  const {
    title,
    sentence,
    changes,
    check,
    with: before,
  } = renderComparison(comparison, new URL(url()).origin, other ?? 'lastGood');
  const sides = [
    ...(before ? [[before.at, drawState(before.state, terminal.paint)]] : []),
    [check.at, drawState(check.state, terminal.paint)],
  ];
  const text = [
    `${terminal.paint('bold', title)}\n${sentence}`,
    drawTable(sides),
    changes.map((change) => `• ${change}`).join('\n'),
  ];
  return { json: comparison, text: text.filter((block) => block !== '').join('\n\n'), exit: exitCodes.ok };
}

const USUAL_COUNT = 20;

export async function list(context: Context): Promise<Outcome> {
  const { client, options, signal, url, terminal } = context;
  const most = countIn(options, 'top', USUAL_COUNT);
  const checks = await firstOf(client().list({ top: Math.min(most, 200), signal }), most);
  const rows = checks.map((each) => {
    const { id, at, title, state } = renderRow(each, new URL(url()).origin);
    return [shortId(id), at, drawState(state, terminal.paint), title];
  });
  const text = rows.length === 0 ? 'You have no checks.' : drawTable(rows);
  return { json: { value: checks }, text, exit: exitCodes.ok };
}
