// Takes the place of URLPattern where an app's code does not name it.
export const URLPattern = undefined;
