import { Problem } from '../contract/problem.ts';
import type { Caller, Role } from '../contract/requester.ts';

/** Throws `MissingRole` where the caller's token carries none of these app roles; where none is named, any caller will do. */
export function requireRole(caller: Caller, ...oneOf: readonly Role[]): void {
  if (oneOf.length === 0 || oneOf.some((role) => caller.roles.includes(role))) return;
  throw new Problem(
    'MissingRole',
    `This needs the app role ${oneOf.join(' or ')} in the access token for this service: ask an administrator of the app registration to assign it to you, then get a new token.`,
  );
}
