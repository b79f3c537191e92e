/** One message to a receiver. */
export interface Message {
  readonly url: URL;
  /** The same at each try. */
  readonly id: string;
  readonly body: string;
  /** Why the address may not be connected to; `undefined` where it may. */
  readonly deniedAddress: (address: string) => string | undefined;
}

/** What a try came to. What was no answer is said without the URL. */
export type PostOutcome =
  { readonly kind: 'answered'; readonly status: number } | { readonly kind: 'failed'; readonly cause: string };

/** Sends a signed message; every wait in it ends. Throws nothing for what the receiver or the network do. */
export type Post = (message: Message) => Promise<PostOutcome>;
