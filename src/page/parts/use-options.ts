import { useState } from 'preact/hooks';
import type { Option } from './option.ts';

interface Options {
  readonly isShown: boolean;
  /** Index of the option that Enter takes. */
  readonly marked: number | undefined;
  readonly type: (value: string) => void;
  readonly take: (option: Option) => void;
  readonly close: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const NONE = -1;

/**
 * Options below a field: Down and Up go through them, Enter takes the one that is marked, Escape closes them. What is typed
 * stays what is typed until then.
 */
export function useOptions(options: readonly Option[], onInput: (value: string) => void): Options {
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(NONE);
  const isShown = isOpen && options.length > 0;
  // There can be fewer than before.
  const marked = Math.min(at, options.length - 1);

  const close = () => {
    setOpen(false);
    setAt(NONE);
  };
  const enter = (value: string, isGoingOn: boolean) => {
    setAt(NONE);
    setOpen(isGoingOn);
    onInput(value);
  };
  // Where there is more to write, there is more to suggest.
  const take = ({ value }: Option) => {
    enter(value, value.endsWith(' '));
  };
  const move = (step: 1 | -1) => {
    setOpen(true);
    setAt(isShown ? moved(marked, step, options.length) : step === 1 ? 0 : options.length - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const option = isShown ? options[marked] : undefined;
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && option) take(option);
    else if (event.key === 'Escape' && isShown) close();
    else return;
    event.preventDefault();
  };
  return {
    ...{ isShown, take, close, onKeyDown },
    marked: isShown && marked !== NONE ? marked : undefined,
    type: (value) => {
      enter(value, true);
    },
  };
}

/** Between the last and the first stands what was typed. */
const moved = (at: number, step: number, count: number): number => ((at + 1 + step + count + 1) % (count + 1)) - 1;
