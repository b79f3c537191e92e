/** What is wrong with a policy, and what to write instead. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
