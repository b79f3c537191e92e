/** Does the work for each item, for so many at the same time. The first error ends it, once what was begun is over. */
export async function atOnce<T>(most: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const take = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  const ends = await Promise.allSettled(Array.from({ length: most }, take));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
