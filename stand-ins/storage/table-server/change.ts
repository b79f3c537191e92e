import type { Entity } from './filter.ts';
import type { Keys, OrderedTable } from './ordered-table.ts';
import { TableError } from './table-error.ts';

/** One write, as a request of its own or in a transaction. */
export interface Change {
  readonly method: string;
  readonly keys: Keys;
  readonly entity: Entity;
  /** `*`, or the version that the row must have; absent: whether it is there or not. */
  readonly ifMatch: string | undefined;
}

/**
 * Says whether a change can be made, and answers what makes it: nothing is changed before all of a transaction can be.
 * Throws a TableError.
 */
export function plan(table: OrderedTable, { method, keys, entity, ifMatch }: Change): () => string | undefined {
  const current = table.get(keys);
  if (method === 'POST' && current) throw new TableError('EntityAlreadyExists');
  if (ifMatch !== undefined && !current) throw new TableError('ResourceNotFound');
  if (![undefined, '*', current?.etag].includes(ifMatch)) throw new TableError('UpdateConditionNotSatisfied');
  switch (method) {
    case 'POST':
    case 'PUT':
      return () => table.put(keys, entity).etag;
    case 'PATCH':
    case 'MERGE':
      return () => table.put(keys, { ...current?.entity, ...entity }).etag;
    case 'DELETE':
      return () => {
        table.remove(keys);
        return undefined;
      };
    default:
      throw new TableError('InvalidInput', `${method} is not known here.`);
  }
}
