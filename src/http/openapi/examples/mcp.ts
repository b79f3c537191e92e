import type { Examples } from '../example.ts';

/** Examples of the door of assistants, by operation. */
export const mcpExamples = {} as const satisfies Examples;
