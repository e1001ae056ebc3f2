/** The codes of the errors that a module exports: of the kit, those that need no declaration. */
export const generalCodes = (module: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(
    Object.values(module).flatMap((value) =>
      typeof value === 'function' && 'code' in value && typeof value.code === 'string' && 'status' in value ? [value.code] : [],
    ),
  );
