import type { HookName, Registrations } from './functions-core.ts';
import type { HostedFunction } from './hosted-function.ts';
import { errorText, type Log } from './log.ts';
import type { CoreInvocationContext, ProgrammingModel, TriggerMetadata, TypedData } from './worker-protocol.ts';

interface Deps {
  readonly registrations: Registrations;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Runs a function once and answers what it returned; whatever it throws is logged and thrown on. */
export type Invoke = (
  hosted: HostedFunction,
  data: TypedData,
  triggerMetadata?: TriggerMetadata,
) => Promise<TypedData | undefined>;

/** Runs invocations in the order of the Functions worker: arguments, hooks, function, hooks, answer. */
export function createInvoke(deps: Deps): Invoke {
  return async (hosted, data, triggerMetadata = {}) => {
    const context = coreContext(deps, hosted, data, triggerMetadata);
    const start = deps.now();
    const executed = (outcome: 'Succeeded' | 'Failed', error?: unknown) => {
      deps.log({
        level: outcome === 'Failed' ? 'error' : 'information',
        message: `Executed '${hosted.name}' (${outcome})`,
        function: hosted.name,
        invocationId: context.invocationId,
        durationMs: deps.now() - start,
        ...(outcome === 'Failed' && { error: errorText(error) }),
      });
    };
    try {
      const returned = await run(deps.registrations, hosted, context);
      executed('Succeeded');
      return returned;
    } catch (error) {
      executed('Failed', error);
      throw error;
    }
  };
}

/** The hooks of that name, one after the other. */
export async function runHooks({ hooks }: Registrations, name: HookName, context: object): Promise<void> {
  for (const hook of hooks.get(name) ?? []) await hook(context);
}

/** The library's model; throws where the app registered nothing through it. */
export function programmingModel({ model }: Registrations): ProgrammingModel {
  if (!model) throw new Error('The app registered no function with @azure/functions.');
  return model;
}

async function run(registrations: Registrations, hosted: HostedFunction, core: CoreInvocationContext) {
  const invocation = await programmingModel(registrations).getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  const shared = { hookData: {}, appHookData: registrations.appHookData, invocationContext: context };
  // A hook may put another function or other inputs in their place.
  const before = { ...shared, inputs, functionCallback: hosted.callback };
  core.state = 'preInvocationHooks';
  await runHooks(registrations, 'preInvocation', before);
  const after: { result: unknown; error: unknown } = { result: null, error: null };
  core.state = 'invocation';
  try {
    after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('The function threw nothing.');
  }
  const ended = Object.assign(after, shared, { inputs: before.inputs });
  core.state = 'postInvocationHooks';
  await runHooks(registrations, 'postInvocation', ended);
  if (ended.error !== null) throw ended.error instanceof Error ? ended.error : new Error(errorText(ended.error));
  return (await invocation.getResponse(context, ended.result)).returnValue ?? undefined;
}

function coreContext(
  { log, newId }: Deps,
  { name, triggerName, metadata }: HostedFunction,
  data: TypedData,
  triggerMetadata: TriggerMetadata,
): CoreInvocationContext {
  const invocationId = newId();
  const hex = () => newId().replaceAll('-', '');
  const traceContext = { traceParent: `00-${hex()}-${hex().slice(16)}-00` };
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: name,
      inputData: [{ name: triggerName, data }],
      triggerMetadata,
      traceContext,
    },
    log: (level, _category, message) => {
      log({ level, message, function: name, invocationId });
    },
  };
}
