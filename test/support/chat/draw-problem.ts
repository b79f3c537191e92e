import { drawInWords, problemInWords } from '../../../src/chat/draw/draw-words.ts';
import type { ChatMessage } from '../../../src/chat/message.ts';
import type { Problem } from '../../../src/contract/problem.ts';

/** A refusal as a chat tells it. */
export const drawProblem = (problem: Problem): ChatMessage => drawInWords(problemInWords(problem));
