import { z } from 'zod';
import { viewWithResult } from '../../../check/read.ts';
import type { Check } from '../../../check/state/check.ts';
import { type CheckView, checkViewSchema } from '../../../contract/check.ts';
import { renderCheck, type RenderedCheck, type RenderedReason } from '../../../rendering/render-check.ts';
import { stateWords } from '../../../rendering/state.ts';
import { retryAfterSeconds } from '../../checks/check-answer.ts';
import type { Told, ToolDeps } from './tool.ts';

const hopSchema = z.strictObject({
  role: z.enum(['source', 'between', 'destination']),
  name: z.string(),
  kind: z.string().optional().describe('As Azure calls it, such as `VirtualAppliance`.'),
  resourceId: z.string().optional(),
  next: z.array(z.int()).describe('Places in this list that the path goes to from here.'),
  roundTrips: z
    .array(z.strictObject({ to: z.int(), inWords: z.string() }))
    .optional()
    .describe('How long a probe took from here to another place of this list and back.'),
  reasons: z.array(z.int()).describe('Places in `verdict.reasons` of what is said of this hop.'),
});

const nextSchema = z.strictObject({
  tool: z.literal('get_check'),
  arguments: z.strictObject({ id: z.uuid() }),
  afterSeconds: z.int(),
});

/** A check as tools tell it: as `GET /api/checks/{id}` answers it, with the path in place of Azure's own answer. */
export const toldCheckSchema = checkViewSchema.omit({ result: true }).extend({
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  hops: z.array(hopSchema).describe('The path as it was found; empty where none was.'),
  link: z.string().describe('The check on the page of the proxy.'),
  taken: z.string().optional().describe('What the words of the request were taken for.'),
  next: nextSchema.optional().describe('There while the check has not ended: what to call, and when.'),
});

/** What is told of it beside the check. */
interface Beside {
  readonly taken?: string | undefined;
}

export async function toldCheck(deps: ToolDeps, check: Check, { taken }: Beside = {}): Promise<Told> {
  const view = await viewWithResult(deps, check, deps.pause);
  const rendered = renderCheck(view, deps.publicUrl);
  const afterSeconds = retryAfterSeconds(check, deps.now());
  const next = afterSeconds === undefined ? undefined : `Call get_check with id ${check.id} in ${afterSeconds} s.`;
  return {
    structuredContent: {
      ...withoutAzuresOwn(view),
      ...{ hops: rendered.hops, link: rendered.link, taken },
      ...(afterSeconds !== undefined && { next: { tool: 'get_check', arguments: { id: check.id }, afterSeconds } }),
    },
    text: [taken, textOf(rendered), next].filter((part) => part !== undefined).join('\n'),
  };
}

/** What Azure answered can be as long, and nested as deep, as it likes: the HTTP API has it as it came. */
export const withoutAzuresOwn = ({ error, ...view }: CheckView) => ({
  ...view,
  result: undefined,
  ...(error && { error: { code: error.code, message: error.message } }),
});

function textOf({ id, state, title, sentence, warnings, reasons, link }: RenderedCheck): string {
  return [
    `${stateWords[state]}: ${title} (check ${id})`,
    sentence,
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...reasons.map(reasonText),
    link,
  ].join('\n');
}

function reasonText({ message, action, owner, contact }: RenderedReason): string {
  const who = owner === 'nobody' ? '' : ` (${[owner, contact].filter(Boolean).join(': ')})`;
  return `- ${message} ${action}${who}`;
}
