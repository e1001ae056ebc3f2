// pg's own conversion of values to wire text; exported by the package, left out of its types.
declare module 'pg/lib/utils.js' {
  export const prepareValue: (value: unknown) => unknown;
}
