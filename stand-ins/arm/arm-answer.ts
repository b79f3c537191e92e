export interface ArmAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer of Microsoft.Network: JSON in lines that end like Windows'; a text is HTML. */
export function networkAnswer(status: number, body: unknown, headers: Record<string, string> = {}): ArmAnswer {
  if (typeof body === 'string') return { status, headers: { ...headers, 'content-type': 'text/html' }, body };
  return { status, headers, body: JSON.stringify(body, null, 2).replaceAll('\n', '\r\n') };
}

/** An error of Microsoft.Network. */
export function networkError(status: number, code: string, message: string, details: unknown[] = []): ArmAnswer {
  return networkAnswer(status, { error: { code, message, details } });
}

/** An error of ARM's own front door, which no resource provider has seen. */
export function gatewayError(status: number, code: string, message: string): ArmAnswer {
  return {
    status,
    headers: { 'x-ms-failure-cause': 'gateway' },
    body: JSON.stringify({ error: { code, message } }),
  };
}

export const nothingAt = (path: string): ArmAnswer => gatewayError(404, 'NotFound', `Nothing is served at ${path}.`);
