import { useState } from 'preact/hooks';

/** Something that a person does, once at a time, and why it did not work. */
export interface Action {
  readonly run: () => void;
  readonly isBusy: boolean;
  readonly error: unknown;
}

export function useAction(act: () => Promise<void>): Action {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isBusy: false, error: undefined });
  const run = () => {
    if (state.isBusy) return;
    setState({ isBusy: true, error: undefined });
    act().then(
      () => {
        setState({ isBusy: false, error: undefined });
      },
      (error: unknown) => {
        setState({ isBusy: false, error });
      },
    );
  };
  return { run, ...state };
}
