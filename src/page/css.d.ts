/** The build takes styles from the parts that import them. */
declare module '*.css';
