import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage } from '../../../../stand-ins/host/queue/process-message.ts';

test('any text comes back from base64', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodeMessage(Buffer.from(text).toString('base64'))).toEqual(Buffer.from(text));
    }),
  );
});

test('text that is not exactly base64 is refused, never guessed at', () => {
  expect(decodeMessage('{"checkId":1}')).toBeUndefined();
  expect(decodeMessage('YQ')).toBeUndefined();
  expect(decodeMessage('YQ==YQ==')).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), (text) => {
      const body = decodeMessage(text);
      fc.pre(body !== undefined);
      expect(text.trim()).toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
    }),
  );
});
