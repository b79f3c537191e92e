import { useEffect } from 'preact/hooks';

const NAME = document.title;

/** What the tab is called while a view is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? NAME : `${title} · ${NAME}`;
    return () => {
      document.title = NAME;
    };
  }, [title]);
}
