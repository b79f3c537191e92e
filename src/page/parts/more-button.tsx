import type { ComponentChildren } from 'preact';
import type { Pages } from '../use/use-pages.ts';
import { ActionButton } from './action-button.tsx';

interface Props {
  readonly isAsking: boolean;
  readonly more?: Pages<unknown>['more'] | undefined;
  /** What is said once it is read. */
  readonly children?: ComponentChildren;
}

/** What stands below a list: a button for more of it, and that it is read. */
export const MoreButton = ({ isAsking, more, children }: Props) => (
  <>
    {more && <ActionButton action={{ run: more, isBusy: isAsking }}>More</ActionButton>}
    <span class="quiet" role="status">
      {isAsking ? 'Reading …' : children}
    </span>
  </>
);
