import type { Actor } from '../../contract/actor.ts';
import { type AccessDeps, recordAccess } from '../record-access.ts';
import { seal, type SealDeps, type Sealed } from './seal.ts';

/** Covers all that was written before the call now, the reading itself included. Throws the Problem `AuditUnavailable`. */
export async function makeCheckpoint(deps: SealDeps & AccessDeps, actor: Actor, resource: string): Promise<Sealed> {
  await recordAccess(deps, actor, { action: 'read', resource });
  return seal(deps);
}
