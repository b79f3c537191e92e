import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/** What a program can import of the client, one file after another; none imports from elsewhere. */
const sources = ['requests', 'answers', 'netcheck-error', 'client'];

/** The declarations of the client as one file that needs no other. */
export async function clientTypes(root) {
  const parts = sources.map(async (name) => {
    const text = await readFile(`${root}src/client/${name}.ts`, 'utf8');
    const { outputText } = ts.transpileDeclaration(text, { compilerOptions: { stripInternal: true } });
    // They stand in the same file.
    return outputText.replace(/^(?:import|export)\s[^;]*?\bfrom '\.\/[^']+';\n/gm, '').trim();
  });
  return `${(await Promise.all(parts)).join('\n')}\n`;
}
