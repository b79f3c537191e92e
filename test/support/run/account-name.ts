/** As many as one file takes. */
export const ACCOUNTS_PER_FILE = 5;

/** Short, because each stands in the environment of Azurite. */
export const accountName = (file: number, turn: number): string => `f${file}t${turn}`;
