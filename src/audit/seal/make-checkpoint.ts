import { type Access, type AccessDeps, recordAccess } from '../record-access.ts';
import { seal, type SealDeps, type Sealed } from './seal.ts';

/** Covers all that was written before the call now, the reading itself included. Throws the Problem `AuditUnavailable`. */
export async function makeCheckpoint(deps: SealDeps & AccessDeps, access: Omit<Access, 'action'>): Promise<Sealed> {
  await recordAccess(deps, { ...access, action: 'read' });
  return seal(deps);
}
