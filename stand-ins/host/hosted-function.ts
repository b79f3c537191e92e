import { z } from 'zod';
import type { Registrations } from './functions-core.ts';
import type { FunctionCallback } from './worker-protocol.ts';

const triggerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('httpTrigger'),
    // Keys are the platform's to keep; who calls is for the app to find out.
    authLevel: z.literal('anonymous', 'the local host knows no keys: use authLevel "anonymous"'),
    methods: z.array(z.string()),
    route: z.string().optional(),
  }),
  z.object({
    type: z.literal('queueTrigger'),
    queueName: z.string().regex(/^[a-z0-9-]+$/, 'the local host knows no settings in names: write the name itself'),
    connection: z.literal('AzureWebJobsStorage', 'the local host has one storage account: name AzureWebJobsStorage'),
  }),
  z.object({
    type: z.literal('timerTrigger'),
    schedule: z.string(),
    runOnStartup: z.literal(false, 'the local host runs no timer at its start: leave `runOnStartup` out').optional(),
  }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

const metadataSchema = z.object({
  name: z.string(),
  bindings: z.record(z.string(), z.looseObject({ type: z.string(), direction: z.string() })),
  retryOptions: z.undefined('the local host does not retry functions: leave `retry` out'),
});

/** A function that an app registered, and how it is triggered. */
export interface HostedFunction<T extends Trigger = Trigger> {
  readonly name: string;
  /** Name of the trigger's binding. */
  readonly triggerName: string;
  readonly trigger: T;
  /** As it was registered; goes back to the library. */
  readonly metadata: unknown;
  readonly callback: FunctionCallback;
}

/** Reads what an app registered; throws for whatever this host would run otherwise than Azure does. */
export function readHostedFunctions({ functions }: Registrations): HostedFunction[] {
  const hosted = functions.map(readHostedFunction);
  const names = hosted.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Function "${twice}" is registered twice: give each its own name.`);
  return hosted;
}

function readHostedFunction({ metadata, callback }: Registrations['functions'][number]): HostedFunction {
  const { name, bindings } = read(metadataSchema, metadata, 'A function');
  const inputs = Object.entries(bindings).filter(([, { direction }]) => direction === 'in');
  const [triggerName, binding] = inputs[0] ?? [];
  const extra = [
    ...inputs.slice(1),
    ...Object.entries(bindings).filter(([, { direction, type }]) => direction !== 'in' && type !== 'http'),
  ].map(([binding, { type }]) => `"${binding}" (${type})`);
  if (extra.length > 0 || triggerName === undefined) {
    throw new Error(
      `Function "${name}" has bindings that the local host does not run: ${extra.join(', ')}. Use one trigger, and a client of the service's SDK for the rest.`,
    );
  }
  return { name, triggerName, trigger: read(triggerSchema, binding, `Function "${name}"`), metadata, callback };
}

function read<T>(schema: z.ZodType<T>, value: unknown, who: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${who} cannot be run by the local host:\n${z.prettifyError(parsed.error)}`);
}
