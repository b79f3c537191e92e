import type { HostedFunction } from './hosted-function.ts';
import { errorText, type Log } from './log.ts';
import type { CoreInvocationContext, ProgrammingModel, TriggerMetadata, TypedData } from './worker-protocol.ts';

interface Deps {
  readonly model: ProgrammingModel;
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

/** Runs invocations in the order of the Functions worker: arguments, function, answer. */
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
      const returned = await run(deps.model, hosted, context);
      executed('Succeeded');
      return returned;
    } catch (error) {
      executed('Failed', error);
      throw error;
    }
  };
}

async function run(model: ProgrammingModel, hosted: HostedFunction, core: CoreInvocationContext) {
  const invocation = await model.getInvocationModel(core);
  const { context, inputs } = await invocation.getArguments();
  core.state = 'invocation';
  const result = await invocation.invokeFunction(context, inputs, hosted.callback);
  core.state = 'postInvocationHooks';
  return (await invocation.getResponse(context, result)).returnValue ?? undefined;
}

function coreContext(
  { log, newId }: Deps,
  { name, triggerName, metadata }: HostedFunction,
  data: TypedData,
  triggerMetadata: TriggerMetadata,
): CoreInvocationContext {
  const invocationId = newId();
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: name,
      inputData: [{ name: triggerName, data }],
      triggerMetadata,
      // The Functions host has a trace of its own only where Application Insights is set up.
      traceContext: { traceParent: '' },
    },
    log: (level, _category, message) => {
      log({ level, message, function: name, invocationId });
    },
  };
}
