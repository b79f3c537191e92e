/** What the address bar asks for, behind its `#`. */
export type Route =
  | { readonly view: 'ask' | 'checks' | 'flows' | 'sets' | 'audit'; readonly query: URLSearchParams }
  | { readonly view: 'check'; readonly id: string; readonly query: URLSearchParams }
  | { readonly view: 'set'; readonly id: string }
  | { readonly view: 'me' }
  | { readonly view: 'link'; readonly code: string }
  | { readonly view: 'unknown' };

/** Any other text is no place of this page. */
export function readRoute(hash: string): Route {
  const [path = '', ...rest] = hash.replace(/^#?\/?/, '').split('?');
  const [view = '', part, ...more] = path.replace(/\/$/, '').split('/');
  const query = new URLSearchParams(rest.join('?'));
  if (part !== undefined) return more.length > 0 ? { view: 'unknown' } : readPart(view, part, query);
  if (view === '') return { view: 'ask', query: query };
  if (view === 'checks' || view === 'flows' || view === 'sets' || view === 'audit') return { view, query: query };
  return view === 'me' ? { view } : { view: 'unknown' };
}

function readPart(view: string, given: string, query: URLSearchParams): Route {
  // Ids and codes have no other signs; a part of an id is one, too.
  if (!/^[\w-]{1,64}$/.test(given)) return { view: 'unknown' };
  if (view === 'checks') return { view: 'check', id: given, query };
  if (view === 'sets') return { view: 'set', id: given };
  return view === 'link' ? { view: 'link', code: given } : { view: 'unknown' };
}

type Query = Readonly<Record<string, string | undefined>>;

/** Addresses of this page's views. */
export const hrefs = {
  ask: (query: Query = {}): string => `#/${asQuery(query)}`,
  /** `reason`: with which it is to be asked again; `with`: what it is to be compared with. */
  check: (id: string, query: Query = {}): string => `#/checks/${id}${asQuery(query)}`,
  checks: (query: Query = {}): string => `#/checks${asQuery(query)}`,
  flows: (query: Query = {}): string => `#/flows${asQuery(query)}`,
  /** With a `name`, a set of the policy that is to be run. */
  sets: (query: Query = {}): string => `#/sets${asQuery(query)}`,
  set: (id: string): string => `#/sets/${id}`,
  audit: (query: Query = {}): string => `#/audit${asQuery(query)}`,
  me: '#/me',
};

/** What is empty is left out. */
function asQuery(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
