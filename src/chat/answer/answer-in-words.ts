import { visible } from '../../rendering/visible.ts';
import { drawInWords } from '../draw/draw-words.ts';
import type { Words } from '../request.ts';
import type { Answer } from './answer.ts';

/** An answer after which nothing is left to do but to tell it. */
export const answerInWords = (words: Words): Answer => ({ message: drawInWords(words), words });

export const answerInSentence = (sentence: string): Answer => answerInWords({ texts: [visible(sentence)] });
