import { foldCase } from '../../arm/fold-case.ts';
import { refuseWhilePaused } from '../../check/submit.ts';
import type { Actor } from '../../contract/actor.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import type { NamedMachines } from '../../contract/request/named-machines.ts';
import { earlierSet } from '../create.ts';
import type { TurnDeps } from '../give-turns.ts';
import type { Member } from '../state/set.ts';
import type { MachineSide, NamesDeps } from '../../sources/machines-named.ts';
import { type EarlierNames, type NamesOf, resolveNames } from '../../sources/resolve-names.ts';

const sides = ['source', 'destination'] as const;

interface Named {
  readonly side: MachineSide;
  readonly name: string;
}

interface Naming {
  readonly checks: readonly unknown[];
  readonly of: NamesOf;
  readonly idempotencyKey: string | undefined;
}

/**
 * The machines that the checks of a set name: each name is looked up once, and stands for what it stood for when the same
 * idempotency key came first. Throws `Paused`.
 */
export async function findMachines(
  deps: NamesDeps & Pick<TurnDeps, 'pause' | 'sets' | 'idSecret'>,
  actor: Actor,
  { checks, of, idempotencyKey }: Naming,
): Promise<(check: unknown) => NamedMachines> {
  const found = new Map<string, NamedMachines>();
  const named = checks.flatMap((check): Named[] => {
    const names = machineNamesIn(check);
    return sides.flatMap((side) => {
      const name = names[side];
      return name === undefined ? [] : [{ side, name }];
    });
  });
  if (named.length > 0) refuseWhilePaused(deps);
  const isKnown = named.length > 0 && idempotencyKey !== undefined;
  const before = isKnown ? await earlierSet(deps, actor, idempotencyKey) : undefined;
  for (const { side, name } of named) {
    const key = `${side} ${name}`;
    if (found.has(key)) continue;
    const earlier = namesBefore(before?.members, { side, name });
    found.set(key, await resolveNames(deps, actor, { [side]: name }, { earlier, of }));
  }
  return (check) => {
    const names = machineNamesIn(check);
    const [source, destination] = sides.map((side) => found.get(`${side} ${names[side] ?? ''}`));
    return {
      source: source?.source,
      destination: destination?.destination,
      errors: [...(source?.errors ?? []), ...(destination?.errors ?? [])],
    };
  };
}

/** A set's members agree on what a name stands for, so the first that was asked by it tells. */
function namesBefore(members: readonly Member[] = [], { side, name }: Named): EarlierNames | undefined {
  const asked = members.find(({ named }) => foldCase(named?.[side] ?? '') === foldCase(name));
  return asked && { names: asked.named, request: asked.request };
}
