import { useEffect, useState } from 'preact/hooks';
import { readRoute, type Route } from '../route.ts';

/** What the address bar asks for now. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('hashchange', read);
    };
  }, []);
  return readRoute(hash);
}
