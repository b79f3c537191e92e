import type { Client } from '../client/client.ts';
import type { Send } from '../client/send.ts';
import type { Options } from './options.ts';
import type { Paint } from './draw/paint.ts';

/** What a command came to: the one JSON document or, without `--json`, the text; and the exit code. */
export interface Outcome {
  readonly json: unknown;
  /** Lines, without a line feed at the end. Where there is none, and no JSON, nothing is written. */
  readonly text: string;
  readonly exit: number;
}

/** The person's screen and keyboard. All but the outcome goes to standard error. */
export interface Terminal {
  /** Tells something by the way; `--quiet` leaves it out. */
  readonly note: (text: string) => void;
  /** Tells what somebody has to know to go on; `--quiet` does not leave it out. */
  readonly tell: (text: string) => void;
  /** Shows for how long something is waited; answers what ends it. */
  readonly waiting: (text: string) => () => void;
  /** Shows how far something is; each text takes the place of the last. */
  readonly progress: () => (text: string) => void;
  /** A line that was typed; `undefined` where nobody can type one. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly paint: Paint;
}

/** What a command works with. */
export interface Context {
  readonly words: readonly string[];
  readonly options: Options;
  /** Of the command itself. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The proxy's address. Throws where none is given. */
  readonly url: () => string;
  readonly client: () => Client;
  /** What answers a token for the proxy, each time that one is needed. */
  readonly tokens: () => () => Promise<string>;
  /** Calls that the client does not have. */
  readonly send: () => Send;
  /** What goes on at the proxy when the command is interrupted, and how to come back to it. */
  readonly goingOn: (advice: string | undefined) => void;
}
