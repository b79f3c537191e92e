/** What makes a function run. */
export interface Listener {
  /** The function's. */
  readonly name: string;
  start(): void;
  /** Takes no new work, and waits for what is running. */
  stop(): Promise<void>;
  /** Of a timer: runs its function now. */
  runByHand?(): Promise<void>;
}
