import type { Outcome } from './outcome.ts';

/** A declared check: who asks for this gets that. */
export interface Pair {
  /** Resource id */
  readonly source: string;
  /** Address, host name or resource id */
  readonly destination: string;
  /** Absent for Icmp */
  readonly port?: number;
  readonly protocol: 'Tcp' | 'Http' | 'Https' | 'Icmp';
  /** What is special about it. */
  readonly description: string;
  readonly outcome: Outcome;
}
