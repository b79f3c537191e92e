import { expect, test } from 'vitest';
import { createOperations } from '../../../stand-ins/arm/operations.ts';
import { world } from '../../../stand-ins/arm/scenarios/world.ts';

const [source] = world.resources;
if (!source) throw new Error('The world is empty.');

test('only the latest 10,000 operations are remembered', () => {
  let count = 0;
  const operations = createOperations({ now: () => 0, newId: () => `op-${count++}`, duration: () => 1000 });
  const begin = (destination: string) =>
    operations.begin({
      check: { sourceId: source.id, destination, protocol: 'Tcp' },
      source,
      outcome: { kind: 'never ends' },
    });
  begin('first');
  begin('second');
  for (let n = 2; n < 10_000; n += 1) begin(`target-${n}`);
  expect(operations.running(source, 'first')?.id).toBe('op-0');
  begin('one more');
  expect(operations.running(source, 'first')).toBeUndefined();
  expect(operations.running(source, 'second')?.id).toBe('op-1');
});
