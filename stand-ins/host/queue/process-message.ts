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
  const { queue, poison, settings } = deps;
  if (message.dequeueCount > settings.maxDequeueCount) {
    await moveToPoison(deps, message, message.popReceipt);
    return;
  }
  const lease = keepInvisible(deps, message);
  const succeeded = await run(deps, message);
  const popReceipt = await lease.release();
  if (succeeded) await queue.remove(message.messageId, popReceipt);
  else if (message.dequeueCount >= settings.maxDequeueCount) await moveToPoison(deps, message, popReceipt);
  // A message that fails in a poison queue stays hidden, or it would fail again and again without a pause.
  else if (poison) await queue.hide(message.messageId, popReceipt, Math.round(settings.visibilityTimeout / 1000));
}

/** The text of a message; `undefined` where it is not encoded as host.json says. */
export function decodeMessage(text: string, encoding: QueueSettings['messageEncoding']): string | undefined {
  if (encoding === 'none') return text;
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips what is not base64; .NET, which reads messages in Azure, refuses it.
  return bytes.toString('base64') === text.trim() ? bytes.toString('utf8') : undefined;
}

async function run({ hosted, invoke, queue, settings, log }: MessageDeps, message: QueueMessage): Promise<boolean> {
  const body = decodeMessage(message.messageText, settings.messageEncoding);
  if (body === undefined) {
    log({ level: 'warning', message: `Message ${message.messageId} of queue ${queue.name} is not base64: not run.` });
    return false;
  }
  return invoke(hosted, { string: body }, queueTriggerMetadata(message, body)).then(
    () => true,
    // Invoke has logged it.
    () => false,
  );
}

async function moveToPoison(
  { queue, poison, settings, log }: MessageDeps,
  { messageId, messageText }: QueueMessage,
  popReceipt: string,
): Promise<void> {
  if (!poison) return;
  const attempts = `after ${settings.maxDequeueCount} attempts`;
  log({
    level: 'warning',
    message: `Message ${messageId} of queue ${queue.name} moves to ${poison.name} ${attempts}.`,
  });
  await poison.add(messageText);
  await queue.remove(messageId, popReceipt);
}
