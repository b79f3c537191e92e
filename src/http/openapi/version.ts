/** Of the app and of its API; a test holds it to package.json. */
export const version = '0.1.0';
