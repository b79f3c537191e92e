import { z } from 'zod';
import { readCheckRequest } from '../../contract/request/check-request.ts';
import { MOST_CHECKS, readProduct } from '../../contract/request/set/set-request.ts';
import { readSide, type Side } from '../../contract/request/side.ts';
import type { Fault } from '../document/fault.ts';
import { withoutComment } from './policy-set.ts';
import { someMachines } from './some-machines.ts';
import { wordOf } from '../document/word.ts';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';

const anyMembers = z.record(z.string(), z.unknown()).catch({});
const endpointSchema = z.object({
  resourceId: z.string().optional(),
  address: z.string().optional(),
  port: z.int().optional(),
});
const setSchema = z.object({
  sources: z.array(anyMembers),
  destinations: z.array(anyMembers),
  protocol: z.unknown().optional(),
});
// Read with forgiveness, so that a fault elsewhere in the file hides none of these.
const anyPolicy = z.object({
  endpoints: anyMembers.pipe(z.record(z.string(), endpointSchema.nullable().catch(null))),
  sets: anyMembers.pipe(z.record(z.string(), setSchema.nullable().catch(null))),
});

/** What would be a fault of the request that a set stands for: each of its checks is read as one that somebody asks for. */
export function setErrors(json: unknown): readonly Fault[] {
  const { endpoints, sets } = anyPolicy.safeParse(json).data ?? { endpoints: {}, sets: {} };
  const find = (name: string): Side | undefined => readSide(endpoints[name] ?? {});
  return Object.entries(sets).flatMap(([name, set]): Fault[] => {
    if (!set) return [];
    const { sources, destinations } = set;
    const count = sources.length * destinations.length;
    const path = ['sets', name];
    if (count > MOST_CHECKS)
      return [{ path, message: `asks for ${count} checks: write several sets of at most ${MOST_CHECKS} each` }];
    const product = { ...set, sources: sources.map(withoutComment), destinations: destinations.map(withoutComment) };
    const protocol = wordOf(protocolSchema.options, set.protocol);
    const read = readProduct({ ...product, protocol }, undefined, (body) =>
      readCheckRequest(body, (each) => knownOr(endpoints, each, find), someMachines(body)),
    );
    return read.ok ? [] : read.errors.map(({ target = '', message }) => faultOf(path, target, message));
  });
}

const knownOr = (endpoints: object, name: string, find: (name: string) => Side | undefined): Side | undefined =>
  name in endpoints ? find(name) : undefined;

/** A target such as `destinations[2].port` as a path. */
function faultOf(path: Fault['path'], target: string, message: string): Fault {
  const parts = target.split(/[.[\]]+/).filter((part) => part !== '');
  const place = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const unknown = place.at(-1) === 'endpoint' && message.startsWith('The policy has no endpoint');
  const said = unknown ? 'is not among endpoints: add it there or correct the name' : message;
  return { path: [...path, ...place], message: said.charAt(0).toLowerCase() + said.slice(1).replace(/\.$/, '') };
}
