import { plainText } from './plain-text.ts';

const MAX_NAME = 80;

/**
 * The name by which people know a resource: of an IP configuration its network interface's, of a scale-set instance
 * `set_number`, as the portal has it.
 */
export function resourceName(id: string): string {
  const segments = id.split('/').filter(Boolean);
  const provider = segments.findIndex((segment) => segment.toLowerCase() === 'providers');
  const [type, name = id, inner, instance] = segments.slice(provider + 2);
  const isInstance = type?.toLowerCase() === 'virtualmachinescalesets' && inner?.toLowerCase() === 'virtualmachines';
  return plainText(isInstance && instance !== undefined ? `${name}_${instance}` : name, MAX_NAME);
}
