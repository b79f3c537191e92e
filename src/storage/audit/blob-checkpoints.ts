import { text } from 'node:stream/consumers';
import type { ContainerClient } from '@azure/storage-blob';
import type { Checkpoints } from '../../audit/checkpoint/checkpoints.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

const PREFIX = 'checkpoints/';
const nameOf = (sequence: number): string => `${PREFIX}${String(sequence).padStart(9, '0')}.json`;

/** Checkpoints as blobs, each created once and never written again; the container may be immutable. */
export function blobCheckpoints(container: ContainerClient): Checkpoints {
  async function read(sequence: number): Promise<string | undefined> {
    try {
      // One request; `downloadToBuffer` asks for the size first.
      const { readableStreamBody } = await container.getBlobClient(nameOf(sequence)).download();
      return readableStreamBody && (await text(readableStreamBody));
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async function create(sequence: number, text: string): Promise<boolean> {
    const blob = container.getBlockBlobClient(nameOf(sequence));
    try {
      await createWhereMissing(
        () => container.createIfNotExists(),
        () =>
          blob.upload(text, Buffer.byteLength(text), {
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/json' },
          }),
      );
      return true;
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
      // A try whose answer was lost may have written it.
      return (await read(sequence)) === text;
    }
  }

  async function highest(): Promise<number> {
    let last = 0;
    try {
      for await (const { name } of container.listBlobsFlat({ prefix: PREFIX }))
        last = Math.max(last, Number(/(\d+)\.json$/.exec(name)?.[1] ?? 0));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
    return last;
  }

  return {
    read: (sequence) => orUnavailable('AuditUnavailable', () => read(sequence)),
    create: (sequence, text) => orUnavailable('AuditUnavailable', () => create(sequence, text)),
    highest: () => orUnavailable('AuditUnavailable', highest),
  };
}
