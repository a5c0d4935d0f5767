/** The types of what exists in a component, and of nothing else. */
/// <reference path="./isospin.d.ts" />
/// <reference path="./fetch.d.ts" />
/// <reference path="./streams.d.ts" />
/// <reference path="./events.d.ts" />
/// <reference path="./url.d.ts" />
/// <reference path="./globals.d.ts" />
/// <reference path="./crypto.d.ts" />
