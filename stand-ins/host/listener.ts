/** What makes a function run. */
export interface Listener {
  start(): void;
  /** Takes no new work, and waits for what is running. */
  stop(): Promise<void>;
}

/** A listener whose function can also be run by hand, with any text as input. */
export interface ManualListener extends Listener {
  readonly name: string;
  runByHand(input: string): Promise<void>;
}
