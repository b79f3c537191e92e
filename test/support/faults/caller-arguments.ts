/** Arguments of node with which every call that a process makes by `fetch` says, in a header, which process made it. */
export function callerArguments(name: string): string[] {
  const preload = `
    const real = globalThis.fetch;
    globalThis.fetch = (resource, init) => {
      const headers = new Headers(init?.headers ?? (resource instanceof Request ? resource.headers : undefined));
      headers.set('x-caller', ${JSON.stringify(name)});
      return real(resource, { ...init, headers });
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}
