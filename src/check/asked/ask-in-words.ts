import { Problem } from '../../contract/problem.ts';
import type { Actor } from '../../contract/actor.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { nearest } from '../../contract/text/nearest.ts';
import type { Ask } from '../../line/line.ts';
import { type AskRequest, isNoMachine, requestsOf } from '../../line/requests-of.ts';
import { takenFor } from '../../line/taken-for.ts';
import { applicableTo } from '../../policy/applicable.ts';
import { listSources } from '../../sources/list-sources.ts';
import { readAsked, type ReadAskedDeps } from './read-asked.ts';

/** A check that was asked for in words. */
export interface AskedInWords {
  readonly asked: CheckRequest;
  /** What the words were taken for, in a sentence that the first answer has. */
  readonly taken: string;
}

/** So many names of sources are looked at for the one that was meant. */
const MOST_NAMES = 500;

/**
 * What the words of a check ask for: the likeliest of their meanings or, where no machine has such a name, the next one.
 * Throws `InvalidRequest`, which says what is wrong with the words, and `Paused` as `readAsked` does.
 */
export async function askInWords(
  deps: ReadAskedDeps,
  actor: Actor,
  ask: Ask,
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<AskedInWords> {
  const { endpoints } = applicableTo(deps.policy, actor.caller);
  const meanings = requestsOf(ask, endpoints);
  if (!meanings.ok) throw new Problem('InvalidRequest', meanings.message);
  try {
    return await firstMeant(deps, { actor, isDryRun }, meanings.requests);
  } catch (error) {
    throw await withNearestSource(deps, actor, ask, error);
  }
}

async function firstMeant(
  deps: ReadAskedDeps,
  asking: { readonly actor: Actor; readonly isDryRun: boolean },
  [request, ...others]: readonly AskRequest[],
): Promise<AskedInWords> {
  if (!request) throw new Problem('InvalidRequest', 'Say what to reach.');
  try {
    return { asked: await readAsked(deps, { ...asking, body: request }), taken: takenFor(request) };
  } catch (error) {
    const isOther = error instanceof Problem && isNoMachine(request, error.details ?? []);
    if (!isOther || others.length === 0) throw error;
    return firstMeant(deps, asking, others);
  }
}

/** The same error, with the source that was probably meant by a name that nothing has. */
async function withNearestSource(deps: ReadAskedDeps, actor: Actor, { source }: Ask, error: unknown): Promise<unknown> {
  if (!(error instanceof Problem)) return error;
  const { code, message, details = [] } = error;
  if (!details.some((each) => each.code === 'UnknownName' && each.target === 'source.name')) return error;
  const { endpoints } = applicableTo(deps.policy, actor.caller);
  const { sources } = await listSources(deps, actor, { top: MOST_NAMES });
  const near = nearest(
    source,
    [...endpoints, ...sources].map(({ name }) => name),
  );
  if (near === undefined) return error;
  return new Problem(code, message, {
    details: details.map((each) =>
      each.target === 'source.name' ? { ...each, message: `${each.message} Did you mean "${near}"?` } : each,
    ),
  });
}
