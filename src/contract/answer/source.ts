import { z } from 'zod';

const presence = z.enum(['present', 'absent', 'unknown']);

/** What a check needs of its source, as far as it is known. */
export const sourceStateSchema = z.strictObject({
  state: z.enum(['running', 'stopped', 'unknown']).describe('`stopped`: switched off, allocated or not.'),
  agent: presence.describe('Network Watcher agent. Gateways and Bastion hosts bring their own.'),
  watcher: presence.describe("Network watcher of the source's region and subscription."),
});
export type SourceState = Readonly<z.infer<typeof sourceStateSchema>>;

export const unknownState: SourceState = { state: 'unknown', agent: 'unknown', watcher: 'unknown' };

/** What a check can start from; each machine can be its destination too. */
export const sourceSchema = z.strictObject({
  name: z.string().describe('A scale-set instance: the name of its set, `_`, its number.'),
  kind: z.enum(['virtualMachine', 'scaleSetInstance', 'bastionHost', 'applicationGateway']),
  resourceId: z.string(),
  resourceGroup: z.string(),
  subscription: z.string(),
  region: z.string(),
  addresses: z
    .array(z.string())
    .optional()
    .describe('Private addresses as far as they are known, without those that policy denies the caller.'),
  ...sourceStateSchema.shape,
});
export type Source = Readonly<z.infer<typeof sourceSchema>>;

/** A subscription of which nothing, or not everything, could be read. */
export const unreadableSchema = z.strictObject({
  subscription: z.string().describe('Its id; `**`: which subscriptions there are could not be read.'),
  code: z.string().describe("Azure's code, such as `AuthorizationFailed`; `Paused` where nothing may be asked now."),
});
export type Unreadable = Readonly<z.infer<typeof unreadableSchema>>;

/** What is not right with the source of a check that was accepted all the same. */
export const warningSchema = z.strictObject({
  code: z.enum(['SourceStopped', 'AgentAbsent', 'WatcherAbsent']),
  message: z.string().describe('What is not right, and what to do about it.'),
});
export type Warning = Readonly<z.infer<typeof warningSchema>>;
