import type { Button, ChatMessage, Part, PathHop } from '../chat/message.ts';
import { urlWithin } from '../chat/url-within.ts';
import { type State, stateWords } from '../rendering/state.ts';
import { writeButtonValue } from './button-value.ts';

// Limits: https://docs.slack.dev/reference/block-kit/blocks, and of buttons …/block-elements/button-element. That all
// blocks have some 13,200 characters at most is in no documentation: https://github.com/slackapi/bolt-js/issues/2509
const MOST_BLOCKS = 46;
const MOST_ALL = 11_500;
/** Buttons may have so much beside that; what they have more of is taken from it. */
const USUAL_ACTIONS = 1_500;
const MOST_TEXT = 2_900;
const MOST_HEADER = 150;
const MOST_LABEL = 75;
const MOST_URL = 3_000;
const MOST_FIELDS = 10;
const MOST_FIELD = 1_900;
const MOST_FALLBACK = 2_000;

interface Text {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

type Block =
  | { readonly type: 'header'; readonly text: Text }
  | { readonly type: 'section'; readonly text: Text }
  | { readonly type: 'section'; readonly fields: readonly Text[] }
  | { readonly type: 'context'; readonly elements: readonly Text[] }
  | { readonly type: 'actions'; readonly elements: readonly object[] };

/** A message as Slack takes it. `text` is what notifications and screen readers have. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Draws a message within Slack's limits. No text of it can be a link, a mention or markup: all is plain and escaped. */
export function drawSlack({ text, title, state, parts, buttons }: ChatMessage): SlackMessage {
  const head: Block[] =
    title === undefined ? [] : [{ type: 'header', text: plain(titleOf(title, state), MOST_HEADER) }];
  const elements = buttons.flatMap(drawButton);
  const actions: Block[] = elements.length === 0 ? [] : [{ type: 'actions', elements }];
  const isOpenable = elements.some((each) => 'url' in each);
  const body = within([...head, ...parts.flatMap(blocksOf)], {
    most: MOST_ALL - Math.max(0, JSON.stringify(actions).length - USUAL_ACTIONS),
    more: isOpenable ? 'There is more than a message can hold: open it.' : 'There is more than a message can hold.',
  });
  return { text: fitted(text, MOST_FALLBACK), blocks: [...body, ...actions] };
}

const titleOf = (title: string, state: State | undefined): string =>
  state === undefined ? title : `${signOf[state]} ${stateWords[state]}: ${title}`;

/** The word stands beside it, for whoever does not see it. */
const signOf: Readonly<Record<State, string>> = {
  waiting: '⏳',
  running: '⏳',
  reachable: '✅',
  degraded: '⚠️',
  unreachable: '❌',
  inconclusive: '❔',
  failed: '⚠️',
  canceled: '⏹️',
  refused: '⛔',
};

/** What is too much is left out, and that is said. */
function within(
  blocks: readonly Block[],
  { most, more }: { readonly most: number; readonly more: string },
): readonly Block[] {
  const taken: Block[] = [];
  let size = 0;
  for (const block of blocks) {
    size += JSON.stringify(block).length;
    if (taken.length >= MOST_BLOCKS || size > most)
      return [...taken, { type: 'context', elements: [plain(more, MOST_TEXT)] }];
    taken.push(block);
  }
  return taken;
}

function blocksOf(part: Part): readonly Block[] {
  switch (part.kind) {
    case 'text':
      return [section(part.text)];
    case 'quiet':
      return [{ type: 'context', elements: [plain(part.text, MOST_TEXT)] }];
    case 'list':
      return sections([...(part.title === undefined ? [] : [part.title]), ...part.items.map((item) => `• ${item}`)]);
    case 'facts':
      return chunks(part.facts, MOST_FIELDS).map((facts) => ({
        type: 'section',
        fields: facts.map(({ name, value }) => plain(`${name}: ${value}`, MOST_FIELD)),
      }));
    case 'path':
      return sections(part.hops.flatMap(hopLines));
  }
}

function hopLines({ name, kind, told }: PathHop, index: number): readonly string[] {
  const sign = told.length > 0 ? '✗' : '●';
  return [`${index + 1} ${sign} ${name}${kind === undefined ? '' : ` (${kind})`}`, ...told.map((each) => `   ${each}`)];
}

const section = (text: string): Block => ({ type: 'section', text: plain(text, MOST_TEXT) });

/** Lines in as few sections as hold them. */
function sections(lines: readonly string[]): readonly Block[] {
  const texts: string[] = [];
  for (const line of lines) {
    const joined = `${texts.at(-1) ?? ''}\n${line}`;
    if (texts.length > 0 && escaped(joined).length <= MOST_TEXT) texts[texts.length - 1] = joined;
    else texts.push(line);
  }
  return texts.map(section);
}

/** A button whose address Slack would not take is left out. */
function drawButton(button: Button, index: number): readonly object[] {
  const text = plain(button.label, MOST_LABEL);
  if (button.kind === 'open') {
    const url = urlWithin(button.url, MOST_URL);
    return url === undefined ? [] : [{ type: 'button', action_id: `open-${index}`, text, url }];
  }
  const { action, checkId, room } = button;
  return [
    {
      ...{ type: 'button', action_id: action, text, value: writeButtonValue(checkId, room) },
      ...(action === 'cancel' && { style: 'danger' }),
    },
  ];
}

const plain = (text: string, most: number): Text => ({ type: 'plain_text', text: fitted(text, most), emoji: false });

/** The three signs that Slack reads as markup. https://docs.slack.dev/messaging/formatting-message-text#escaping */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cut before it is escaped, so that no escape is cut in half; an empty text is refused by Slack. */
function fitted(text: string, most: number): string {
  const whole = escaped(text);
  if (whole.length <= most) return whole === '' ? '–' : whole;
  let cut = '';
  for (const letter of text) {
    if (cut.length + escaped(letter).length > most - 1) break;
    cut += escaped(letter);
  }
  return `${cut}…`;
}

const chunks = <T>(all: readonly T[], most: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, index) => all.slice(index * most, (index + 1) * most));
