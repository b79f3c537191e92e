import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import { createSet, type AskedMember } from './create.ts';
import { askedOf, type TurnDeps } from './give-turns.ts';
import type { StoredMember, StoredSet } from './ports/set-store.ts';
import { readSet, type ReadSetDeps } from './read.ts';
import { outcomeOfMember } from './state/view-of-set.ts';

export interface RerunSet {
  /** Why it is asked for now. */
  readonly reason?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/**
 * Asks for all of a set again that the actor may read, as a new set of theirs: decided, limited and audited anew. Throws as
 * `readSet` and `createSet` do, and `ProbeHeadersNeeded`.
 */
export async function rerunSet(
  deps: TurnDeps & ReadSetDeps,
  actor: Actor,
  setId: string,
  { reason, idempotencyKey }: RerunSet,
): Promise<StoredSet> {
  const { set, members } = await readSet(deps, actor, setId, `/api/sets/${setId}/rerun`);
  const asked = members.map((member) => askedAgain(member, reason));
  return createSet(deps, actor, { members: asked, name: set.name, idempotencyKey, rerunOf: set.id });
}

function askedAgain(member: StoredMember, reason: string | undefined): AskedMember {
  const { request, state, named } = member;
  if (request.protocolConfiguration?.HTTPConfiguration?.headers?.length)
    throw new Problem(
      'ProbeHeadersNeeded',
      'The set had probe headers, whose values are not kept: send them again, with POST /api/sets.',
    );
  return {
    asked: { ...askedOf(member), reason },
    ...(named && { named }),
    rerunOf: state.kind === 'check' ? state.id : undefined,
    before: outcomeOfMember(member),
  };
}
