import { type FieldError, Problem } from '../../contract/problem.ts';
import type { Actor } from '../../contract/actor.ts';
import type { CheckRequest } from '../../contract/request/check-request.ts';
import { cutText } from '../../contract/text/cut-text.ts';
import { nearest } from '../../contract/text/nearest.ts';
import type { Ask } from '../../line/line.ts';
import { type AskRequest, isNoMachine, requestsOf } from '../../line/requests-of.ts';
import { takenFor } from '../../line/taken-for.ts';
import { applicableTo } from '../../policy/applicable.ts';
import { listSources } from '../../sources/list-sources.ts';
import { pointersOf } from '../search/pointers-of.ts';
import { readAsked, type ReadAskedDeps } from './read-asked.ts';

/** A check that was asked for in words. */
export interface AskedInWords {
  readonly asked: CheckRequest;
  /** What the words were taken for, in a sentence that the first answer has. */
  readonly taken: string;
}

interface Asking {
  readonly actor: Actor;
  readonly ask: Ask;
  readonly isDryRun?: boolean;
  readonly idempotencyKey?: string | undefined;
}

/** So many names of sources are looked at for the one that was meant. */
const MOST_NAMES = 500;
/** So much of a name is told again. */
const MOST_SHOWN = 100;

/**
 * What the words of a check ask for: the likeliest of their meanings or, where no machine has such a name, the next one.
 * Throws `InvalidRequest`, which says what is wrong with the words, and `Paused` as `readAsked` does.
 */
export async function askInWords(deps: ReadAskedDeps, asking: Asking): Promise<AskedInWords> {
  const { endpoints } = applicableTo(deps.policy, asking.actor.caller);
  const meanings = requestsOf(asking.ask, endpoints);
  if (!meanings.ok) throw new Problem('InvalidRequest', meanings.message);
  try {
    return await firstMeant(deps, asking, meanings.requests);
  } catch (error) {
    throw await withNearestSource(deps, asking, error);
  }
}

async function firstMeant(
  deps: ReadAskedDeps,
  asking: Asking,
  [request, ...others]: readonly AskRequest[],
): Promise<AskedInWords> {
  if (!request) throw new Problem('InvalidRequest', 'Say what to reach.');
  const { actor, isDryRun = false, idempotencyKey } = asking;
  try {
    const asked = await readAsked(deps, { actor, body: request, isDryRun, idempotencyKey });
    return { asked, taken: takenFor(request) };
  } catch (error) {
    const isOther = error instanceof Problem && isNoMachine(request, error.details ?? []);
    if (!isOther || others.length === 0) throw error;
    return firstMeant(deps, asking, others);
  }
}

/** The same problem in words, with the source that was probably meant by a name that nothing has. */
async function withNearestSource(
  deps: ReadAskedDeps,
  { actor, ask: { source } }: Asking,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Problem) || !error.details?.some(isUnknownSource)) return error;
  const { sources } = await listSources(deps, actor, { top: MOST_NAMES });
  const known = [...applicableTo(deps.policy, actor.caller).endpoints, ...sources].map(({ name }) => name);
  const near = nearest(source, known);
  const none = `No source of the name ${JSON.stringify(cutText(source, MOST_SHOWN))} is open to you`;
  const message =
    near === undefined
      ? `${none}. ${pointersOf(actor.caller.requester.via).names}`
      : `${none}: did you mean ${JSON.stringify(near)}?`;
  const details = error.details.map((each) => (isUnknownSource(each) ? { ...each, message } : each));
  return new Problem(error.code, error.message, { details });
}

const isUnknownSource = ({ code, target }: FieldError): boolean => code === 'UnknownName' && target === 'source.name';
