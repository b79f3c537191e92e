import { TableClient, TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

export interface StoredText {
  /** Table and keys, queue, or container and blob. */
  readonly place: string;
  readonly text: string;
}

const open = { allowInsecureConnection: true };

/** Everything in tables, queues and containers: every property, message and blob, as it is stored. */
export async function storedTexts(connectionString: string): Promise<StoredText[]> {
  const found: StoredText[] = [];
  for await (const { name = '' } of TableServiceClient.fromConnectionString(connectionString, open).listTables()) {
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
    const { peekedMessageItems } = await queues.getQueueClient(name).peekMessages({ numberOfMessages: 32 });
    found.push(...peekedMessageItems.map(({ messageText }) => ({ place: `queue ${name}`, text: messageText })));
  }
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for await (const { name: container } of blobs.listContainers()) {
    const client = blobs.getContainerClient(container);
    for await (const { name } of client.listBlobsFlat()) {
      const text = (await client.getBlobClient(name).downloadToBuffer()).toString();
      found.push({ place: `blob ${container} ${name}`, text });
    }
  }
  return found;
}

/** Whether it is a checkpoint, the note of the newest, or the mark of an event that none covers yet. */
export const isOfCheckpoints = ({ place }: StoredText): boolean =>
  /^blob audit-checkpoints |^checks (?:audit head|\w+ unsealed!\S+) /.test(place);
