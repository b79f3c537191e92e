import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queueTriggerMetadata } from '../../../../stand-ins/host/queue/queue-trigger-metadata.ts';

const message = {
  messageId: 'id',
  popReceipt: 'receipt',
  messageText: '',
  dequeueCount: 2,
  insertedOn: new Date(0),
  expiresOn: new Date(1),
  nextVisibleOn: new Date(2),
};

test('any body at all, JSON or not, gives metadata with the host’s own members', () => {
  const own = [
    'DequeueCount',
    'ExpirationTime',
    'Id',
    'InsertionTime',
    'NextVisibleTime',
    'PopReceipt',
    'QueueTrigger',
  ];
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
      const metadata = queueTriggerMetadata(message, body);
      expect(Object.keys(metadata)).toEqual(expect.arrayContaining(own));
      expect(metadata.QueueTrigger).toEqual({ string: body });
      expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
    }),
  );
});
