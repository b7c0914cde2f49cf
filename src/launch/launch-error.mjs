/** A failure that the person at the keyboard can mend: `message` is one sentence with the fix, shown without a stack. */
export class LaunchError extends Error {}
