/** One thing that a field can become. */
export interface Option {
  /** What the field becomes. */
  readonly value: string;
  readonly label: string;
  readonly detail?: string | undefined;
}
