import type { Protocol } from '../arm/connectivity-parameters.ts';

/** Words of a check, as MCP has them, too. Names are left as words: what they stand for, the server knows. */
export interface Ask {
  /** The name of an endpoint or of a source, or a resource id. */
  readonly source: string;
  /** The name of an endpoint or of a machine, a host name, an address without brackets, an http(s) URI or a resource id. */
  readonly destination: string;
  readonly port?: number;
  readonly protocol?: Protocol;
  readonly reason?: string;
}

/** What a line asks for. An id may be the first 8 or more characters of one. */
export type Line =
  | ({ readonly verb: 'check' } & Ask)
  | ({ readonly verb: 'flow' } & Omit<Ask, 'reason'>)
  | { readonly verb: 'show' | 'cancel'; readonly id: string }
  | { readonly verb: 'again'; readonly id: string; readonly reason?: string }
  | { readonly verb: 'compare'; readonly id: string; readonly with?: string }
  /** With these object ids; without them with any holder of `Check.Request` who has the id. */
  | { readonly verb: 'share'; readonly id: string; readonly to?: readonly string[] }
  /** `set run NAME` */
  | { readonly verb: 'set'; readonly name: string; readonly reason?: string }
  | { readonly verb: 'endpoints'; readonly search?: string }
  | { readonly verb: 'list' | 'me' | 'link' }
  | { readonly verb: 'help'; readonly about?: string };

/** A sentence says what is wrong with the line, and what to write instead. */
export type ReadLine = { readonly ok: true; readonly line: Line } | Fault;

export interface Fault {
  readonly ok: false;
  readonly message: string;
}

export const fault = (message: string): Fault => ({ ok: false, message });

/** How a check is asked for. */
export const usage = 'SOURCE DESTINATION[:PORT] [tcp|icmp|http|https] [because REASON …]';
