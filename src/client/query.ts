type Value = string | number | readonly (string | number)[] | undefined;

/** Adds what is given to a path; a list repeats its parameter. */
export function withQuery(path: string, query: Readonly<Record<string, Value>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) if (each !== undefined) given.append(name, String(each));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}
