import { foldCase } from '../arm/fold-case.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../arm/resource-id.ts';
import type { Actor } from '../contract/actor.ts';
import type { FieldError } from '../contract/problem.ts';
import type { NamedMachines } from '../contract/request/named-machines.ts';
import { type MachineSide, machinesNamed, type NamesDeps } from './machines-named.ts';

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

/**
 * The machines that names stand for, among those that policy lets the actor test from, or to. What a name stood for when
 * the same idempotency key came first, it stands for again, so that a list that has changed makes no other request of it.
 */
export async function resolveNames(
  deps: NamesDeps,
  actor: Actor,
  names: Names,
  earlier?: EarlierNames,
): Promise<NamedMachines> {
  const asked = (['source', 'destination'] as const).flatMap((side) => {
    const name = names[side];
    return name === undefined ? [] : [{ side, name, among: 'open' as const, before: idBefore(side, name, earlier) }];
  });
  const found = await Promise.all(
    asked.map(async ({ before, ...machine }) => ({
      side: machine.side,
      ...(before ? { ids: [before], isListWhole: true } : await machinesNamed(deps, actor, machine)),
    })),
  );
  return {
    ...Object.fromEntries(
      found.flatMap(({ side, ids: [id, ...more] }) => (id && more.length === 0 ? [[side, { resource: id }]] : [])),
    ),
    errors: found.flatMap(({ side, ids, isListWhole }) => errorsOf(side, ids, isListWhole)),
  };
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
  const message = isListWhole ? none[side] : unread[side];
  return [{ code: 'InvalidValue', message, target }];
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
