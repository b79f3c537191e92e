import { visible } from '../../rendering/visible.ts';

/** What an error says, as it may be shown. */
export const messageOf = (error: unknown): string => visible(error instanceof Error ? error.message : String(error));
