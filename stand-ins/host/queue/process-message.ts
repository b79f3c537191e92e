import { isUtf8 } from 'node:buffer';
import type { Invoke } from '../create-invoke.ts';
import type { HostedFunction } from '../hosted-function.ts';
import type { QueueSettings } from '../host-json.ts';
import { keepInvisible } from './keep-invisible.ts';
import type { Log } from '../log.ts';
import { queueTriggerMetadata } from './queue-trigger-metadata.ts';
import type { QueueMessage, StorageQueue } from './storage-queue.ts';

export interface MessageDeps {
  readonly queue: StorageQueue;
  /** Where messages go that failed too often; a poison queue has none itself. */
  readonly poison: StorageQueue | undefined;
  readonly hosted: HostedFunction;
  readonly invoke: Invoke;
  readonly settings: QueueSettings;
  readonly invisibleSeconds: number;
  /** Ends all waiting. */
  readonly closed: AbortSignal;
  readonly log: Log;
}

/** One message from its receipt to its end: run and removed, hidden for another try, or moved to the poison queue. */
export async function processMessage(deps: MessageDeps, message: QueueMessage): Promise<void> {
  const { queue, poison, settings, log } = deps;
  if (message.dequeueCount > settings.maxDequeueCount) {
    await moveToPoison(deps, message, message.popReceipt);
    return;
  }
  const body = decodeMessage(message.messageText);
  if (!body) {
    log({ level: 'warning', message: `Message ${message.messageId} of queue ${queue.name} is not base64: not run.` });
    // No other try can read it. In a poison queue it stays, hidden from time to time, until its own time is over.
    await moveToPoison(deps, message, message.popReceipt);
    return;
  }
  const lease = keepInvisible(deps, message);
  const succeeded = await run(deps, message, body);
  const popReceipt = await lease.release();
  if (succeeded) await queue.remove(message.messageId, popReceipt);
  else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(deps, message, popReceipt);
  // A message that fails in a poison queue stays hidden, or it would fail again and again without a pause.
  else if (poison) await queue.hide(message.messageId, popReceipt, Math.round(settings.visibilityTimeout / 1000));
}

/** The bytes of a message; `undefined` where it is not base64. */
export function decodeMessage(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips what is not base64; .NET, which reads messages in Azure, refuses it.
  return bytes.toString('base64') === text.trim() ? bytes : undefined;
}

async function run(
  { hosted, invoke, queue, log }: MessageDeps,
  message: QueueMessage,
  bytes: Buffer,
): Promise<boolean> {
  if (!isUtf8(bytes)) {
    log({ level: 'error', message: `Message ${message.messageId} of queue ${queue.name} is not UTF-8: not run.` });
    return false;
  }
  const body = bytes.toString();
  return invoke(hosted, { string: body }, queueTriggerMetadata(message, body)).then(
    () => true,
    // Invoke has logged it.
    () => false,
  );
}

async function moveToPoison(
  { queue, poison, log }: MessageDeps,
  { messageId, messageText, dequeueCount }: QueueMessage,
  popReceipt: string,
): Promise<void> {
  if (!poison) return;
  const message = `Message ${messageId} of queue ${queue.name} moves to ${poison.name} at attempt ${dequeueCount}.`;
  log({ level: 'warning', message });
  await poison.add(messageText);
  await queue.remove(messageId, popReceipt);
}
