import { drawInWords } from '../draw/draw-words.ts';
import type { Words } from '../request.ts';
import type { Answer } from './answer.ts';

/** An answer after which nothing is left to do but to tell it. */
export const answerInWords = (words: Words): Answer => ({ message: drawInWords(words), words });
