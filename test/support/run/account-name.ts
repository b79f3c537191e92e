/** As many as one file takes. */
export const ACCOUNTS_PER_FILE = 5;

export const accountName = (file: number, turn: number): string => `file${file}turn${turn}`;
