import type { FieldError } from '../../contract/problem.ts';

/** What the values of one parameter stand for, and what is wrong with those that stand for nothing. */
export interface Resolved<T> {
  readonly values: readonly T[];
  readonly faults: readonly FieldError[];
}

/** What one value stands for: mostly one thing. */
export type One<T> =
  { readonly values: readonly T[] } | { readonly messages: readonly string[]; readonly code: FieldError['code'] };

export const found = <T>(...values: readonly T[]): One<T> => ({ values });
export const wrong = (...messages: readonly string[]): One<never> => ({ messages, code: 'InvalidValue' });
/** A name that nothing bears. */
export const unknownName = (message: string): One<never> => ({ messages: [message], code: 'UnknownName' });
/** A name that is not known, because the list of machines could not be read whole. */
export const unreadNames = (message: string): One<never> => ({ messages: [message], code: 'UnreadNames' });
/** A name that several bear: one message for each. */
export const ambiguous = (...messages: readonly string[]): One<never> => ({ messages, code: 'AmbiguousName' });

export function gather<T>(parameter: string, all: readonly One<T>[]): Resolved<T> {
  return {
    values: all.flatMap((one) => ('values' in one ? one.values : [])),
    faults: all.flatMap((one) =>
      'values' in one ? [] : one.messages.map((message) => ({ code: one.code, message, target: parameter })),
    ),
  };
}
