import { z } from 'zod';
import type { WaitDeps } from '../../../check/await-end.ts';
import type { ReadAskedDeps } from '../../../check/asked/read-asked.ts';
import type { CompareDeps } from '../../../check/compare/comparison.ts';
import type { ListDeps } from '../../../check/list.ts';
import type { FindIdDeps } from '../../../check/sight/find-id.ts';
import type { Pause } from '../../../check/state/stated-verdict.ts';
import type { Actor } from '../../../contract/actor.ts';
import type { Role } from '../../../contract/requester.ts';
import type { Log } from '../../../log/log.ts';
import { requireRole } from '../../../policy/require-role.ts';
import { parseBody } from '../../checks/parse-body.ts';

/** What the use cases behind the tools need. */
export type ToolDeps = WaitDeps &
  ReadAskedDeps &
  CompareDeps &
  ListDeps &
  FindIdDeps & { readonly publicUrl: string; readonly pause?: Pause | undefined };

export interface ToolCall {
  readonly actor: Actor;
  readonly log: Log;
}

/** What a tool tells: data, and the same in a few sentences, in which nobody's free text stands. */
export interface Told {
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What a client may go by before it calls a tool; nothing is guarded by it. */
export interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** Whether it reaches beyond the proxy. */
  readonly openWorldHint: boolean;
}

/** One tool, as data: what clients list of it is taken from it, and calls and answers are held to it. */
interface Definition<Given> {
  readonly name: string;
  readonly title: string;
  /** What a model is told of it. */
  readonly description: string;
  readonly annotations: Annotations;
  /** The caller needs one of these. */
  readonly roles: readonly Role[];
  readonly input: z.ZodObject & z.ZodType<Given>;
  readonly output: z.ZodObject;
  readonly answer: (deps: ToolDeps, call: ToolCall, given: Given) => Promise<Told>;
}

export interface Tool extends Omit<Definition<unknown>, 'answer'> {
  /** Reads what was given, and does what is asked. Throws every Problem that its use case throws, and `MissingRole`. */
  readonly call: (deps: ToolDeps, call: ToolCall, given: unknown) => Promise<Told>;
}

export const tool = <Given>({ answer, ...known }: Definition<Given>): Tool => ({
  ...known,
  call: async (deps, call, given) => {
    requireRole(call.actor.caller, ...known.roles);
    return answer(deps, call, parseBody(known.input, given ?? {}));
  },
});

export const reads: Annotations = {
  ...{ readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};

/** The words of a check. */
export const askFields = {
  source: z
    .string()
    .describe(
      'The Azure machine to test from: the name of an endpoint or a source (see list_endpoints), or a resource id.',
    ),
  destination: z
    .string()
    .describe(
      'What to reach: the name of an endpoint or a machine, a host name, an IP address, an http(s) URI or a resource id. A port may follow, as in sql-01:1433.',
    ),
  port: z
    .int('Give a port from 1 to 65535.')
    .min(1, 'Give a port from 1 to 65535.')
    .max(65_535, 'Give a port from 1 to 65535.')
    .optional()
    .describe('The port, where it does not stand in the destination.'),
  protocol: z
    .enum(['tcp', 'icmp', 'http', 'https'], { error: 'Give tcp, icmp, http or https.' })
    .optional()
    .describe('Absent: that of the URI, else tcp. icmp needs no port.'),
};

export const idField = z
  .string()
  .describe('The id of a check; of your own newest its first 8 or more characters will do.');
