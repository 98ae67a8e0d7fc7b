/** What every object of JavaScript has without having been given it: names that are ordinary words to everybody else. */
export const prototypeNames: readonly string[] = [
  ...new Set([
    ...Object.getOwnPropertyNames(Object.prototype),
    ...Object.getOwnPropertyNames(Array.prototype),
    ...Object.getOwnPropertyNames(Function.prototype),
    'prototype',
    'toJSON',
    'then',
    'length',
  ]),
];
