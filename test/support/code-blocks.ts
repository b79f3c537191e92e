import { readFileSync } from 'node:fs';

/** The code blocks of a page that are marked with a language; the path is seen from the project's folder. */
export function codeBlocks(path: string, language: string): string[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const fence = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm');
  return Array.from(text.matchAll(fence), ([, block = '']) => block);
}
