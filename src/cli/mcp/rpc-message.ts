/** What is looked at of a message of JSON-RPC; all else of it is handed on as it is. */
export interface RpcMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: {
    readonly _meta?: Readonly<Record<string, unknown>>;
    readonly name?: unknown;
    readonly uri?: unknown;
    readonly requestId?: unknown;
    readonly clientInfo?: unknown;
    readonly [member: string]: unknown;
  };
  readonly result?: { readonly protocolVersion?: string };
  readonly error?: { readonly code: number; readonly message: string };
}

/** One message; `undefined` for a list of some, and for what is none. */
export function messageOf(value: unknown): RpcMessage | undefined {
  const message = objectOf(value);
  if (!message) return undefined;
  const { id, method, params, result, error } = message;
  const [given, meta, come, fault] = [
    objectOf(params),
    objectOf(objectOf(params)?.['_meta']),
    objectOf(result),
    objectOf(error),
  ];
  return {
    ...message,
    id,
    ...(typeof method === 'string' && { method }),
    ...(given && { params: { ...given, ...(meta && { _meta: meta }) } }),
    ...(come && { result: come }),
    ...(fault && { error: { ...fault, code: Number(fault['code']), message: String(fault['message']) } }),
  };
}

/** The messages in an answer: JSON, or events of a stream that has ended. */
export function messagesIn(type: string | null, body: string): readonly unknown[] {
  if (body === '') return [];
  const texts = type?.startsWith('text/event-stream') === true ? eventsIn(body) : [body];
  return texts.flatMap((text) => {
    const message = parsed(text);
    return objectOf(message) || Array.isArray(message) ? [message] : [];
  });
}

/** The data of each event. */
const eventsIn = (body: string): string[] =>
  body.split(/\r?\n\r?\n/).flatMap((event) => {
    const data = event.split(/\r?\n/).flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? []);
    return data.length === 0 ? [] : [data.join('\n')];
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
