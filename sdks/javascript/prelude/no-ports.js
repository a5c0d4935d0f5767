// Takes the place of ports.js where an app's code does not name MessageChannel.
export {};
