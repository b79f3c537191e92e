import { type Entity, type Filter, keyRange } from './filter.ts';

export interface Keys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** An entity as it is on the wire, but for what the server adds. */
export interface Row extends Keys {
  readonly entity: Entity;
  /** Changes with every write. */
  readonly etag: string;
  readonly timestamp: string;
}

interface Partition {
  readonly key: string;
  rows: Row[];
}

/** Rows in the order of their keys, so that a range costs a search for its beginning, and its rows. */
export function createOrderedTable() {
  const partitions: Partition[] = [];
  let writes = 0;

  function partitionOf(key: string): Partition | undefined {
    const found = partitions[firstNot(partitions, (partition) => partition.key < key)];
    return found?.key === key ? found : undefined;
  }

  function get({ partitionKey, rowKey }: Keys): Row | undefined {
    const rows = partitionOf(partitionKey)?.rows ?? [];
    const found = rows[firstNot(rows, (row) => row.rowKey < rowKey)];
    return found?.rowKey === rowKey ? found : undefined;
  }

  function madePartition(key: string): Partition {
    const known = partitionOf(key);
    if (known) return known;
    const made = { key, rows: [] };
    partitions.splice(
      firstNot(partitions, (partition) => partition.key < key),
      0,
      made,
    );
    return made;
  }

  const rowOf = (keys: Keys, entity: Entity): Row => {
    const timestamp = new Date().toISOString();
    return { ...keys, entity, timestamp, etag: `W/"${(writes += 1)}-${timestamp}"` };
  };

  function put(keys: Keys, entity: Entity): Row {
    const { rows } = madePartition(keys.partitionKey);
    const at = firstNot(rows, (row) => row.rowKey < keys.rowKey);
    const row = rowOf(keys, entity);
    rows.splice(at, rows[at]?.rowKey === keys.rowKey ? 1 : 0, row);
    return row;
  }

  function remove({ partitionKey, rowKey }: Keys): void {
    const rows = partitionOf(partitionKey)?.rows ?? [];
    const at = firstNot(rows, (row) => row.rowKey < rowKey);
    if (rows[at]?.rowKey === rowKey) rows.splice(at, 1);
  }

  /** Rows whose keys are all new, each partition sorted once. */
  function load(entities: Iterable<Keys & Entity>): void {
    const touched = new Set<Partition>();
    for (const { partitionKey, rowKey, ...entity } of entities) {
      const partition = madePartition(partitionKey);
      partition.rows.push(rowOf({ partitionKey, rowKey }, entity));
      touched.add(partition);
    }
    for (const { rows } of touched) rows.sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  }

  /** Every row among the keys that the filter can match, from a place on. Within a range of partitions it knows no range of rows. */
  function* scan(filter: Filter | undefined, from?: Keys): Generator<Row> {
    const wanted = keyRange(filter, 'PartitionKey');
    const within = keyRange(wanted.isOne ? filter : undefined, 'RowKey');
    const isEarlier = (key: string): boolean => wanted.isBefore(key) || (from !== undefined && key < from.partitionKey);
    for (let p = firstNot(partitions, ({ key }) => isEarlier(key)); p < partitions.length; p++) {
      const { key, rows } = partitions[p] ?? { key: '', rows: [] };
      if (wanted.isAfter(key)) return;
      const start = key === from?.partitionKey ? from.rowKey : '';
      for (let r = firstNot(rows, ({ rowKey }) => rowKey < start || within.isBefore(rowKey)); r < rows.length; r++) {
        const row = rows[r];
        if (!row || within.isAfter(row.rowKey)) break;
        yield row;
      }
    }
  }

  return { get, put, remove, load, scan };
}
export type OrderedTable = ReturnType<typeof createOrderedTable>;

/** Index of the first of a sorted list for which that does not hold. */
function firstNot<T>(list: readonly T[], holds: (each: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(list[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
