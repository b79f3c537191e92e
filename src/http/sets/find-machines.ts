import { refuseWhilePaused, type SubmitDeps } from '../../check/submit.ts';
import type { Actor } from '../../contract/actor.ts';
import { machineNamesIn } from '../../contract/request/machine-names-in.ts';
import type { NamedMachines } from '../../contract/request/named-machines.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { resolveNames } from '../../sources/resolve-names.ts';

const sides = ['source', 'destination'] as const;

/** The machines that the checks of a set name: each name is looked up once. Throws `Paused`. */
export async function findMachines(
  deps: NamesDeps & Pick<SubmitDeps, 'pause'>,
  actor: Actor,
  checks: readonly unknown[],
): Promise<(check: unknown) => NamedMachines> {
  const found = new Map<string, NamedMachines>();
  const named = checks.flatMap((check) => {
    const names = machineNamesIn(check);
    return sides.flatMap((side) => {
      const name = names[side];
      return name === undefined ? [] : [{ side, name }];
    });
  });
  if (named.length > 0) refuseWhilePaused(deps);
  for (const { side, name } of named) {
    const key = `${side} ${name}`;
    if (!found.has(key)) found.set(key, await resolveNames(deps, actor, { [side]: name }));
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
