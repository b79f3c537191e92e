/** Where checkpoints are kept; each is written once. Every method throws the Problem `AuditUnavailable`. */
export interface Checkpoints {
  readonly read: (number: number) => Promise<string | undefined>;
  /** `false`: something of that number is there already. */
  readonly create: (number: number, text: string) => Promise<boolean>;
  /** All numbers that are there, whoever made them; it looks at every name, so it is for when something is wrong. */
  readonly numbers: () => Promise<readonly number[]>;
}
