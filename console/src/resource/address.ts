/** Where a path of the API (below `/api/v1`) has its page: for `Link` and `navigate`. */
export const pageOf = (path: string) => ({ to: '/r/$', params: { _splat: path.slice(1) } }) as const;
