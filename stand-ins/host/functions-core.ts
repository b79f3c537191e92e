import type { Log, LogLevel } from './log.ts';
import type { FunctionCallback, ProgrammingModel } from './worker-protocol.ts';

/** What an app registered while it was loaded. */
export interface Registrations {
  readonly functions: { readonly metadata: unknown; readonly callback: FunctionCallback }[];
  model: ProgrammingModel | undefined;
}

/**
 * The module '@azure/functions-core', which is in no registry: the Functions worker supplies it to the app, and the
 * library '@azure/functions' registers everything through it.
 */
export function createFunctionsCore(log: Log) {
  const registrations: Registrations = { functions: [], model: undefined };
  const core = {
    version: 'local',
    hostVersion: '4.0.0-local',
    registerFunction(metadata: unknown, callback: FunctionCallback) {
      registrations.functions.push({ metadata, callback });
    },
    registerHook(name: string) {
      throw new Error(`The local host runs no hooks: leave "${name}" out.`);
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
