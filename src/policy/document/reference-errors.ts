import { z } from 'zod';
import { parseAddress } from '../../address/address.ts';
import type { Fault } from './fault.ts';

const names = z.array(z.unknown()).catch([]);
const anyMembers = z.record(z.string(), z.unknown()).catch({});
// Read with forgiveness, so that a fault elsewhere in the file hides none of these.
const anyPolicy = z.object({
  endpoints: anyMembers.pipe(z.record(z.string(), anyMembers)),
  rules: z.array(anyMembers).catch([]),
  contacts: z.array(anyMembers).catch([]),
});
type AnyPolicy = z.infer<typeof anyPolicy>;

/** What no single member shows: ids given twice, endpoints that are not there, members that do not go together. */
export function referenceErrors(json: unknown): readonly Fault[] {
  const parsed = anyPolicy.safeParse(json);
  if (!parsed.success) return [];
  const { data } = parsed;
  return [...endpointFaults(data), ...doubleIds(data), ...unknownEndpoints(data), ...data.rules.flatMap(wrongEffect)];
}

function endpointFaults({ endpoints }: AnyPolicy): readonly Fault[] {
  return Object.entries(endpoints).flatMap(([name, { resourceId, address, port }]): Fault[] => {
    if ((resourceId === undefined) === (address === undefined))
      return [{ path: ['endpoints', name], message: 'give either resourceId or address' }];
    const uri = typeof address === 'string' ? parseAddress(address) : undefined;
    if (uri?.kind !== 'uri' || uri.port === undefined || port === undefined || uri.port === port) return [];
    return [{ path: ['endpoints', name, 'port'], message: 'differs from the port in the URI' }];
  });
}

function doubleIds({ rules }: AnyPolicy): readonly Fault[] {
  return rules.flatMap(({ id }, index) => {
    const first = rules.findIndex((rule) => rule['id'] === id);
    if (typeof id !== 'string' || first === index) return [];
    return [
      { path: ['rules', index, 'id'], message: `"${id}" is the id of rules[${first}] too: give each rule its own` },
    ];
  });
}

function unknownEndpoints({ endpoints, rules, contacts }: AnyPolicy): readonly Fault[] {
  const known = new Map(Object.entries(endpoints));
  const check = (holder: Record<string, unknown>, member: string, path: Fault['path']): Fault[] =>
    names.parse(holder[member]).flatMap((entry, place): Fault[] => {
      if (typeof entry !== 'string' || !entry.startsWith('endpoint:')) return [];
      const at = [...path, member, place];
      const endpoint = known.get(entry.slice('endpoint:'.length));
      if (!endpoint)
        return [{ path: at, message: `"${entry}" is not among endpoints: add it there or correct the name` }];
      if (member !== 'sources' || endpoint['resourceId'] !== undefined) return [];
      return [{ path: at, message: `"${entry}" is an address: a source must be a resource` }];
    });
  return [
    ...rules.flatMap((rule, index) =>
      ['sources', 'destinations'].flatMap((member) => check(rule, member, ['rules', index])),
    ),
    ...contacts.flatMap((contact, index) => check(contact, 'targets', ['contacts', index])),
  ];
}

function wrongEffect({ effect, except, limits, visibleTo }: Record<string, unknown>, index: number): readonly Fault[] {
  const allows = String(effect).toLowerCase() === 'allow';
  const fault = (member: string, message: string): Fault => ({ path: ['rules', index, member], message });
  return [
    ...(except !== undefined && allows ? [fault('except', 'belongs to a rule that denies: leave it out')] : []),
    ...(limits !== undefined && !allows ? [fault('limits', 'belong to a rule that allows: leave them out')] : []),
    ...(visibleTo !== undefined && !allows
      ? [fault('visibleTo', 'belongs to a rule that allows, since no check runs under this one: leave it out')]
      : []),
    ...(except !== undefined && !namesSomebody(except)
      ? [fault('except', 'names nobody in particular, so the rule would bind nobody: name groups, roles, ids or via')]
      : []),
  ];
}

const namesSomebody = (except: unknown): boolean =>
  Object.keys(anyMembers.parse(except)).some((member) => member !== 'comment');
