import type { QueueMessage } from './storage-queue.ts';
import type { TriggerMetadata, TypedData } from '../worker-protocol.ts';

/**
 * What the host tells of a message beside its body. Top-level members of a JSON body are merged in, over members of
 * the same name: never name one of a message's members `id` or `dequeueCount`.
 */
export function queueTriggerMetadata(message: QueueMessage, body: string): TriggerMetadata {
  const metadata = new Map<string, TypedData>([
    ['QueueTrigger', { string: body }],
    ['DequeueCount', { json: String(message.dequeueCount) }],
    ['ExpirationTime', { json: JSON.stringify(message.expiresOn) }],
    ['Id', { string: message.messageId }],
    ['InsertionTime', { json: JSON.stringify(message.insertedOn) }],
    ['NextVisibleTime', { json: JSON.stringify(message.nextVisibleOn) }],
    ['PopReceipt', { string: message.popReceipt }],
  ]);
  for (const [name, value] of Object.entries(members(body))) {
    if (value === null || value === undefined || Array.isArray(value)) continue;
    const known = [...metadata.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
    metadata.set(known ?? name, typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) });
  }
  return Object.fromEntries(metadata);
}

function members(body: string): object {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
