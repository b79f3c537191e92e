import type { Log, LogLevel } from './log.ts';
import type { FunctionCallback, ProgrammingModel } from './worker-protocol.ts';

type Hook = (context: unknown) => unknown;
export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation';

/** What an app registered while it was loaded. */
export interface Registrations {
  readonly functions: { readonly metadata: unknown; readonly callback: FunctionCallback }[];
  readonly hooks: ReadonlyMap<string, Hook[]>;
  model: ProgrammingModel | undefined;
  /** Hooks share it for as long as the app runs. */
  readonly appHookData: object;
}

/**
 * The module '@azure/functions-core', which is in no registry: the Functions worker supplies it to the app, and the
 * library '@azure/functions' registers everything through it.
 */
export function createFunctionsCore(log: Log) {
  const names: readonly HookName[] = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'];
  const registrations: Registrations = {
    functions: [],
    hooks: new Map(names.map((name) => [name, []])),
    model: undefined,
    appHookData: {},
  };
  const core = {
    version: 'local',
    hostVersion: '4.0.0-local',
    registerFunction: (metadata: unknown, callback: FunctionCallback) =>
      add(registrations.functions, { metadata, callback }),
    registerHook(name: string, hook: Hook) {
      const hooks = registrations.hooks.get(name);
      if (!hooks) throw new RangeError(`The local host has no hook "${name}".`);
      return add(hooks, hook);
    },
    setProgrammingModel(model: ProgrammingModel) {
      registrations.model = model;
    },
    getProgrammingModel: () => registrations.model,
    log: (level: LogLevel, _category: string, message: string) => {
      log({ level, message });
    },
  };
  return { core, registrations };
}

function add<T>(list: T[], entry: T): { dispose(): void } {
  list.push(entry);
  return {
    dispose: () => {
      list.splice(list.indexOf(entry), 1);
    },
  };
}
