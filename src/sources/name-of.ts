import { resourceType, type ResourceId } from '../arm/resource-id.ts';

/** What a source is called: the last name of its id, but for an instance of a scale set, which Azure calls `{set}_{number}`. */
export function nameOf(id: ResourceId): string {
  const names = id.path.map(({ name }) => name);
  const isInstance = resourceType(id) === 'microsoft.compute/virtualmachinescalesets/virtualmachines';
  return isInstance ? names.join('_') : (names.at(-1) ?? '');
}
