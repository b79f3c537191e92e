import { Problem } from '../problem.ts';

/** A row of storage says something else than the proxy writes: that does not pass, so whoever reads it is told which row it is. */
export function notAsWritten(row: string, advice = ''): Problem {
  const message = `The row ${row} is not as it was written: it must be deleted.`;
  return new Problem('InternalError', message + advice, { cause: new Error(message) });
}

/** Before a request is answered, nothing else makes a Problem of that code. */
export const isNotAsWritten = (error: unknown): error is Problem =>
  error instanceof Problem && error.code === 'InternalError';

export interface PassOverDeps {
  /** Tells the log of a row that was passed over. */
  readonly tellGarbled: (cause: string) => void;
}

/** What is read where one row among others, or another's, must close nothing: `undefined` for one that is not as it was written. */
export async function unlessGarbled<T>({ tellGarbled }: PassOverDeps, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isNotAsWritten(error)) throw error;
    tellGarbled(error.message);
    return undefined;
  }
}
