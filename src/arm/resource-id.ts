import { foldCase, hasDisputedLetter } from './fold-case.ts';

/** A resource id taken apart into checked segments, so that it can be rebuilt and point nowhere else in ARM. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly namespace: string;
  /** Pairs of type and name, outermost first: a scale-set instance has two. */
  readonly path: readonly { readonly type: string; readonly name: string }[];
}

// ARM's names are letters, with the marks that vowels are in Thai, Hindi or Arabic, digits and these signs; nothing that a URL reader could take for structure or an escape.
const name = '[\\p{L}\\p{M}\\p{N}_()-](?:[\\p{L}\\p{M}\\p{N}_.()-]{0,88}[\\p{L}\\p{M}\\p{N}_()-])?';
const typeName = '[A-Za-z][A-Za-z0-9]{0,62}';
const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const pattern = new RegExp(
  `^/subscriptions/(?<subscriptionId>${uuid})/resourceGroups/(?<resourceGroup>${name})` +
    `/providers/(?<namespace>${typeName}(?:\\.${typeName}){1,4})(?<path>(?:/${typeName}/${name}){1,4})$`,
  'iu',
);
const MAX_LENGTH = 1024;

/** Reads a full ARM resource id; `undefined` where any segment is not what ARM allows. */
export function parseResourceId(text: string): ResourceId | undefined {
  const readable = text.length <= MAX_LENGTH && !hasDisputedLetter(text);
  const found = readable ? pattern.exec(text)?.groups : undefined;
  if (!found) return undefined;
  const { subscriptionId = '', resourceGroup = '', namespace = '', path = '' } = found;
  if (path.includes('..') || resourceGroup.includes('..')) return undefined;
  return { subscriptionId: subscriptionId.toLowerCase(), resourceGroup, namespace, path: pairs(path) };
}

/** The id in its one spelling: ARM's own keywords, the subscription in lower case, names as given. */
export function formatResourceId(id: ResourceId): string {
  const path = id.path.map(({ type, name }) => `${type}/${name}`).join('/');
  return `/subscriptions/${id.subscriptionId}/resourceGroups/${id.resourceGroup}/providers/${id.namespace}/${path}`;
}

/** The full resource type in lower case, such as `microsoft.compute/virtualmachines`. */
export function resourceType(id: ResourceId): string {
  return [id.namespace, ...id.path.map(({ type }) => type)].join('/').toLowerCase();
}

/** Resource ids ignore case. */
export function sameResource(a: string, b: string): boolean {
  return foldCase(a) === foldCase(b);
}

/** The parts between the slashes of a resource id, folded: resource ids ignore case. */
export type Segments = readonly string[];

export function segmentsOf(resourceId: string): Segments {
  return foldCase(resourceId).split('/').slice(1);
}

function pairs(path: string): { type: string; name: string }[] {
  const [type, name, ...rest] = path.split('/').filter(Boolean);
  if (type === undefined || name === undefined) return [];
  return [{ type, name }, ...pairs(rest.join('/'))];
}
