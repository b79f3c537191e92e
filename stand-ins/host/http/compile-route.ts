/** A route template, compiled: what matches it, and where it stands among others. */
export interface Route {
  /** The route's parameters where the path, decoded by `decodePath`, matches. */
  match(path: string): Readonly<Record<string, string>> | undefined;
  /** Among routes that match, the lowest is taken: literal before constrained before free before the rest. */
  readonly rank: string;
}

const guid = '[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}';

/** Compiles the part of ASP.NET's route templates that is used: `name`, `{name}`, `{name?}`, `{name:guid}`, `{*rest}`. */
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
  const {
    star,
    name = '',
    constraint,
    optional,
  } = /^\{(?<star>\*?)(?<name>[A-Za-z_]\w*)(?::(?<constraint>guid))?(?<optional>\?)?\}$/.exec(segment)?.groups ?? {};
  if (!name) {
    throw new Error(
      `The local host does not know the route segment "${segment}": use a literal, {name}, {name?}, {name:guid} or {*rest}.`,
    );
  }
  if (star) return { source: `(?:/(?<${name}>[^]*))?`, rank: '5' };
  const value = `/(?<${name}>${constraint ? guid : '[^/]+'})`;
  return { source: optional ? `(?:${value})?` : value, rank: constraint ? '2' : '3' };
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
