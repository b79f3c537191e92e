import { z } from 'zod';
import type { Caller } from './requester.ts';

/** Where a request came from; every later event of what it began repeats it. */
export const originSchema = z.strictObject({
  sourceAddress: z.string(),
  /** `x-ms-request-id` */
  requestId: z.string(),
  traceparent: z.string().optional(),
});
export type Origin = z.infer<typeof originSchema>;

/**
 * Who asks, through which door (`caller.requester.via`), and from where: what every use case is told of a request.
 * docs/decisions.md#a-use-case-knows-an-actor-and-no-door
 */
export interface Actor {
  readonly caller: Caller;
  readonly origin: Origin;
}
