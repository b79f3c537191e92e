import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const below = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below('docs', '.md')];
const sources = ['src', 'stand-ins', 'scripts', 'bench'].flatMap((folder) => below(folder, '.ts'));

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');

const anchors = new Map(
  pages.map((page) => [
    page,
    new Set(Array.from(read(page).matchAll(/^#+ (.+)$/gm), ([, text = '']) => anchorOf(text))),
  ]),
);

/** What is wrong with a link; nothing where it leads somewhere. */
function faultOf(from: string, link: string): string[] {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : relative(root, join(root, dirname(from), path));
  if (!existsSync(join(root, target))) return [`${from}: ${link} is not there`];
  if (anchor === undefined || !target.endsWith('.md')) return [];
  return anchors.get(target)?.has(anchor) ? [] : [`${from}: ${link} has no such heading`];
}

describe('every link leads somewhere', () => {
  it('from page to page', () => {
    const links = pages.flatMap((page) =>
      Array.from(read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g), ([, link = '']) => [page, link] as const),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.flatMap(([page, link]) => faultOf(page, link))).toEqual([]);
  });

  it('from the code to the decision behind it', () => {
    const links = sources.flatMap((file) =>
      Array.from(read(file).matchAll(/docs\/[\w-]+\.md#[\w-]+/g), ([link]) => [file, link] as const),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.flatMap(([file, link]) => faultOf('README.md', link).map((fault) => `${file}: ${fault}`))).toEqual([]);
  });
});
