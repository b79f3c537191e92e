/** A route template, compiled: what matches it, and where it stands among others. */
export interface Route {
  /** The route's parameters where the path, decoded by `decodePath`, matches. */
  match(path: string): Readonly<Record<string, string>> | undefined;
  /** Among routes that match, the lowest is taken: literal before free before the rest. */
  readonly rank: string;
}

/** Compiles the part of ASP.NET's route templates that is used: `name`, `{name}`, `{*rest}`. */
export function compileRoute(template: string): Route {
  const segments = template.split('/').filter(Boolean).map(compileSegment);
  const pattern = new RegExp(`^${segments.map(({ source }) => source).join('')}/?$`, 'i');
  return {
    rank: segments.map(({ rank }) => rank).join(''),
    match(path) {
      const found = pattern.exec(path);
      return found ? present(found.groups ?? {}) : undefined;
    },
  };
}

/**
 * The path as ASP.NET gives it to its routes: decoded once, but for the slash, which stays an escape; a segment with
 * a broken escape stays as it came.
 */
export function decodePath(pathname: string): string {
  return pathname.split('/').map(decodeSegment).join('/');
}

function compileSegment(segment: string): { source: string; rank: string } {
  if (!/[{}]/.test(segment)) return { source: `/${segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`, rank: '1' };
  const { star, name } = /^\{(?<star>\*?)(?<name>[A-Za-z_]\w*)\}$/.exec(segment)?.groups ?? {};
  if (name === undefined) {
    throw new Error(`The local host does not know the route segment "${segment}": use a literal, {name} or {*rest}.`);
  }
  return star ? { source: `(?:/(?<${name}>[^]*))?`, rank: '3' } : { source: `/(?<${name}>[^/]+)`, rank: '2' };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment.replace(/%(2f)/gi, '%25$1'));
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function present(groups: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
