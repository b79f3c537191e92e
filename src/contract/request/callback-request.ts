import { z } from 'zod';

const MAX_URL = 2048;

/** Where to tell of an end. The URL is a secret; whether it may be called is for the policy to say. */
export const callbackRequestSchema = z.strictObject(
  {
    url: z
      .string('Give a URL, https://host/path.')
      .max(MAX_URL, `Give a URL of at most ${MAX_URL} characters.`)
      .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), { error: 'Give a URL, https://host/path.' }),
  },
  'Give an object: {"url": "https://…"}.',
);
export type CallbackRequest = z.infer<typeof callbackRequestSchema>;
