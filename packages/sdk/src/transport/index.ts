/** Door `@latchkey/sdk/transport`: the wire over a given `fetch`. */
export {};
