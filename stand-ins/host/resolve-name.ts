import type { Environment } from './queue/open-queue-service.ts';

/** Puts settings in the place of `%NAME%` in a binding's value. */
export function resolveName(value: string, environment: Environment): string {
  return value.replace(/%([^%]+)%/g, (_, name: string) => {
    const setting = environment[name];
    if (!setting) throw new Error(`The setting "${name}" is used by a binding ("${value}"): set it.`);
    return setting;
  });
}
