import type { ContainerClient } from '@azure/storage-blob';
import type { Checkpoints } from '../../audit/checkpoint/checkpoints.ts';
import { blobReader } from './blob-reader.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

const PREFIX = 'checkpoints/';
/** Nine digits, so that names sort like numbers. */
const nameOf = (number: number): string => `${PREFIX}${String(number).padStart(9, '0')}.jws`;
const numberOf = (name: string): number => Number(/^checkpoints\/(\d{9})\.jws$/.exec(name)?.[1] ?? 0);

/** Checkpoints as blobs, each created once and never written again; the container may be immutable. */
export function blobCheckpoints(container: ContainerClient): Checkpoints {
  const readBlob = blobReader(container);
  const read = (number: number): Promise<string | undefined> => readBlob(nameOf(number));

  async function create(number: number, text: string): Promise<boolean> {
    const blob = container.getBlockBlobClient(nameOf(number));
    try {
      await createWhereMissing(
        () => container.createIfNotExists(),
        () =>
          blob.upload(text, Buffer.byteLength(text), {
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/jose' },
          }),
      );
      return true;
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
      // A try whose answer was lost may have written it.
      return (await read(number)) === text;
    }
  }

  async function numbers(): Promise<number[]> {
    const found: number[] = [];
    try {
      for await (const { name } of container.listBlobsFlat({ prefix: PREFIX })) found.push(numberOf(name));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
    return found.filter((number) => number > 0);
  }

  return {
    read: (number) => orUnavailable('AuditUnavailable', () => read(number)),
    create: (number, text) => orUnavailable('AuditUnavailable', () => create(number, text)),
    numbers: () => orUnavailable('AuditUnavailable', numbers),
  };
}
