import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Where what has the focus goes away, the focus stays in its place: nobody begins at the top of the page again. */
export function useKeptFocus(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const within = main.current;
    if (!within) return undefined;
    // What has the focus, and all that it stands in, the nearest first.
    let places: readonly HTMLElement[] = [];
    const remember = () => {
      places = placesOf(document.activeElement, within);
    };
    const keep = () => {
      const [last] = places;
      if (!last || last.isConnected || document.activeElement !== document.body) return;
      const near = places.find((place) => place.isConnected);
      if (near?.hasAttribute('tabindex') === false) near.tabIndex = -1;
      near?.focus({ preventScroll: true });
    };
    within.addEventListener('focusin', remember);
    const watching = new MutationObserver(keep);
    watching.observe(within, { childList: true, subtree: true });
    return () => {
      within.removeEventListener('focusin', remember);
      watching.disconnect();
    };
  }, [main]);
}

function placesOf(focused: Element | null, within: HTMLElement): readonly HTMLElement[] {
  if (!(focused instanceof HTMLElement) || !within.contains(focused)) return [];
  return focused === within ? [within] : [focused, ...placesOf(focused.parentElement, within)];
}
