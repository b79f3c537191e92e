import { parseAddress } from '../../address/address.ts';
import { nameFirst } from '../../address/name-character.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../../arm/resource-id.ts';
import { hasDisputedLetter } from '../../arm/fold-case.ts';
import { cutObjectAdvice, isCutObject } from './cut-object.ts';

// Azure Resource Manager of each cloud; public Azure's has regional names, too.
const armUrl =
  /^https:\/\/(?:(?:[a-z0-9-]+\.)?management\.azure\.com|management\.usgovcloudapi\.net|management\.chinacloudapi\.cn|management\.microsoftazure\.de)(?::443)?(?=\/)/i;
const general =
  'Give a whole resource id: /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}.';

/**
 * A resource id as somebody typed it, or a sentence that says what is wrong with it. Blanks around it, one slash at its
 * end and the address of Azure Resource Manager in front belong to no id, and change none.
 */
export function readTypedResourceId(text: string): ResourceId | string {
  const id = text.trim().replace(armUrl, '').replace(/\/$/, '');
  return parseResourceId(id) ?? whyNoResourceId(id);
}

function whyNoResourceId(id: string): string {
  if (isCutObject(id)) return cutObjectAdvice;
  const bare = withinQuotes(id);
  if (bare !== undefined) return `Something stands around this resource id: give ${shortened(bare)} alone.`;
  if (/^\\?subscriptions\\/i.test(id)) return 'A resource id has no backslash: write / instead.';
  if (/^(?:https?:\/\/|[a-z0-9.-]+\.[a-z]+(?::\d+)?\/)/i.test(id)) return whyNoUrl(id);
  if (/^subscriptions\//i.test(id)) return 'A resource id begins with a slash: write /subscriptions/….';
  if (/^\/subscriptions\//i.test(id)) return wrongPart(id) ?? general;
  return parseAddress(id) && /[.:]/.test(id) ? `This is an address, and no resource id. ${general}` : general;
}

/** The id in `"…"`, `<…>` or other signs that belong to what it was copied from. */
function withinQuotes(id: string): string | undefined {
  const [, bare] = /^[^\p{L}\p{N}/\\]+(\/subscriptions\/.*?)[^\p{L}\p{M}\p{N}_.()-]*$/isu.exec(id) ?? [];
  return bare !== undefined && parseResourceId(bare) ? bare : undefined;
}

function wrongPart(id: string): string | undefined {
  const query = /[?#].*$/s.exec(id)?.[0];
  if (query !== undefined) return `A resource id has no query: leave out ${shortened(query)}.`;
  if (id.includes('//')) return 'A resource id has no two slashes in a row: take one out.';
  const place = nameFirst(id, (sign) => /[^\p{L}\p{M}\p{N}_.()/-]/u.test(sign) || hasDisputedLetter(sign));
  const broken = /[\r\n]/.test(id) ? 'a line was broken, so ' : '';
  if (place !== undefined) return `A resource id has letters, digits and / _ . ( ) -: ${broken}take out ${place}.`;
  const whole = longestId(id);
  return whole === undefined ? undefined : `${general} This one is whole as far as ${shortened(whole)}.`;
}

/** A page of the portal has the id behind `#…/resource`, and then the name of what it shows. */
function whyNoUrl(url: string): string {
  const [, path] =
    /\/resource(\/subscriptions\/[^?]*)/i.exec(url) ??
    /^(?:https?:\/\/)?[^/]+(\/subscriptions\/[^?#]*)/i.exec(url) ??
    [];
  const id = path === undefined ? undefined : longestId(path);
  return id === undefined
    ? `This is a URL. ${general}`
    : `This is a URL: give the resource id alone, ${shortened(id)}.`;
}

/** The longest part of a path, from its begin, that is an id. */
function longestId(path: string): string | undefined {
  const parts = path.split('/').slice(0, 20);
  for (let count = parts.length; count >= 9; count -= 1) {
    const id = parseResourceId(parts.slice(0, count).join('/'));
    if (id) return formatResourceId(id);
  }
  return undefined;
}

const shortened = (text: string): string => JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
