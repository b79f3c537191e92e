import { foldCase } from '../arm/fold-case.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../arm/resource-id.ts';
import type { Actor } from '../contract/actor.ts';
import type { FieldError } from '../contract/problem.ts';
import type { NamedMachines } from '../contract/request/named-machines.ts';
import {
  type AskedMachine,
  type FoundMachines,
  type MachineSide,
  machinesNamed,
  type NamesDeps,
} from './machines-named.ts';

/** Machines by name, as a request gives them. */
export interface Names {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
}

/** What an earlier request with the same idempotency key named so, and what that was then. */
export interface EarlierNames {
  readonly names?: Names | undefined;
  readonly request: {
    readonly source: { readonly resourceId: string };
    readonly destination: { readonly resourceId?: string | undefined };
  };
}

/** Who gives the names: the actor, or the policy, which knows machines that are closed to the actor. */
export type NamesOf = 'actor' | 'policy';

/**
 * The machines that names stand for, among those that policy lets the actor test from, or to. What a name stood for when
 * the same idempotency key came first, it stands for again, so that a list that has changed makes no other request of it.
 * A name that the policy gives, and of which no machine is open to the actor, stands for one that is closed.
 */
export async function resolveNames(
  deps: NamesDeps,
  actor: Actor,
  names: Names,
  { earlier, of = 'actor' }: { readonly earlier?: EarlierNames | undefined; readonly of?: NamesOf } = {},
): Promise<NamedMachines> {
  const find = of === 'policy' ? machinesOfPolicy : machinesNamed;
  const asked = (['source', 'destination'] as const).flatMap((side) => {
    const name = names[side];
    return name === undefined ? [] : [{ side, name, among: 'open' as const, before: idBefore(side, name, earlier) }];
  });
  const found = await Promise.all(
    asked.map(async ({ before, ...machine }) => ({
      side: machine.side,
      ...(before ? { ids: [before], isListWhole: true } : await find(deps, actor, machine)),
    })),
  );
  return {
    ...Object.fromEntries(
      found.flatMap(({ side, ids: [id, ...more] }) => (id && more.length === 0 ? [[side, { resource: id }]] : [])),
    ),
    errors: found.flatMap(({ side, ids, isListWhole }) => errorsOf(side, ids, isListWhole)),
  };
}

/** Of several that are closed any will do: the policy refuses each, and its refusal is all that is told. */
async function machinesOfPolicy(deps: NamesDeps, actor: Actor, asked: AskedMachine): Promise<FoundMachines> {
  const open = await machinesNamed(deps, actor, asked);
  if (open.ids.length > 0) return open;
  const { ids, isListWhole } = await machinesNamed(deps, actor, { ...asked, among: 'all' });
  return { ids: ids.slice(0, 1), isListWhole };
}

function idBefore(side: MachineSide, name: string, earlier: EarlierNames | undefined): ResourceId | undefined {
  const before = earlier?.names?.[side];
  if (before === undefined || foldCase(before) !== foldCase(name)) return undefined;
  return parseResourceId(earlier?.request[side].resourceId ?? '');
}

/** What is not there and what is not the caller's to test are the same to them. */
function errorsOf(side: MachineSide, ids: readonly ResourceId[], isListWhole: boolean): readonly FieldError[] {
  const target = `${side}.name`;
  if (ids.length === 1) return [];
  if (ids.length > 1)
    return ids.map((id) => ({
      code: 'AmbiguousName',
      message: `Several have this name: give ${side}.resourceId, such as ${formatResourceId(id)}.`,
      target,
    }));
  return isListWhole
    ? [{ code: 'UnknownName', message: none[side], target }]
    : [{ code: 'UnreadNames', message: unread[side], target }];
}

const none: Readonly<Record<MachineSide, string>> = {
  source: 'No source of this name is open to you: GET /api/sources lists those that are.',
  destination: 'No machine of this name is open to you: give an address, a whole host name or a resource id.',
};

const unread: Readonly<Record<MachineSide, string>> = {
  source:
    'No source of this name is open to you, as far as the list of sources can be read now: give its resource id, or ask again in a minute.',
  destination:
    'No machine of this name is open to you, as far as the list of machines can be read now: give an address or a whole host name, or ask again in a minute.',
};
