import { segmentsOf } from './resource-id.ts';

/**
 * Whether the first hop of a path is the source itself: it has the source's id, or that of something within it; or, as
 * Azure writes it too, it is called `Source` and has a network interface of the source's resource group.
 */
export function isSourceHop(hop: Readonly<Record<string, unknown>>, sourceId: string): boolean {
  const { type, resourceId } = hop;
  if (typeof resourceId !== 'string') return false;
  const [id, source] = [segmentsOf(resourceId.trim()), segmentsOf(sourceId)];
  const isWithin = (parent: readonly string[]): boolean => parent.every((segment, index) => id[index] === segment);
  if (isWithin(source)) return true;
  const interfaces = [...source.slice(0, 4), 'providers', 'microsoft.network', 'networkinterfaces'];
  return type === 'Source' && isWithin(interfaces);
}
