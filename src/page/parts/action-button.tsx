import type { ComponentChildren } from 'preact';
import type { Action } from '../use/use-action.ts';

interface Props {
  readonly action: Pick<Action, 'isBusy'> & Partial<Pick<Action, 'run'>>;
  /** What stands there meanwhile. */
  readonly busy?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Does something at a click; without `run` it sends its form. Unlike one that is disabled it keeps the focus while it is busy. */
export const ActionButton = ({ action: { run, isBusy }, busy, class: classes, children }: Props) => (
  <button
    type={run ? 'button' : 'submit'}
    class={classes}
    aria-disabled={isBusy}
    onClick={
      run &&
      (() => {
        run();
      })
    }
  >
    {isBusy && busy !== undefined ? busy : children}
  </button>
);
