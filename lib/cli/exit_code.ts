/** The exit statuses of the program; the README lists them. */

/** What the program was asked to do is done, or it was asked to stop and did. */
export const SUCCESS = 0;
/** It could not be done; standard error says what stopped it. */
export const FAILURE = 1;
/** The command line is wrong; nothing was started. */
export const USAGE = 2;
/** Interrupted before it was done: 128 and the number of SIGINT, as shells report it. */
export const INTERRUPTED = 130;
