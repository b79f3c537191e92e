import { z } from 'zod';
import { waitIn } from '../../arm/retry-after.ts';
import { jsonOf } from '../../contract/json-of.ts';
import type { Address, Connector, Sent, TeamsMessage } from '../ports/connector.ts';
import { callConnector, type ConnectorDeps, type Errand } from './call-connector.ts';
import { everyMember } from './every-member.ts';
import { textUpTo } from './text-up-to.ts';

/** Of the tokens with which a bot writes to Teams. */
export const CONNECTOR_SCOPE = 'https://api.botframework.com/.default';

const MAX_ANSWER_BYTES = 64 * 1024;

const answerSchema = z.object({ id: z.string().min(1).max(512) });

/** Teams by the Bot Connector, one bounded call at a time. */
export function createConnector(deps: ConnectorDeps): Connector {
  return {
    post: ({ replyToId, ...to }, message) => {
      const answered = replyToId === undefined ? '' : `/${encodeURIComponent(replyToId)}`;
      const body = activityOf(message, to, replyToId);
      return send(deps, to, { method: 'POST', path: `activities${answered}`, body });
    },
    put: async (to, activityId, message) => {
      const path = `activities/${encodeURIComponent(activityId)}`;
      const sent = await send(deps, to, { method: 'PUT', path, body: activityOf(message, to) });
      // An update may be answered without an id.
      return sent.kind === 'sent' ? { ...sent, activityId } : sent;
    },
    everyMember: (to, isSuch) => everyMember(deps, to, isSuch),
  };
}

const activityOf = ({ card, summary }: TeamsMessage, { conversationId }: Address, replyToId?: string): string =>
  JSON.stringify({
    type: 'message',
    conversation: { id: conversationId },
    ...(replyToId !== undefined && { replyToId }),
    summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  });

const send = (deps: ConnectorDeps, to: Address, errand: Errand): Promise<Sent> =>
  callConnector(deps, to, errand, (response, signal) => sentOf(response, deps.now(), signal));

async function sentOf(response: Response, now: Date, signal: AbortSignal): Promise<Sent> {
  const { status, headers } = response;
  if (status >= 200 && status < 300) {
    const answer = answerSchema.safeParse(jsonOf(await textUpTo(MAX_ANSWER_BYTES, response, signal)));
    // Without an id the message stands, and cannot be replaced.
    return { kind: 'sent', activityId: answer.data?.id ?? '' };
  }
  await response.body?.cancel();
  if (status === 404) return { kind: 'gone' };
  return { kind: 'failed', cause: `Teams answered ${status}.`, retryAfterSeconds: waitIn(headers, now) };
}
