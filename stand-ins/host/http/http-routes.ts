import { compileRoute, decodePath } from './compile-route.ts';
import type { HostedFunction, Trigger } from '../hosted-function.ts';

type HttpFunction = HostedFunction<Extract<Trigger, { type: 'httpTrigger' }>>;

interface Matched {
  readonly hosted: HttpFunction;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Which function answers a method and path; a path asked with another method is not found, as in Azure. */
export type FindRoute = (method: string, pathname: string) => Matched | undefined;

export function createHttpRoutes(functions: readonly HostedFunction[], routePrefix: string): FindRoute {
  const routes = functions
    .filter(isHttpFunction)
    .map((hosted) => ({
      hosted,
      methods: new Set(hosted.trigger.methods.map((method) => method.toUpperCase())),
      // An empty route counts as none: then the function's name is the route.
      ...compileRoute([routePrefix, hosted.trigger.route || hosted.name].join('/')),
    }))
    .sort((a, b) => a.rank.localeCompare(b.rank));
  return (method, pathname) => {
    const path = decodePath(pathname);
    for (const route of routes) {
      const parameters = route.methods.has(method) ? route.match(path) : undefined;
      if (parameters) return { hosted: route.hosted, parameters };
    }
    return undefined;
  };
}

/** These stay the Functions host's own, whatever the app's routes are. */
export function isReserved(pathname: string): boolean {
  return /^\/(?:admin|runtime)(?:\/|$)/i.test(decodePath(pathname));
}

function isHttpFunction(hosted: HostedFunction): hosted is HttpFunction {
  return hosted.trigger.type === 'httpTrigger';
}
