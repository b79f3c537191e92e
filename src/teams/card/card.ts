import { urlWithin } from '../../chat/url-within.ts';

/** An Adaptive Card 1.5, which is the newest that Teams draws: as much of it as is needed here. */
export interface Card {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
  /** Whoever is named gets a card of their own in place of this one. */
  readonly refresh?: { readonly action: Execute; readonly userIds: readonly string[] };
  readonly msteams: { readonly width: 'Full' };
}

export type Element = Text | Container;

/** The only element with text: Markdown is not read in it, so that nobody's text becomes a link or a picture. */
export interface Text {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly Run[];
  readonly spacing?: Spacing;
}

export interface Run {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Medium';
  readonly color?: 'Good' | 'Warning' | 'Attention' | 'Accent';
  readonly isSubtle?: true;
  readonly fontType?: 'Monospace';
}

export interface Container {
  readonly type: 'Container';
  readonly items: readonly Element[];
  readonly spacing?: Spacing;
  readonly id?: string;
  readonly isVisible?: false;
}

type Spacing = 'None' | 'Small' | 'Medium';

export type Action = Execute | Open | Toggle;

/** Comes back to the bot, as its clicker's. */
export interface Execute {
  readonly type: 'Action.Execute';
  readonly title: string;
  readonly verb: string;
  readonly data: Readonly<Record<string, string>>;
}

interface Open {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
}

interface Toggle {
  readonly type: 'Action.ToggleVisibility';
  readonly title: string;
  readonly targetElements: readonly string[];
}

export interface Drawing {
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
  readonly refresh?: Card['refresh'];
}

export const cardOf = ({ body, actions = [], refresh }: Drawing): Card => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  body,
  ...(actions.length > 0 && { actions }),
  ...(refresh && { refresh }),
  msteams: { width: 'Full' },
});

/** Text of a card. What a card would compute in it (`{{DATE(…)}}`) is shown as it is. */
export const run = (text: string, style: Omit<Run, 'type' | 'text'> = {}): Run => ({
  type: 'TextRun',
  text: text.replace(/\{(?=\{)/g, '{ '),
  ...style,
});

export const textOf = (inlines: readonly Run[], spacing?: Spacing): Text => ({
  type: 'RichTextBlock',
  inlines,
  ...(spacing && { spacing }),
});

/**
 * Teams names no limit of an address, but a card's bytes are few, and what is longer is cut on the way by clients and
 * systems: such a one leads to the page alone.
 */
const MOST_URL = 2_000;

/** None where the address is too long all the same. */
export function openActions(title: string, address: string): readonly Open[] {
  const url = urlWithin(address, MOST_URL);
  return url === undefined ? [] : [{ type: 'Action.OpenUrl', title, url }];
}
