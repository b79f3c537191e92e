import type { Check } from '../../client/answers.ts';
import { renderCheck } from '../../rendering/render-check.ts';
import { shortId } from '../../rendering/visible.ts';
import type { Context, Outcome } from '../context.ts';
import { drawCheck } from '../draw/draw-check.ts';
import { exitCodes, exitOfCheck } from '../exit-codes.ts';
import { countIn } from '../options.ts';

const USUAL_TIMEOUT_SECONDS = 300;

/** Waits for what was accepted, unless that is not wanted; what has not ended in time is told as it stands. */
export async function waitFor<T extends { readonly id: string }>(
  { options, terminal, signal, goingOn }: Context,
  accepted: T,
  { what, hasEnded, wait, look }: Waiting<T>,
): Promise<T> {
  if (options['no-wait'] === true || hasEnded(accepted)) return accepted;
  const { id } = accepted;
  const seconds = countIn(options, 'timeout', USUAL_TIMEOUT_SECONDS);
  goingOn(`${what} ${shortId(id)} goes on. ${comeBack(what, id)}`);
  const late = AbortSignal.timeout(1000 * seconds);
  const end = terminal.waiting(`${what} ${shortId(id)}`);
  try {
    return await wait(id, AbortSignal.any([signal, late]));
  } catch (error) {
    if (!signal.aborted && late.aborted) return await look(id, signal);
    // What went wrong is the waiting alone; of an interruption it is told elsewhere.
    if (!signal.aborted) terminal.note(`${what} ${shortId(id)} goes on. ${comeBack(what, id)}`);
    throw error;
  } finally {
    end();
    if (!signal.aborted) goingOn(undefined);
  }
}

interface Waiting<T> {
  readonly what: 'Check' | 'Set';
  readonly hasEnded: (state: T) => boolean;
  readonly wait: (id: string, signal: AbortSignal) => Promise<T>;
  readonly look: (id: string, signal: AbortSignal) => Promise<T>;
}

export const comeBack = (what: 'Check' | 'Set', id: string): string =>
  `To come back: netcheck ${what === 'Set' ? 'set ' : ''}show ${shortId(id)}`;

/** A check to its end, as far as that is wanted. */
export async function followCheck(context: Context, accepted: Check): Promise<Outcome> {
  const client = context.client();
  const check = await waitFor(context, accepted, {
    what: 'Check',
    hasEnded: (state) => exitOfCheck(state) !== exitCodes.running,
    wait: (id, signal) => client.wait(id, { signal }),
    look: (id, signal) => client.get(id, { signal }),
  });
  return outcomeOf(context, check);
}

export function outcomeOf(context: Context, check: Check): Outcome {
  const { url, terminal } = context;
  const text = drawCheck(renderCheck(check, new URL(url()).origin), terminal.paint);
  return withWayBack(context, { json: check, text, exit: exitOfCheck(check) }, comeBack('Check', check.id));
}

/** Of what still runs it is said how to come back to it: below the text or, beside JSON, on stderr. */
export function withWayBack({ options, terminal }: Context, outcome: Outcome, back: string): Outcome {
  if (outcome.exit !== exitCodes.running) return outcome;
  if (options.json === true) terminal.note(back);
  return { ...outcome, text: `${outcome.text}\n${back}` };
}
