import { TableClient, TableServiceClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';

export interface StoredText {
  /** Table and keys, or queue. */
  readonly place: string;
  readonly text: string;
}

const open = { allowInsecureConnection: true };

/** Everything in the tables and queues whose name matches: every property and every message, as it is stored. */
export async function storedTexts(connectionString: string, names = /^/): Promise<StoredText[]> {
  const found: StoredText[] = [];
  for await (const { name = '' } of TableServiceClient.fromConnectionString(connectionString, open).listTables()) {
    if (!names.test(name)) continue;
    for await (const entity of TableClient.fromConnectionString(connectionString, name, open).listEntities()) {
      const place = `${name} ${entity.partitionKey ?? ''} ${entity.rowKey ?? ''}`;
      for (const [property, value] of Object.entries(entity)) {
        const text = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
        found.push({ place: `${place} ${property}`, text });
      }
    }
  }
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  for await (const { name } of queues.listQueues()) {
    if (!names.test(name)) continue;
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    found.push(...peekedMessageItems.map(({ messageText }) => ({ place: `queue ${name}`, text: messageText })));
  }
  return found;
}
