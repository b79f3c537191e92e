import { z } from 'zod';
import { roleSchema } from '../../contract/requester.ts';
import { distance } from '../../contract/text/distance.ts';
import type { Fault } from './fault.ts';

const names = z.array(z.unknown()).catch([]);
const people = z.object({ groups: names, roles: names, ids: names }).partial().catch({});
type People = z.infer<typeof people>;
// Read with forgiveness, so that a fault elsewhere in the file hides none of these.
const anyPolicy = z.object({
  customRoles: names,
  rules: z
    .array(z.object({ effect: z.unknown(), requesters: people, except: people, visibleTo: names }).partial().catch({}))
    .catch([]),
  callbacks: z.array(z.object({ requesters: people }).partial().catch({})).catch([]),
  sets: z.record(z.string(), z.object({ requesters: people }).partial().catch({})).catch({}),
});

const nothing: z.infer<typeof anyPolicy> = { customRoles: [], rules: [], callbacks: [], sets: {} };

interface Unmatched {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/**
 * Entries that no token can ever match, such as a group's name where tokens have its id. In a rule that denies they are
 * faults, or the rule would bind nobody and nobody would notice. Elsewhere they let nobody in, which somebody notices;
 * but who cannot see a colleague's check takes it for one that is not there, so in `visibleTo` they are faults, too.
 */
export function unmatchedRequesters(json: unknown): Unmatched {
  const { customRoles, rules, callbacks, sets } = anyPolicy.safeParse(json).data ?? nothing;
  const roles = [...roleSchema.options, ...customRoles.filter((role) => typeof role === 'string')];
  const entries = rules.flatMap(({ effect, requesters = {}, except = {}, visibleTo = [] }, index) => {
    const denies = String(effect).toLowerCase() !== 'allow';
    return [
      ...unmatched(requesters, ['rules', index, 'requesters'], roles).map((fault) => ({ denies, fault })),
      ...unmatched(except, ['rules', index, 'except'], roles).map((fault) => ({ denies: false, fault })),
      ...unmatchedGroups(visibleTo, ['rules', index, 'visibleTo']).map((fault) => ({ denies: true, fault })),
    ];
  });
  const callers = callbacks.flatMap(({ requesters = {} }, index) =>
    unmatched(requesters, ['callbacks', index, 'requesters'], roles),
  );
  const askers = Object.entries(sets).flatMap(([name, { requesters = {} }]) =>
    unmatched(requesters, ['sets', name, 'requesters'], roles),
  );
  return {
    faults: entries.filter(({ denies }) => denies).map(({ fault }) => fault),
    warnings: [...entries.filter(({ denies }) => !denies).map(({ fault }) => fault), ...callers, ...askers],
  };
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const objectId = new RegExp(`^${uuid}$`, 'i');
const requesterId = new RegExp(`^${uuid}/${uuid}$`, 'i');

function unmatched(
  { groups = [], roles = [], ids = [] }: People,
  path: Fault['path'],
  known: readonly string[],
): Fault[] {
  return [
    ...unmatchedGroups(groups, [...path, 'groups']),
    ...faultsOf(roles, [...path, 'roles'], (entry) => wrongRole(entry, known)),
    ...faultsOf(ids, [...path, 'ids'], (entry) =>
      requesterId.test(entry) ? undefined : 'write <tenantId>/<objectId>, both UUIDs, as GET /api/me shows them',
    ),
  ];
}

const unmatchedGroups = (groups: readonly unknown[], path: Fault['path']): Fault[] =>
  faultsOf(groups, path, (entry) => (objectId.test(entry) ? undefined : 'write the object id of the Entra group'));

const faultsOf = (
  entries: readonly unknown[],
  path: Fault['path'],
  wrong: (entry: string) => string | undefined,
): Fault[] =>
  entries.flatMap((entry, index) => {
    const why = typeof entry === 'string' && entry !== '' ? wrong(entry) : undefined;
    return why === undefined ? [] : [{ path: [...path, index], message: `"${String(entry)}" matches nobody: ${why}` }];
  });

function wrongRole(role: string, known: readonly string[]): string | undefined {
  if (known.some((each) => each === role || isAppRole(each, role))) return undefined;
  const near = known.find((each) => distance(each.toLowerCase(), role.toLowerCase()) <= 2);
  if (near !== undefined) return `did you mean "${near}"?`;
  return `it is none of ${known.join(', ')}; where your app registration has it, declare it in customRoles`;
}

/** The app's own roles are read in any letter case. */
const isAppRole = (known: string, role: string): boolean =>
  known.toLowerCase() === role.toLowerCase() && roleSchema.safeParse(known).success;
