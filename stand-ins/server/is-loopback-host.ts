const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Whether a URL's `hostname` is this machine, by name or by address. */
export const isLoopbackHost = (hostname: string): boolean => loopback.test(hostname);
