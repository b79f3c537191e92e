/** One request of an app to storage or to Azure Resource Manager, as a proxy between them saw it. */
export interface Io {
  readonly service: 'table' | 'queue' | 'arm';
  /** What it does, in words: `read row`, `transaction`, `announce`, `append event`, `send`, `receive`, `begin`, `poll` … */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** The same for every try of one operation, where the client says so. */
  readonly tryOf: string;
  /** Checks that it is about; of a `receive` known when it is answered. */
  checkIds: readonly string[];
  /** Milliseconds since 1970. */
  readonly begun: number;
  /** Whether storage or ARM was reached. */
  executed: boolean;
  /** What the app was answered; 0 where the connection was dropped or the body cut. */
  status: number;
}

/** What a proxy knows of a request before it is classified. */
export interface RawIo {
  readonly service: Io['service'];
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A queue message that was received: whoever has the receipt can hide it, show it and remove it. */
export interface Receipt {
  readonly queue: string;
  readonly messageId: string;
  readonly popReceipt: string;
  readonly checkIds: readonly string[];
}

/** Follows every request and tells which checks it is about; shared by the proxies of all processes. */
export interface IoTrace {
  /** In the order in which they came. */
  readonly log: readonly Io[];
  /** The newest receipt of each message that was received and not yet removed. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  begin(raw: RawIo): Io;
  /** Takes in what storage or ARM answered. */
  answered(io: Io, body: string): void;
}

export function createIoTrace(): IoTrace {
  const log: Io[] = [];
  const receipts = new Map<string, Receipt>();
  return {
    log,
    receipts,
    begin(raw) {
      const io = classify(raw, receipts);
      if (io.operation === 'note run') attributeReading(log, io);
      log.push(io);
      return io;
    },
    answered(io, body) {
      const messageId = messageIdOf(io.path);
      if (io.operation.endsWith('delete')) receipts.delete(messageId);
      if (!io.operation.endsWith('receive')) return;
      for (const receipt of receiptsIn(io.path, body)) receipts.set(receipt.messageId, receipt);
      io.checkIds = idsInMessages(body);
    },
  };
}

function classify({ service, method, path, headers, body }: RawIo, receipts: IoTrace['receipts']): Io {
  const common = { service, method, path, begun: Date.now(), executed: false, status: 0 };
  const requestId = String(headers['x-ms-client-request-id']);
  if (service === 'arm') {
    // ARM is told the check's id; every request is its own.
    return { ...common, operation: armOperation(method, path), checkIds: [requestId], tryOf: `${Math.random()}` };
  }
  if (service === 'queue') {
    const checkIds = receipts.get(messageIdOf(path))?.checkIds ?? idsInMessages(body);
    return { ...common, operation: queueOperation(method, path), checkIds, tryOf: requestId };
  }
  const operation = tableOperation(method, decodeURIComponent(path), body);
  // Checkpoints are made of the events of many checks, and are no part of any.
  const checkIds = operation === 'seal' ? [] : idsInTable(`${path} ${body}`);
  const isOfNote = operation === 'read note' || operation === 'note run';
  return {
    ...common,
    operation,
    checkIds,
    tryOf: isOfNote ? `${requestId} run!${keyOfNote(`${path} ${body}`)}` : requestId,
  };
}

/** Only the note that a check writes tells which check it was that read the note before: known when that is over. */
function attributeReading(log: readonly Io[], note: Io): void {
  const read = log.findLast(
    ({ operation, tryOf }) => operation === 'read note' && tryOf.endsWith(keyOfNote(note.tryOf)),
  );
  if (read?.checkIds.length === 0) read.checkIds = note.checkIds;
}

/** The hash in the row's key. */
const keyOfNote = (text: string): string => /run(?:!|%21)([0-9a-f]{64})/.exec(text)?.[1] ?? '';

function armOperation(method: string, path: string): string {
  if (method === 'POST' && path.includes('/connectivityCheck')) return 'begin';
  return path.includes('/operationResults/') ? 'poll' : 'look up';
}

function queueOperation(method: string, path: string): string {
  const prefix = path.includes('-poison') ? 'poison ' : '';
  if (path.includes('peekonly') || (method === 'GET' && path.includes('comp=metadata'))) return `${prefix}measure`;
  if (!path.includes('/messages')) return `${prefix}create queue`;
  const words = { GET: 'receive', POST: 'send', DELETE: 'delete', PUT: 'hide' } as Record<string, string>;
  return `${prefix}${words[method] ?? method}`;
}

function tableOperation(method: string, path: string, body: string): string {
  if (path.includes('/$batch')) return batchOperation(body);
  if (path.includes('/Tables')) return 'create table';
  if (path.includes('/audit')) return method === 'GET' ? 'read event' : 'append event';
  if (isOfSeal(method, path)) return 'seal';
  if (method === 'GET') return readings[/RowKey='(\w+)!/.exec(path)?.[1] ?? ''] ?? 'query';
  return path.includes("RowKey='run!") || body.includes('"run!') ? 'note run' : 'write';
}

const isOfSeal = (method: string, path: string): boolean =>
  path.includes("PartitionKey='audit'") || (method === 'DELETE' && path.includes("RowKey='unsealed!"));

/** By the kind of the row. */
const readings: Readonly<Record<string, string>> = {
  ...{ key: 'read key', check: 'read row', answer: 'read answer', run: 'read note' },
};

/** What a transaction does shows in the lines of the requests within it, and in the keys of their rows. */
function batchOperation(body: string): string {
  const requests = Array.from(body.matchAll(/^(GET|POST|PUT|MERGE|PATCH|DELETE) (\S+) HTTP/gm));
  if (requests.some(([, , url = '']) => /\/audit(?:[?(]|$)/.test(url))) return 'append event';
  if (requests.every(([, method, url = '']) => method === 'DELETE' && url.includes('unsealed'))) return 'seal';
  const created = Array.from(body.matchAll(/"RowKey"\s*:\s*"(\w+)!/g), ([, kind]) => kind);
  const announces =
    created.length === requests.length && created.every((kind) => kind === 'unsealed' || kind === 'key');
  return announces ? 'announce' : 'transaction';
}

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const unique = (ids: Iterable<string>): string[] => [...new Set(ids)];

function idsInTable(text: string): string[] {
  const places = new RegExp(
    `(?:(?:check|open|answer|key|unsealed)(?:!|%21)|checkId\\\\*"\\s*:\\s*\\\\*"|RowKey(?:=|%3D)(?:'|%27)t(?:!|%21)\\d+(?:!|%21))(${uuid})`,
    'g',
  );
  return unique(Array.from(text.matchAll(places), ([, id = '']) => id));
}

function idsInMessages(xml: string): string[] {
  const texts = Array.from(xml.matchAll(/<MessageText>([^<]*)</g), ([, text = '']) =>
    Buffer.from(text, 'base64').toString(),
  );
  return unique(texts.flatMap((text) => new RegExp(`"checkId":"(${uuid})"`).exec(text)?.[1] ?? []));
}

const messageIdOf = (path: string): string => /\/messages\/([^/?]+)/.exec(path)?.[1] ?? '';

function receiptsIn(path: string, xml: string): Receipt[] {
  const queue = /\/([\w-]+)\/messages/.exec(path)?.[1] ?? '';
  return Array.from(xml.matchAll(/<QueueMessage>(.*?)<\/QueueMessage>/gs), ([, message = '']) => ({
    queue,
    messageId: /<MessageId>(.*?)</.exec(message)?.[1] ?? '',
    popReceipt: /<PopReceipt>(.*?)</.exec(message)?.[1] ?? '',
    checkIds: idsInMessages(message),
  }));
}
