import { z } from 'zod';
import { parseAddress } from '../../address/address.ts';

const names = z.array(z.unknown()).catch([]);
const anyMembers = z.record(z.string(), z.unknown()).catch({});
// Read with forgiveness, so that a fault elsewhere in the file hides none of these.
const anyPolicy = z.object({
  endpoints: z.record(z.string(), anyMembers).catch({}),
  rules: z
    .array(z.object({ id: z.unknown().optional(), sources: names, destinations: names }).catch(emptyRule))
    .catch([]),
});
type AnyPolicy = z.infer<typeof anyPolicy>;

/** What no single member shows: ids given twice, endpoints that are not there or are not what they are used as. */
export function referenceErrors(json: unknown): readonly string[] {
  const parsed = anyPolicy.safeParse(json);
  if (!parsed.success) return [];
  return [...endpointFaults(parsed.data), ...doubleIds(parsed.data), ...unknownEndpoints(parsed.data)];
}

function emptyRule() {
  return { id: undefined, sources: [], destinations: [] };
}

function endpointFaults({ endpoints }: AnyPolicy): readonly string[] {
  return Object.entries(endpoints).flatMap(([name, endpoint]) => {
    const given = ['resourceId', 'address'].filter((member) => endpoint[member] !== undefined);
    if (given.length !== 1) return [`endpoints.${name}: give either resourceId or address`];
    const uri = typeof endpoint['address'] === 'string' ? parseAddress(endpoint['address']) : undefined;
    if (uri?.kind !== 'uri' || uri.port === undefined || endpoint['port'] === undefined) return [];
    return uri.port === endpoint['port'] ? [] : [`endpoints.${name}.port: differs from the port in the URI`];
  });
}

function doubleIds({ rules }: AnyPolicy): readonly string[] {
  return rules.flatMap(({ id }, index) => {
    const first = rules.findIndex((rule) => rule.id === id);
    if (typeof id !== 'string' || first === index) return [];
    return [`rules[${index}].id: "${id}" is the id of rules[${first}] too: give each rule its own`];
  });
}

function unknownEndpoints({ endpoints, rules }: AnyPolicy): readonly string[] {
  const known = new Map(Object.entries(endpoints));
  return rules.flatMap((rule, index) =>
    (['sources', 'destinations'] as const).flatMap((member) =>
      rule[member].flatMap((entry, place) => {
        if (typeof entry !== 'string' || !entry.startsWith('endpoint:')) return [];
        const path = `rules[${index}].${member}[${place}]`;
        const endpoint = known.get(entry.slice('endpoint:'.length));
        if (!endpoint) return [`${path}: "${entry}" is not among endpoints: add it there or correct the name`];
        if (member === 'destinations' || endpoint['resourceId'] !== undefined) return [];
        return [`${path}: "${entry}" is an address: a source must be a resource`];
      }),
    ),
  );
}
