import { useEffect, useState } from 'preact/hooks';

/** The time, each second, while it is wanted. */
export function useNow(isWanted: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!isWanted) return undefined;
    const ticking = setInterval(() => {
      if (!document.hidden) setNow(new Date());
    }, 1000);
    return () => {
      clearInterval(ticking);
    };
  }, [isWanted]);
  return now;
}
